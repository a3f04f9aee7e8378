"""What somebody learns keeps the title that the course had when they last saw it."""

from django.db import migrations, models
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast, Coalesce, Left


def fill_in(apps, schema_editor):
    """The course was called as it was last published before."""
    published = (
        apps.get_model("wagtailcore", "ModelLogEntry")
        .objects.filter(
            content_type__app_label="library",
            action="wagtail.publish",
            object_id=Cast(OuterRef("course"), CharField()),
            timestamp__lte=OuterRef("last_seen_at"),
        )
        .order_by("-timestamp")
        .values("label")[:1]
    )
    now = apps.get_model("library", "Work").objects.filter(pk=OuterRef("course")).values("title")
    apps.get_model("learning", "Enrolment").objects.filter(title="").update(
        title=Left(Coalesce(Subquery(published), Subquery(now)), 120, output_field=CharField())
    )


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0003_initial"),
        ("library", "0004_files_in_order"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="title",
            field=models.CharField(default="", max_length=120, verbose_name="课程标题"),
            preserve_default=False,
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
