"""What spaces are called: after their owner, their school, or their school and its subject; also when one of these gets
another name."""

from django.db import transaction
from django.db.models import QuerySet

from cms.spaces.models import Space
from cms.spaces.signals import spaces_renamed

AT_ONCE = 500  # rows of one statement


def name_of(space: Space) -> str:
    """Content: the same whatever language its first visitor reads."""
    if space.owner is not None:
        return f"{space.owner.name}的空间"
    return "".join(row.name for row in (space.organisation, space.subject) if row is not None) + "空间"


@transaction.atomic(savepoint=False)
def follow_names(spaces: "QuerySet[Space]") -> None:
    """These spaces are called as it is said today. Sends spaces_renamed for those that were called otherwise."""
    # Rows that point here (interests, adoptions) may be written meanwhile. What the names are made of is read only
    # then: of two renames at once the second sees the first.
    held = spaces.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True)
    stale = []
    keys = list(held)
    for start in range(0, len(keys), AT_ONCE):
        named = Space.objects.filter(pk__in=keys[start : start + AT_ONCE]).select_related(
            "owner", "organisation", "subject"
        )
        stale += [space for space in named.order_by("pk") if space.name != name_of(space)]
    for space in stale:
        space.name = name_of(space)
    Space.objects.bulk_update(stale, ["name"], batch_size=AT_ONCE)
    if stale:
        spaces_renamed.send(sender=Space, spaces=[space.pk for space in stale if space.owner is None])
