"""What was delivered to a space: which works, since when its reader has each, and why."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext as _

from cms.library import rules as library_rules
from cms.library.models import Work
from cms.library.queries import for_cards
from cms.people.models import User
from cms.spaces.enums import DeliveryReason
from cms.spaces.models import Delivery, Mark, Space
from cms.spaces.reaching import reached_at
from cms.spaces.tokens import tokens_of, tokens_of_tiers
from cms.spaces.wanted import wanted

ALL = Q()
MOST_SAID = 2  # recommendations, or wishes, shown with one work
MOST_PAGED = 1_000
"""So many, the newest, are paged through and counted; what is older is found by search."""
NEWEST = (5, 50, 500)
"""Times as many deliveries as works up to the end of a page are asked first, and next."""


@dataclass(frozen=True)
class Recommendation:
    """西湖区推荐：本周教研推荐"""

    by: str
    words: str

    def __str__(self) -> str:
        if self.words:
            return _("%(by)s推荐：%(words)s") % {"by": self.by, "words": self.words}
        return _("%(by)s推荐") % {"by": self.by}


@dataclass(frozen=True)
class InboxItem:
    """A delivered work: why and when it came, and when this space was last shown it, and opened it first.

    recommended   who recommends it in what words, the newest first, where editors chose an audience that this space
                  belongs to; empty otherwise
    wanted        what of the interests and follows has brought it, in words; empty where it is recommended
    """

    work: Work
    reason: DeliveryReason
    at: datetime
    seen_at: datetime | None
    opened_at: datetime | None
    recommended: list[Recommendation] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)

    @property
    def opened(self) -> bool:
        return self.opened_at is not None

    @property
    def fits(self) -> bool:
        """It was wanted, or recommended: what tiers push to everybody is nothing new to anybody."""
        return self.reason != DeliveryReason.TIER

    @property
    def why(self) -> str:
        """The reason in words: what an editor said goes before what the space asked for."""
        said = [str(each) for each in self.recommended] or self.wanted or [str(self.reason.label)]
        return "；".join(said[:MOST_SAID])


def delivered(space: Space, user: User, *, tiers: bool = True) -> "QuerySet[Any]":
    """`work` ids of what was delivered to the space, that `user` may see and has not hidden, the newest first.

    tiers   also what the person's tiers push to everybody (S42); False: only what meets interests and follows, or an
            editor recommends to an audience the space belongs to
    With `delivery_reason` and `delivered_at`: when the first row came, but no earlier than the work was pushed to a
    circle of theirs; or when an editor's recommendation came, which says something new of what is known.
    """
    return _dated(_seen_by(space, user, _read(space, user, tiers)), user)


def delivered_number(space: Space, user: User, *, tiers: bool = True, works: Q = ALL) -> int:
    """Of how many works, of those that `works` is true of, counted to MOST_PAGED."""
    rows = _seen_by(space, user, _read(space, user, tiers), works)
    return rows.values("work").distinct()[:MOST_PAGED].count()


def pushed_number(space: Space, user: User) -> str:
    """Of how many works all of it is, as a person reads it; empty for none."""
    number = delivered_number(space, user)
    return f"{MOST_PAGED}+" if number == MOST_PAGED else str(number or "")


def delivered_since(space: Space, user: User, moment: datetime) -> "QuerySet[Any]":
    """Of what meets interests and follows, or is recommended, what came after `moment` and was not shown since; in no
    order."""
    marked = Mark.objects.filter(space=space, work=OuterRef("work")).values("seen_at")
    came = _since(space, user, _read(space, user, tiers=False), moment)
    shown_at = Coalesce(Subquery(marked), Value(moment))
    return came.annotate(shown_at=shown_at).filter(delivered_at__gt=F("shown_at")).order_by()


def inbox_page(
    space: Space, user: User, *, offset: int = 0, limit: int = 20, tiers: bool = True, works: Q = ALL
) -> list[InboxItem]:
    """One page of the inbox, in a number of queries that depends on nobody's deliveries but for the steps of NEWEST;
    of those works that `works` is true of. None beyond MOST_PAGED."""
    if offset >= MOST_PAGED or limit <= 0:
        return []
    read = _read(space, user, tiers)
    page = _newest(space, user, read, min(offset + limit, MOST_PAGED), works)[offset:]
    return _items(space, page, read)


def inbox_item(space: Space, user: User, work: Work) -> InboxItem | None:
    """One work as the inbox shows it; None when it is not there."""
    read = _read(space, user, tiers=True)
    found = _dated(_seen_by(space, user, read).filter(work=work.pk), user)
    return next(iter(_items(space, list(found), read)), None)


def _items(space: Space, page: list[dict[str, Any]], read: Collection[str]) -> list[InboxItem]:
    ids = [row["work"] for row in page]
    works = for_cards(Work.objects.all()).in_bulk(ids)
    marks = {mark.work_id: mark for mark in Mark.objects.filter(space=space, work__in=ids)}
    said, unmarked = _recommended(ids, read), Mark()
    wishes = wanted(space, [pk for pk in ids if pk not in said], read)
    return [
        InboxItem(
            works[pk],
            DeliveryReason.RECOMMENDED if pk in said else DeliveryReason(row["delivery_reason"]),
            row["delivered_at"],
            marks.get(pk, unmarked).seen_at,
            marks.get(pk, unmarked).opened_at,
            said.get(pk, []),
            wishes.get(pk, []),
        )
        for pk, row in zip(ids, page, strict=True)
        if pk in works
    ]


def _read(space: Space, user: User, tiers: bool) -> list[str]:
    return tokens_of(space, user) + (tokens_of_tiers(user) if tiers else [])


def _newest(space: Space, user: User, read: Collection[str], number: int, works: Q) -> list[dict[str, Any]]:
    """So many, the newest. No work came later than the last push of it, so that some of the last pushes know them all,
    mostly a few; where many are hidden, not to be seen or pushed once more, more are asked, in the end all."""
    moments = Delivery.objects.filter(token__in=read).order_by("-widened_at").values_list("widened_at", flat=True)
    for times in NEWEST:
        long_ago = moments[times * number : times * number + 1].first()
        if long_ago is None:
            break
        found = list(_since(space, user, read, long_ago, works)[:number])
        if len(found) == number:
            return found
    return list(_dated(_seen_by(space, user, read, works), user)[:number])


def _since(space: Space, user: User, read: Collection[str], moment: datetime, works: Q = ALL) -> "QuerySet[Any]":
    # By the index, before it is asked of each since when this person has it.
    may_be_new = Delivery.objects.filter(token__in=read, widened_at__gt=moment).values("work")
    rows = _seen_by(space, user, read, works).filter(work__in=may_be_new)
    return _dated(rows, user).filter(delivered_at__gt=moment)


def _seen_by(space: Space, user: User, read: Collection[str], works: Q = ALL) -> "QuerySet[Delivery]":
    """Deliveries of works that the person may see and has not hidden, but for the person's own."""
    visible = Work.objects.filter(works, library_rules.as_q(user, "view"), pk=OuterRef("work")).exclude(
        owner_id=user.pk
    )
    hidden = Mark.objects.filter(space=space, work=OuterRef("work"), hidden_at__isnull=False)
    return Delivery.objects.filter(Exists(visible), token__in=read).exclude(Exists(hidden))


