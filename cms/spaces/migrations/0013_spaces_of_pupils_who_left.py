"""The spaces of people who never were anything but pupils or parents are theirs alone, also when they have left: the end
of their last membership had opened them."""

from django.db import migrations
from django.db.models import Exists, OuterRef

THEIRS_ALONE = ("pupil", "parent")


def close(apps, schema_editor):
    held = apps.get_model("people", "Membership").objects.filter(user=OuterRef("owner"))
    opened = apps.get_model("spaces", "Space").objects.filter(kind="personal", is_private=False)
    left = opened.filter(Exists(held)).exclude(Exists(held.exclude(role__in=THEIRS_ALONE)))
    left.update(is_private=True)


class Migration(migrations.Migration):
    dependencies = [("spaces", "0012_interests_by_squeezed_word"), ("people", "0003_findable_people")]

    operations = [migrations.RunPython(close, migrations.RunPython.noop)]
