"""Shelves and records of recommendations keep the title that a work had then."""

from django.db import migrations, models
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast, Coalesce, Left


def fill_in(apps, schema_editor):
    """What was adopted was sealed; what was recommended is called as it was last published before."""
    adopted = apps.get_model("sharing", "Adoption").objects.filter(work=OuterRef("work"), space=OuterRef("space"))
    sealed = adopted.filter(version=OuterRef("version")).order_by("-pk").values("seal__revision__object_str")[:1]
    apps.get_model("spaces", "ShelfItem").objects.filter(title="").update(
        title=Left(Coalesce(Subquery(sealed), Subquery(_now(apps))), 120, output_field=CharField())
    )
    published = (
        apps.get_model("wagtailcore", "ModelLogEntry")
        .objects.filter(
            content_type__app_label="library",
            action="wagtail.publish",
            object_id=Cast(OuterRef("work"), CharField()),
            timestamp__lte=OuterRef("at"),
        )
        .order_by("-timestamp")
        .values("label")[:1]
    )
    apps.get_model("sharing", "Recommendation").objects.filter(title="").update(
        title=Left(Coalesce(Subquery(published), Subquery(_now(apps))), 120, output_field=CharField())
    )


def _now(apps):
    return apps.get_model("library", "Work").objects.filter(pk=OuterRef("work")).values("title")


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0004_files_in_order"),
        ("sharing", "0002_recommendations"),
        ("spaces", "0019_shelf_titles"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.AddField(
            model_name="recommendation",
            name="title",
            field=models.CharField(default="", max_length=120, verbose_name="推荐时的标题"),
            preserve_default=False,
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
