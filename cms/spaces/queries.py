"""Reads of spaces: inbox, shelf, what is new."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, Min, OuterRef, QuerySet
from django.http import Http404

from cms.library import rules as library_rules
from cms.library.models import Work
from cms.library.queries import for_cards
from cms.people.models import User
from cms.people.queries import Anybody
from cms.spaces import rules
from cms.spaces.enums import DeliveryReason
from cms.spaces.models import Delivery, Mark, ShelfItem, Space
from cms.spaces.tokens import tokens_of

MOST_UNSEEN = 99


@dataclass(frozen=True)
class InboxItem:
    """A delivered work: why and when it came, and whether this space has opened it."""

    work: Work
    reason: DeliveryReason
    at: datetime
    opened: bool


def personal_space(user: User) -> Space | None:
    return Space.objects.filter(owner=user, kind="personal").first()


def get_space(user: Anybody, uuid: UUID | str, action: str = "view") -> Space:
    """The space, when `user` may do `action` with it; else "not found"."""
    found = (
        Space.objects.filter(rules.as_q(user, action), uuid=uuid)
        .select_related("owner", "organisation", "subject", "stage")
        .first()
    )
    if found is None:
        raise Http404
    return found


def delivered(space: Space, user: User) -> "QuerySet[Any]":
    """Works in the inbox, newest delivery first, each once: what `user` may see, has not written, has not hidden.

    Annotated with `delivered_at` and `delivery_reason`.
    """
    tokens = tokens_of(space, user)
    mine = Delivery.objects.filter(work=OuterRef("pk"), token__in=tokens)
    hidden = Mark.objects.filter(space=space, work=OuterRef("pk"), hidden_at__isnull=False)
    visible = Work.objects.filter(library_rules.as_q(user, "view")).exclude(owner_id=user.pk)
    return (
        visible.filter(Exists(mine))
        .exclude(Exists(hidden))
        .filter(deliveries__token__in=tokens)
        .annotate(delivered_at=Max("deliveries__at"), delivery_reason=Min("deliveries__reason"))
        .order_by("-delivered_at", "-pk")
    )


def inbox(space: Space, user: User, *, offset: int = 0, limit: int = 20) -> list[InboxItem]:
    """One page of the inbox, in a fixed number of queries."""
    page = list(delivered(space, user).values_list("pk", "delivered_at", "delivery_reason")[offset : offset + limit])
    works = for_cards(Work.objects.all()).in_bulk([pk for pk, _at, _reason in page])
    opened = set(
        Mark.objects.filter(space=space, work__in=list(works), opened_at__isnull=False).values_list("work", flat=True)
    )
    return [InboxItem(works[pk], DeliveryReason(reason), at, pk in opened) for pk, at, reason in page if pk in works]


def unseen_count(space: Space, user: User) -> int:
    """How many came since the inbox was last looked at, counted to 99."""
    works = delivered(space, user)
    if space.inbox_seen_at is not None:
        works = works.filter(delivered_at__gt=space.inbox_seen_at)
    return works[:MOST_UNSEEN].count()


def shelf(space: Space) -> "QuerySet[ShelfItem]":
    """What stands on the shelf, newest first, with what cards show."""
    return (
        ShelfItem.objects.filter(space=space, removed_at=None)
        .select_related(
            "work__owner",
            "work__organisation",
            "work__stage",
            "work__subject",
            "work__grade",
            "work__edition",
            "work__chapter",
        )
        .defer("work__body")
        .order_by("-added_at", "-pk")
    )
