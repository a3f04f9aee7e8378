"""How many came into an inbox and were not shown there yet: for one's own page, and for the header of every page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.timezone import localtime

from cms.library import rules as library_rules
from cms.library.models import Work
from cms.people.by_standing import ComposedByStanding
from cms.people.header import up_to
from cms.people.models import User
from cms.spaces.audiences import of_person
from cms.spaces.enums import DeliveryReason, SpaceKind
from cms.spaces.inbox import InboxItem, delivered_since
from cms.spaces.models import Delivery, Mark, Space
from cms.spaces.reaching import reached_at
from cms.spaces.tokens import rows_of_tokens

MOST_UNSEEN = 99
"""More are not counted."""
NEWS_LASTS = timedelta(days=30)
"""What is older is found in the inbox, and nothing new."""


def unseen_count(space: Space, user: User) -> int:
    """How many that meet interests and follows, or are recommended, came and were not shown yet; one more than
    MOST_UNSEEN when they are more."""
    return delivered_since(space, user, new_since(space))[: MOST_UNSEEN + 1].count()


def said(number: int) -> str:
    """What `unseen_count` counted, as a person reads it; empty for none."""
    return up_to(number, MOST_UNSEEN)


def new_since(space: Space) -> datetime:
    """What came later is new in the inbox of this space."""
    return max(filter(None, [space.inbox_seen_at, first_day()]))


def is_unseen(item: InboxItem, since: datetime) -> bool:
    """Whether `unseen_count` counts it; `since` as `new_since` says."""
    return item.fits and item.at > max(since, item.seen_at or since)


def first_day() -> datetime:
    """Of news; its beginning, so that a statement holds for a day."""
    return localtime().replace(hour=0, minute=0, second=0, microsecond=0) - NEWS_LASTS


def unseen_in_own_space(user: User) -> int:
    """The same for the personal space, in one query however much was delivered to others. 0 without a space.
    Every page of the site asks it."""
    return len(_UNSEEN.rows(user, (), first_day()))


def _unseen(user: User, _keys: Sequence[int], day: datetime) -> "QuerySet[Any, Any]":
    """Ids of works, at most one more than MOST_UNSEEN. The tokens of the space are looked up in the index of
    deliveries."""
    mine = {"space__owner": user.pk, "space__kind": SpaceKind.PERSONAL}
    own = Space.objects.filter(owner=user.pk, kind=SpaceKind.PERSONAL)
    first = Value(day)
    seen = Greatest(Coalesce(Subquery(own.values("inbox_seen_at")[:1]), first), first)
    mine_are = Delivery.objects.filter(token__in=rows_of_tokens(of_person(user), **mine))
    marked = Mark.objects.filter(work=OuterRef("work"), space__in=own.values("pk"))
    shown = Coalesce(Subquery(marked.values("seen_at")[:1]), first)
    recommended = Q(reason=DeliveryReason.RECOMMENDED)
    by_then = Q(at__lte=seen) | Q(at__lte=OuterRef("shown"))
    known = mine_are.filter(by_then, ~recommended, work=OuterRef("work"))  # by another row
    may_be_new = mine_are.filter(widened_at__gt=seen).annotate(reached=reached_at(user), shown=shown)
    came = may_be_new.filter(
        recommended
        | Q(reached__gt=seen) & Q(reached__gt=F("shown"))
        | Q(at__gt=seen) & Q(at__gt=F("shown")) & ~Q(Exists(known)),
        widened_at__gt=F("shown"),
    )
    hidden = Mark.objects.filter(work=OuterRef("pk"), hidden_at__isnull=False, **mine)
    works = Work.objects.filter(library_rules.as_q(user, "view"), pk__in=came.values("work"))
    return works.exclude(owner=user.pk).exclude(Exists(hidden)).order_by().values_list("pk")[: MOST_UNSEEN + 1]


_UNSEEN = ComposedByStanding(_unseen)
