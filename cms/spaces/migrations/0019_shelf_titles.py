"""What was adopted keeps its title; the room that knows which version it was fills it in (sharing, 0003)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spaces", "0018_marks_seen")]

    operations = [
        migrations.AddField(
            model_name="shelfitem",
            name="title",
            field=models.CharField(default="", max_length=120, verbose_name="选用时的标题"),
            preserve_default=False,
        ),
    ]
