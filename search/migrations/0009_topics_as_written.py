"""Topics among the suggestions are shown as they are written: a worker writes them anew."""

from django.db import migrations


def anew(apps, schema_editor):
    apps.get_model("search", "LexiconVersion").objects.update(suggested=0)


class Migration(migrations.Migration):
    dependencies = [("search", "0008_second_synonyms")]

    operations = [migrations.RunPython(anew, migrations.RunPython.noop)]
