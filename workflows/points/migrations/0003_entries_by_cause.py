from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0006_visible_titles"),
        ("points", "0002_tariff_lines_belong_to_their_version"),
        ("spaces", "0019_shelf_titles"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["cause_type", "cause_id"], name="entry_by_cause"),
        ),
    ]
