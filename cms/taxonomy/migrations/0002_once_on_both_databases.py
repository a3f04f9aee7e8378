"""SQLite never made the constraints of 0001 (it has no "nulls not distinct"): each becomes two that both databases make."""

from collections import Counter

from django.db import migrations, models

TABLES = {
    "Textbook": ("title", ("stage_id", "subject_id", "edition_id", "grade_id", "volume")),
    "Chapter": ("name", ("textbook_id", "parent_id")),
}


def rename_twins(apps, schema_editor):
    """A second row of the same name is numbered: works may be filed under either, so neither can go."""
    for name, (named, within) in TABLES.items():
        model = apps.get_model("taxonomy", name)
        seen = Counter()
        for pk, word, *place in model.objects.order_by("pk").values_list("pk", named, *within):
            seen[(word, *place)] += 1
            if seen[(word, *place)] > 1:
                number = f"（{pk}）"
                model.objects.filter(pk=pk).update(**{named: word[: 150 - len(number)] + number})


class Migration(migrations.Migration):

    dependencies = [
        ('taxonomy', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(rename_twins, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(
            model_name='chapter',
            name='chapter_once',
        ),
        migrations.RemoveConstraint(
            model_name='textbook',
            name='textbook_once',
        ),
        migrations.AddConstraint(
            model_name='chapter',
            constraint=models.UniqueConstraint(condition=models.Q(('parent__isnull', False)), fields=('textbook', 'parent', 'name'), name='chapter_once_under_parent', violation_error_message='这本教材的同一处已经有同名的章节，请换一个名称。'),
        ),
        migrations.AddConstraint(
            model_name='chapter',
            constraint=models.UniqueConstraint(condition=models.Q(('parent__isnull', True)), fields=('textbook', 'name'), name='chapter_once_at_top', violation_error_message='这本教材的同一处已经有同名的章节，请换一个名称。'),
        ),
        migrations.AddConstraint(
            model_name='textbook',
            constraint=models.UniqueConstraint(condition=models.Q(('grade__isnull', False)), fields=('stage', 'subject', 'edition', 'grade', 'volume', 'title'), name='textbook_once_in_grade', violation_error_message='这个学段、学科、版本和年级已经有同名同册的教材，不用再加。'),
        ),
        migrations.AddConstraint(
            model_name='textbook',
            constraint=models.UniqueConstraint(condition=models.Q(('grade__isnull', True)), fields=('stage', 'subject', 'edition', 'volume', 'title'), name='textbook_once_without_grade', violation_error_message='这个学段、学科、版本和年级已经有同名同册的教材，不用再加。'),
        ),
    ]
