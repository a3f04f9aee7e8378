"""Interests can want what a saved search narrows, and know the key they are filed under."""

import django.db.models.deletion
from django.db import migrations, models

from cms.spaces.profiles import Profile

COLUMNS = ("stage", "subject", "grade", "edition")


def file_them(apps, schema_editor):
    """Every interest gets the digest and the key of what it wants."""
    Interest = apps.get_model("spaces", "Interest")
    for row in Interest.objects.order_by("pk").iterator():
        facets = {name: [str(getattr(row, f"{name}_id"))] for name in COLUMNS if getattr(row, f"{name}_id")}
        profile = Profile(facets=facets)
        Interest.objects.filter(pk=row.pk).update(digest=profile.digest, key=profile.key)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial"), ("spaces", "0003_interests_by_hand")]

    operations = [
        migrations.RemoveIndex(model_name="interest", name="interest_by_facets"),
        migrations.AddField(
            model_name="interest", name="filters", field=models.JSONField(blank=True, default=dict)
        ),
        migrations.AddField(model_name="interest", name="words", field=models.JSONField(blank=True, default=list)),
        migrations.AddField(
            model_name="interest",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                help_text="及其下级机构",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="key",
            field=models.CharField(db_index=True, default="", editable=False, max_length=200),
            preserve_default=False,
        ),
        migrations.RunPython(file_them, migrations.RunPython.noop, elidable=True),
    ]
