"""No spreadsheet was ever read: the reader refused what was not called .xlsx, and the worker's copy is called nothing.
They are read when their works are indexed again."""

from django.db import migrations

REFUSED = "openpyxl does not support"


def forget_refused(apps, schema_editor):
    apps.get_model("texts", "FileText").objects.filter(state="unreadable", reason__contains=REFUSED).delete()


class Migration(migrations.Migration):
    dependencies = [("texts", "0001_initial")]

    operations = [migrations.RunPython(forget_refused, migrations.RunPython.noop)]
