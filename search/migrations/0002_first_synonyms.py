"""The synonyms an installation begins with; editors change them afterwards."""

from django.db import migrations

from search.understanding.synonyms import STARTERS


def begin(apps, schema_editor):
    synonym = apps.get_model("search", "Synonym")
    if not synonym.objects.exists():
        synonym.objects.bulk_create(synonym(words="，".join(group)) for group in STARTERS)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
