"""Which interests a work meets, and which works an interest: one query each, whatever the number of spaces."""

from django.db.models import Q, QuerySet

from cms.library.models import Work
from cms.spaces.models import Interest

FACETS = ("stage", "subject", "grade", "edition")


def meeting(work: Work) -> "QuerySet[Interest]":
    """Interests that the work meets: each facet is the work's own, or any."""
    wanted = Q()
    for name in FACETS:
        value = getattr(work, f"{name}_id")
        any_value = Q(**{f"{name}__isnull": True})
        wanted &= any_value if value is None else any_value | Q(**{f"{name}_id": value})
    return Interest.objects.filter(wanted)


def met_by(interest: Interest) -> Q:
    """The works that meet the interest."""
    wanted = Q()
    for name in FACETS:
        value = getattr(interest, f"{name}_id")
        if value is not None:
            wanted &= Q(**{f"{name}_id": value})
    return wanted
