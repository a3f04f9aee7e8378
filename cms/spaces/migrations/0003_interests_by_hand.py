"""Interests tell whether they follow the teaching profile or were chosen by hand."""

import django.db.models.deletion
from django.db import migrations, models


def tell_them_apart(apps, schema_editor):
    """What is not in the profile of the space's owner was chosen by hand."""
    SpaceInterest = apps.get_model("spaces", "SpaceInterest")
    TeachingProfile = apps.get_model("people", "TeachingProfile")
    profiles = {profile.user_id: profile for profile in TeachingProfile.objects.prefetch_related("grades")}
    chosen = []
    for row in SpaceInterest.objects.select_related("space", "interest").iterator():
        profile, interest = profiles.get(row.space.owner_id), row.interest
        same = profile is not None and row.space.kind == "personal" and all(
            getattr(interest, name) == getattr(profile, name) for name in ("stage_id", "subject_id", "edition_id")
        )
        grades = {grade.pk for grade in profile.grades.all()} or {None} if same else set()
        if interest.grade_id not in grades:
            chosen.append(row.pk)
    for start in range(0, len(chosen), 500):
        SpaceInterest.objects.filter(pk__in=chosen[start : start + 500]).update(by_hand=True)


class Migration(migrations.Migration):
    dependencies = [("spaces", "0002_private_spaces"), ("people", "0002_first_password_and_roster_draft")]

    operations = [
        # The table is the one that Django made for the plain relation: only the state learns of it.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="SpaceInterest",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("interest", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="spaces.interest")),
                        ("space", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="spaces.space")),
                    ],
                    options={"db_table": "spaces_space_interests", "unique_together": {("space", "interest")}},
                ),
                migrations.AlterField(
                    model_name="space",
                    name="interests",
                    field=models.ManyToManyField(blank=True, related_name="spaces", through="spaces.SpaceInterest", to="spaces.interest", verbose_name="关注的内容"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="spaceinterest",
            name="by_hand",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(tell_them_apart, migrations.RunPython.noop, elidable=True),
    ]
