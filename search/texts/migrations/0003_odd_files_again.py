from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("texts", "0002_spreadsheets_again")]

    operations = [
        migrations.AlterField(
            model_name="filetext", name="edition", field=models.PositiveSmallIntegerField(default=2)
        ),
    ]
