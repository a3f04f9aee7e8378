"""Synonyms that came later, for an installation that began without them; what its editors say of a word stays."""

from django.db import migrations

from search.understanding.synonyms import SECOND, added


def add(apps, schema_editor):
    synonym = apps.get_model("search", "Synonym")
    fresh = added(SECOND, synonym.objects.values_list("words", flat=True))
    synonym.objects.bulk_create(synonym(words="，".join(group)) for group in fresh)


class Migration(migrations.Migration):
    dependencies = [("search", "0007_every_title_suggested")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
