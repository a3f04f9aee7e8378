"""Spaces are called after their owner, school and subject as these are called today: names stood as they were on the day
the space was opened."""

from django.db import migrations, models

AT_ONCE = 2_000  # rows
INDEX = "search.index"  # documents of schools' and subjects' spaces hold the name


def name_again(apps, schema_editor):
    Space, Message = apps.get_model("spaces", "Space"), apps.get_model("outbox", "Message")
    spaces = Space.objects.exclude(kind="studio").order_by("pk").select_related("owner", "organisation", "subject")
    last = 0
    while batch := list(spaces.filter(pk__gt=last)[:AT_ONCE]):
        stale = []
        for space in batch:
            if space.kind == "personal":
                name = f"{space.owner.name}的空间"
            else:
                name = f"{space.organisation.name}{space.subject.name if space.subject else ''}空间"
            if space.name != name:
                space.name = name
                stale.append(space)
        Space.objects.bulk_update(stale, ["name"], batch_size=500)
        Message.objects.bulk_create(
            Message(topic=INDEX, ref=f"space:{space.pk}") for space in stale if space.kind != "personal"
        )
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("spaces", "0013_spaces_of_pupils_who_left"),
        ("outbox", "0002_oldest_waiting"),
        ("organisations", "0001_initial"),
        ("people", "0003_findable_people"),
        ("taxonomy", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="space", name="name", field=models.CharField(max_length=200, verbose_name="名称")
        ),
        migrations.RunPython(name_again, migrations.RunPython.noop),
    ]
