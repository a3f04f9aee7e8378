from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0006_visible_titles"),
        ("organisations", "0001_initial"),
        ("review", "0005_policy_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["state", "due_at"], name="submission_by_state"),
        ),
    ]