def _dated(rows: "QuerySet[Delivery]", user: User) -> "QuerySet[Any]":
    by_tier, by_hand = Q(reason=DeliveryReason.TIER), Q(reason=DeliveryReason.RECOMMENDED)
    by_wish = ~by_tier & ~by_hand
    said = Max("widened_at", filter=by_hand)
    found = rows.values("work").annotate(
        # In this order, so that what is pushed to all dates nothing that was wanted or recommended.
        written_at=Coalesce(Min("at", filter=by_wish), said, Min("at", filter=by_tier)),
        last_pushed_at=Coalesce(Max("widened_at", filter=by_wish), said, Max("widened_at", filter=by_tier)),
        reached_at=Case(
            When(
                last_pushed_at__gt=F("written_at"),
                then=Least(Coalesce(reached_at(user), "written_at"), "last_pushed_at"),
            ),
            default="written_at",
        ),
        delivered_at=Greatest("written_at", "reached_at", Coalesce(said, "written_at")),
        delivery_reason=Min("reason"),
    )
    return found.order_by("-delivered_at", "-work").values("work", "delivered_at", "delivery_reason")


def _recommended(works: Collection[int], read: Collection[str]) -> dict[int, list[Recommendation]]:
    """Of these works those that editors recommend to one of the audiences, with their words: one query."""
    rows = Delivery.objects.filter(work__in=works, token__in=read, reason=DeliveryReason.RECOMMENDED).order_by("-at")
    found = defaultdict(list)
    for work, name, words in rows.values_list("work", "source__name", "words"):
        found[work].append(Recommendation(name, words))
    return found
