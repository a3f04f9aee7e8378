"""An interest is filed by its longest word and one more facet too; the index holds all that a work asks first."""

from django.db import migrations, models

from cms.spaces.profiles import Profile

AT_ONCE = 2_000  # rows


def file_each(apps, schema_editor):
    """Those without words and filters have nothing more to file: the teaching profiles, most of all. `bulk_update` would
    take a minute for a hundred thousand."""
    Interest = apps.get_model("spaces", "Interest")
    asked = Interest.objects.exclude(pair="", filters={}).order_by("pk").values_list("pk", "filters", "words")
    last = 0
    while batch := list(asked.filter(pk__gt=last)[:AT_ONCE]):
        profiles = [(pk, Profile(facets=filters, words=words)) for pk, filters, words in batch]
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {Interest._meta.db_table} SET word = %s, facet = %s WHERE id = %s",
                [(profile.word, profile.facet, pk) for pk, profile in profiles],
            )
        last = batch[-1][0]


class Migration(migrations.Migration):
    dependencies = [("spaces", "0007_searches_of_facets_alone")]

    operations = [
        migrations.AddField(
            model_name="interest",
            name="word",
            field=models.CharField(default="", editable=False, max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="interest",
            name="facet",
            field=models.CharField(default="", editable=False, max_length=50),
            preserve_default=False,
        ),
        migrations.RunPython(file_each, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="interest",
            index=models.Index(fields=["pair", "key", "facet", "word", "id"], name="interest_by_word_or_key"),
        ),
        migrations.RemoveIndex(model_name="interest", name="interest_by_filing"),
    ]
