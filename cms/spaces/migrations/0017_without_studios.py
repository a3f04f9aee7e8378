"""Studios, and a stage of a space, could be written nowhere: nothing has either."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("spaces", "0016_people_for_their_spaces"),
    ]

    operations = [
        migrations.RemoveField(model_name="space", name="stage"),
        migrations.AlterField(
            model_name="space",
            name="kind",
            field=models.CharField(
                choices=[("personal", "个人空间"), ("school", "学校空间"), ("subject", "学科空间")],
                max_length=16,
                verbose_name="类型",
            ),
        ),
        migrations.AlterField(
            model_name="space",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                help_text="个人空间的主人。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="spaces",
                to=settings.AUTH_USER_MODEL,
                verbose_name="主人",
            ),
        ),
    ]
