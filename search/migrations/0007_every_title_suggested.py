from django.db import migrations, models


def forget_authors(apps, schema_editor):
    """Before 0006 is taken back: names of people would stand there as topics. Here, for PostgreSQL alters no table from
    which rows were deleted in the same transaction. A worker fills in the topics anew."""
    apps.get_model("search", "Phrase").objects.filter(author__isnull=False).delete()
    apps.get_model("search", "LexiconVersion").objects.update(suggested=0)


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0006_where_suggestions_lead'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, forget_authors),
        migrations.AddField(
            model_name='lexiconversion',
            name='titled',
            field=models.BooleanField(default=False),
        ),
    ]
