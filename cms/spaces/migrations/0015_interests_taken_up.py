"""Whether an interest has been owed what was shared before it. Of those that stand, each has: none is made but to be taken
up at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spaces", "0014_names_of_today")]

    operations = [
        migrations.AddField(
            model_name="interest", name="taken_up", field=models.BooleanField(default=True, editable=False)
        ),
        migrations.AlterField(
            model_name="interest", name="taken_up", field=models.BooleanField(default=False, editable=False)
        ),
    ]
