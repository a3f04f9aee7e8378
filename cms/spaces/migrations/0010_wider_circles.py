"""Deliveries know until when their circle grew: a work shared with a school, and later with its county, is new there."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F


def as_before(apps, schema_editor):
    apps.get_model("spaces", "Delivery").objects.update(widened_at=F("at"))


class Migration(migrations.Migration):
    dependencies = [
        ("spaces", "0009_digest_until"),
        ("library", "0003_grant_once_on_both_databases"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="widened_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunPython(as_before, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="delivery", name="delivery_by_token"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["token", "-widened_at"], name="delivery_by_token"),
        ),
        migrations.CreateModel(
            name="Reach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="library.work"
                    ),
                ),
            ],
            options={
                "verbose_name": "推送范围",
                "verbose_name_plural": "推送范围",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("organisation__isnull", False)),
                        fields=("work", "organisation"),
                        name="reach_once_per_organisation",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("organisation__isnull", True)),
                        fields=("work",),
                        name="reach_once_for_visitors",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "INSERT INTO spaces_reach (work_id, organisation_id, since) "
            "SELECT work_id, organisation_id, granted_at FROM library_grant",
            migrations.RunSQL.noop,
        ),
    ]
