"""How far a person has been told of deliveries: until now a digest told of the day before it, and of no more."""

from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone


def as_before(apps, schema_editor):
    told = timezone.now() - timedelta(days=1)
    apps.get_model("spaces", "Space").objects.filter(kind="personal", created_at__lt=told).update(digest_until=told)


class Migration(migrations.Migration):
    dependencies = [("spaces", "0008_interests_by_word_or_key")]

    operations = [
        migrations.AddField(
            model_name="space",
            name="digest_until",
            field=models.DateTimeField(editable=False, null=True, verbose_name="摘要已告知到"),
        ),
        migrations.RunPython(as_before, migrations.RunPython.noop),
    ]
