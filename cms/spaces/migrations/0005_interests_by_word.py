"""An interest is filed by its facets and by how its longest word begins."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spaces", "0004_interests_of_saved_searches")]

    operations = [
        migrations.AddField(
            model_name="interest",
            name="pair",
            field=models.CharField(default="", editable=False, max_length=2),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="interest", name="key", field=models.CharField(editable=False, max_length=200)
        ),
        migrations.AddIndex(
            model_name="interest", index=models.Index(fields=["pair", "key"], name="interest_by_filing")
        ),
    ]
