"""Who follows a person's own space follows the person: the interface had written the space, beside the person."""

from django.db import migrations


def follow_people(apps, schema_editor):
    Follow = apps.get_model("spaces", "Follow")
    rows = Follow.objects.filter(followed__kind="personal").select_related("space", "followed").order_by("pk")
    for row in rows.iterator(chunk_size=1_000):
        author = row.followed.owner_id
        if row.space.owner_id == author or Follow.objects.filter(space=row.space_id, author=author).exists():
            row.delete()
        else:
            Follow.objects.filter(pk=row.pk).update(author=author, followed=None)


class Migration(migrations.Migration):
    dependencies = [("spaces", "0015_interests_taken_up")]

    operations = [migrations.RunPython(follow_people, migrations.RunPython.noop)]
