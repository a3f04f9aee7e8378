"""Deliveries know until when their circle grew: a work shared with a school, and later with its county, is new there."""

import django.utils.timezone
from django.db import migrations, models
from django.db.models import F


def as_before(apps, schema_editor):
    apps.get_model("spaces", "Delivery").objects.update(widened_at=F("at"))


class Migration(migrations.Migration):
    dependencies = [("spaces", "0009_digest_until")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="widened_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunPython(as_before, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="delivery", name="delivery_by_token"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["token", "-widened_at"], name="delivery_by_token"),
        ),
    ]
