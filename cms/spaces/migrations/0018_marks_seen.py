"""Which works were shown in an inbox; what was opened was shown."""

from django.db import migrations, models
from django.db.models import F, Q


def opened_is_seen(apps, schema_editor):
    apps.get_model("spaces", "Mark").objects.filter(opened_at__isnull=False).update(seen_at=F("opened_at"))


class Migration(migrations.Migration):
    dependencies = [("spaces", "0017_without_studios")]

    operations = [
        migrations.AddField(model_name="mark", name="seen_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="mark",
            index=models.Index(
                fields=["space", "-hidden_at"], condition=Q(hidden_at__isnull=False), name="mark_hidden"
            ),
        ),
        migrations.RunPython(opened_is_seen, migrations.RunPython.noop),
    ]
