from django.db import migrations, models


class Migration(migrations.Migration):
    """SQLite took the index of every state for what it asks of a few works, too: a search page read all the published
    submissions there are, 240 ms at a million."""

    dependencies = [("review", "0006_submissions_by_state")]

    operations = [
        migrations.RemoveIndex(model_name="submission", name="submission_by_state"),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                fields=["due_at"], condition=models.Q(("closed_at__isnull", True)), name="submission_not_closed"
            ),
        ),
    ]
