"""Interests that nobody has any more are noted one day and deleted, with their deliveries, another.

Between the two lies longer than any transaction lasts: who takes up an interest that is noted clears the note, and who
took it up before stands in the database when it is looked at again. So none is deleted under somebody's hands.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cms.spaces.models import Delivery, Interest, SpaceInterest
from cms.spaces.tokens import interest as token_of

KEPT = timedelta(days=1)
MOST_AT_ONCE = 200


@transaction.atomic
def note_unwanted(*, held: Q) -> None:
    """Each interest says whether anybody has it: a space does, or `held` is true of it."""
    wanted = _wanted(held)
    Interest.objects.filter(wanted, unwanted_since__isnull=False).update(unwanted_since=None)
    Interest.objects.filter(~wanted, unwanted_since__isnull=True).update(unwanted_since=timezone.now())


@transaction.atomic
def forget_unwanted(*, held: Q) -> list[int]:
    """Delete interests that nobody has had for KEPT, at most MOST_AT_ONCE, and what was delivered to them; returns
    their ids."""
    long_ago = Q(unwanted_since__lt=timezone.now() - KEPT)
    noted = Interest.objects.filter(long_ago, ~_wanted(held)).order_by("pk")[:MOST_AT_ONCE]
    # Whoever wants one again waits for this and finds it gone, or has cleared the note before and it is left alone.
    rows = Interest.objects.select_for_update(of=("self",)).filter(
        long_ago, pk__in=list(noted.values_list("pk", flat=True))
    )
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    Delivery.objects.filter(token__in=[token_of(pk) for pk in ids]).delete()
    Interest.objects.filter(pk__in=ids).delete()
    return ids


def want_again(interest: Interest) -> bool:
    """It stays; False when it is gone."""
    return bool(Interest.objects.filter(pk=interest.pk).update(unwanted_since=None))


def _wanted(held: Q) -> Q:
    return held | Q(Exists(SpaceInterest.objects.filter(interest=OuterRef("pk"))))
