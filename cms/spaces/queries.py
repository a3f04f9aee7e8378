"""Reads of spaces: inbox, shelf, interests."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404
from django.utils.translation import gettext as _

from cms.library import rules as library_rules
from cms.library.models import Grant, Work
from cms.library.queries import CURRICULUM, for_cards
from cms.people.models import User
from cms.people.queries import Anybody
from cms.spaces import rules
from cms.spaces.enums import DeliveryReason, SpaceKind
from cms.spaces.models import INTEREST_COLUMNS, Delivery, Follow, Interest, Mark, ShelfItem, Space
from cms.spaces.reaching import reached_at
from cms.spaces.tokens import tokens_of, tokens_of_tiers

MOST_TENDED = 200
MOST_SAID = 2  # recommendations shown with one work


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
    """A delivered work: why and when it came, and whether this space has opened it.

    recommended   who recommends it in what words, the newest first, where editors chose an audience that this space
                  belongs to; empty otherwise
    """

    work: Work
    reason: DeliveryReason
    at: datetime
    opened: bool
    recommended: list[Recommendation] = field(default_factory=list)

    @property
    def why(self) -> str:
        """The reason in words: what an editor said goes before what was computed."""
        said = "；".join(str(each) for each in self.recommended[:MOST_SAID])
        return said or str(self.reason.label)


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


def delivered(space: Space, user: User, *, tiers: bool = True) -> "QuerySet[Any]":
    """Works in the inbox, newest delivery first, each once: what `user` may see, has not written, has not hidden.

    tiers   also what the person's tiers push to everybody (S42); False: only what meets interests and follows, or an
            editor recommends to an audience the space belongs to
    Annotated with `delivery_reason` and `delivered_at`: when the first row came, but no earlier than the work was
    pushed to a circle of theirs; or when an editor's recommendation came, which says something new of what is known.
    """
    return _delivered(space, user, _read(space, user, tiers))


def _read(space: Space, user: User, tiers: bool) -> list[str]:
    return tokens_of(space, user) + (tokens_of_tiers(user) if tiers else [])


def delivered_since(space: Space, user: User, moment: datetime) -> "QuerySet[Any]":
    """Of what meets interests and follows, or is recommended, what came after `moment`; in no order."""
    read = _read(space, user, tiers=False)
    # By the index, before it is asked of each since when this person has it.
    may_be_new = Delivery.objects.filter(work=OuterRef("pk"), token__in=read, widened_at__gt=moment)
    return _delivered(space, user, read).filter(Exists(may_be_new), delivered_at__gt=moment).order_by()


def was_pushed(work: Work, *, since: datetime) -> bool:
    """Whether somebody has it by a push after `since`; one who takes up an interest has it dated no later than that."""
    pushed = Delivery.objects.filter(work=work.pk, widened_at__gt=since).exclude(reason=DeliveryReason.RECOMMENDED)
    return pushed.exists()


def _delivered(space: Space, user: User, read: Collection[str]) -> "QuerySet[Any]":
    mine = Delivery.objects.filter(work=OuterRef("pk"), token__in=read)
    hidden = Mark.objects.filter(space=space, work=OuterRef("pk"), hidden_at__isnull=False)
    visible = Work.objects.filter(library_rules.as_q(user, "view")).exclude(owner_id=user.pk)
    by_tier = Q(deliveries__reason=DeliveryReason.TIER)
    by_hand = Q(deliveries__reason=DeliveryReason.RECOMMENDED)
    first = Min("deliveries__at", filter=~by_tier & ~by_hand)
    said = Max("deliveries__widened_at", filter=by_hand)
    return (
        visible.filter(Exists(mine))
        .exclude(Exists(hidden))
        .filter(deliveries__token__in=read)
        .annotate(
            written_at=Coalesce(first, Min("deliveries__at", filter=by_tier), said),
            widened_at=Max("deliveries__widened_at"),
            delivery_reason=Min("deliveries__reason"),
            came_at=Case(
                When(
                    widened_at__gt=F("written_at"),
                    then=Greatest("written_at", Coalesce(reached_at(user), "written_at")),
                ),
                default="written_at",
            ),
            delivered_at=Greatest("came_at", Coalesce(said, "came_at")),
        )
        .order_by("-delivered_at", "-pk")
    )


def inbox(space: Space, user: User, *, offset: int = 0, limit: int = 20, tiers: bool = True) -> list[InboxItem]:
    """One page of the inbox, in a fixed number of queries."""
    read = _read(space, user, tiers)
    found = _delivered(space, user, read).values_list("pk", "delivered_at", "delivery_reason")
    page = list(found[offset : offset + limit])
    works = for_cards(Work.objects.all()).in_bulk([pk for pk, _at, _reason in page])
    opened = set(
        Mark.objects.filter(space=space, work__in=list(works), opened_at__isnull=False).values_list("work", flat=True)
    )
    said = _recommended(list(works), read)
    return [
        InboxItem(
            works[pk],
            DeliveryReason.RECOMMENDED if pk in said else DeliveryReason(reason),
            at,
            pk in opened,
            said.get(pk, []),
        )
        for pk, at, reason in page
        if pk in works
    ]


def _recommended(works: Collection[int], read: Collection[str]) -> dict[int, list[Recommendation]]:
    """Of these works those that editors recommend to one of the audiences, with their words: one query."""
    rows = Delivery.objects.filter(work__in=works, token__in=read, reason=DeliveryReason.RECOMMENDED).order_by("-at")
    found = defaultdict(list)
    for work, name, words in rows.values_list("work", "source__name", "words"):
        found[work].append(Recommendation(name, words))
    return found


def shelf(space: Space) -> "QuerySet[ShelfItem]":
    """What stands on the shelf, newest first, with what cards show."""
    return (
        ShelfItem.objects.filter(space=space, removed_at=None)
        .select_related(*(f"work__{name}" for name in ("owner", "organisation", "cover", *CURRICULUM)))
        .defer("work__body")
        .order_by("-added_at", "-pk")
    )


def tended(user: Anybody) -> list[Space]:
    """The spaces this person tends: the own one first, then those of schools, subjects and studios."""
    found = Space.objects.filter(rules.as_q(user, "tend")).select_related("organisation", "subject", "stage")
    return sorted(found.order_by("name", "pk")[:MOST_TENDED], key=lambda space: space.kind != SpaceKind.PERSONAL)


def following(space: Space) -> "QuerySet[Follow]":
    """Whom the space follows, newest first, with what a line shows."""
    return (
        Follow.objects.filter(space=space)
        .select_related("author", "followed__organisation", "followed__owner")
        .order_by("-since", "-pk")
    )


def has_chosen(space: Space) -> bool:
    """The space has an interest or follows somebody."""
    return space.interests.exists() or Follow.objects.filter(space=space).exists()


def chosen_interests(space: Space) -> list[Interest]:
    """Those of facets; what comes from saved searches stands with them."""
    facets = space.interests.filter(words=[], filters={})
    return list(facets.select_related(*INTEREST_COLUMNS, "organisation").order_by("pk"))


def follows(space: Space, *, author: User | None = None, followed: Space | None = None) -> bool:
    return Follow.objects.filter(space=space, author=author, followed=followed).exists()


def works_of(space: Space, user: Anybody) -> "QuerySet[Work]":
    """What the people of a space have published and `user` may see, newest first: the owner's, the school's, or those
    of the school's subject."""
    whose = {
        SpaceKind.PERSONAL: Q(owner=space.owner_id),
        SpaceKind.STUDIO: Q(owner=space.owner_id),
        SpaceKind.SCHOOL: Q(organisation=space.organisation_id),
        SpaceKind.SUBJECT: Q(organisation=space.organisation_id, subject=space.subject_id),
    }[SpaceKind(space.kind)]
    visible = Work.objects.filter(library_rules.as_q(user, "view")).filter(whose)
    return for_cards(visible).order_by("-last_published_at", "-pk")


def spaces_of_work(work: Work) -> "QuerySet[Space]":
    """The spaces a work comes from: its author's own, its school's, and the subject's of the school."""
    school = Q(kind=SpaceKind.SCHOOL, organisation=work.organisation_id)
    subject = Q(kind=SpaceKind.SUBJECT, organisation=work.organisation_id, subject=work.subject_id)
    own = Q(kind=SpaceKind.PERSONAL, owner=work.owner_id)
    return Space.objects.filter(own | school | subject if work.subject_id else own | school)


def newest_open(limit: int) -> list[tuple[int, int]]:
    """(id, version) of what was shared with visitors last, the newest first."""
    open_to_all = Grant.objects.filter(organisation=None, work__live=True).order_by("-granted_at", "-pk")
    return list(open_to_all.values_list("work_id", "work__version")[:limit])
