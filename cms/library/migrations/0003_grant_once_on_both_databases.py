"""SQLite never made the constraint of 0002 (it has no "nulls not distinct"): it becomes two that both databases make."""

from django.db import migrations, models
from django.db.models import Min


def drop_twins(apps, schema_editor):
    """Of two grants to the same organisation the first stays."""
    grants = apps.get_model("library", "Grant").objects
    first = grants.values("work", "organisation").annotate(first=Min("pk")).values_list("first", flat=True)
    grants.exclude(pk__in=list(first)).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0002_initial'),
        ('organisations', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(drop_twins, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(
            model_name='grant',
            name='grant_once',
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(condition=models.Q(('organisation__isnull', False)), fields=('work', 'organisation'), name='grant_once_per_organisation'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(condition=models.Q(('organisation__isnull', True)), fields=('work',), name='grant_once_for_visitors'),
        ),
    ]
