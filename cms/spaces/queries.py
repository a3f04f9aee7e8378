"""Reads of spaces: shelf, interests, whom they follow."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from cms.library import rules as library_rules
from cms.library.models import Grant, Work
from cms.library.queries import CURRICULUM, for_cards, visible_to
from cms.people.models import User
from cms.people.queries import Anybody
from cms.spaces import rules
from cms.spaces.enums import SpaceKind
from cms.spaces.models import INTEREST_COLUMNS, Follow, Interest, Mark, ShelfItem, Space

MOST_TENDED = 200


def personal_space(user: User) -> Space | None:
    return Space.objects.filter(owner=user, kind="personal").first()


def get_space(user: Anybody, uuid: UUID | str, action: str = "view") -> Space:
    """The space, when `user` may do `action` with it; else "not found"."""
    found = (
        Space.objects.filter(rules.as_q(user, action), uuid=uuid)
        .select_related("owner", "organisation", "subject")
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_author(user: Anybody, uuid: UUID) -> User:
    """The person, when `user` may follow them; else "not found"."""
    return get_object_or_404(User, rules.followable_q(user), uuid=uuid, is_active=True)


def whom(user: Anybody, *, author: UUID | None = None, followed: UUID | None = None) -> dict[str, Any]:
    """The author or the space of these, exactly one of which is given, as `follow` takes it; when `user` may follow
    it, else "not found"."""
    if author is not None:
        return {"author": get_author(user, author)}
    if followed is not None:
        return {"followed": get_space(user, followed)}
    raise Http404


def shelf(space: Space) -> "QuerySet[ShelfItem]":
    """What stands on the shelf, newest first, with what cards show."""
    return (
        ShelfItem.objects.filter(space=space, removed_at=None)
        .select_related(*(f"work__{name}" for name in ("owner", "organisation", "cover", *CURRICULUM)))
        .defer("work__body")
        .order_by("-added_at", "-pk")
    )


def tended(user: Anybody) -> list[Space]:
    """The spaces this person tends: the own one first, then those of schools and subjects."""
    found = Space.objects.filter(rules.as_q(user, "tend")).select_related("organisation", "subject")
    return sorted(found.order_by("name", "pk")[:MOST_TENDED], key=lambda space: space.kind != SpaceKind.PERSONAL)


def following(space: Space) -> "QuerySet[Follow]":
    """Whom the space follows, newest first, with what a line shows."""
    return (
        Follow.objects.filter(space=space)
        .select_related("author", "followed__organisation", "followed__owner")
        .order_by("-since", "-pk")
    )


def follow_of(space: Space, *, author: UUID | None = None, followed: UUID | None = None) -> Follow | None:
    """The row of this author, or of that space; of a personal space that of its owner. It can be given up though the
    account was closed since, or the space is no longer to be seen."""
    if author is not None:
        whom = Q(author__uuid=author)
    elif followed is None:
        return None
    else:
        owners = Space.objects.filter(uuid=followed, kind=SpaceKind.PERSONAL).values("owner")
        whom = Q(followed__uuid=followed) | Q(author__in=owners)
    return following(space).filter(whom).first()


def hidden(space: Space, user: User) -> "QuerySet[Mark]":
    """What is pushed to the space no longer, as far as the person still sees it, the last hidden first, with what cards
    show."""
    return (
        Mark.objects.filter(space=space, hidden_at__isnull=False, work__in=visible_to(user))
        .select_related(*(f"work__{name}" for name in ("owner", "organisation", "cover", *CURRICULUM)))
        .defer("work__body")
        .order_by("-hidden_at", "-pk")
    )


def has_chosen(space: Space) -> bool:
    """The space has an interest or follows somebody."""
    return space.interests.exists() or Follow.objects.filter(space=space).exists()


def chosen_interests(space: Space) -> list[Interest]:
    """Those of facets; what comes from saved searches stands with them."""
    facets = space.interests.filter(words=[], filters={})
    return list(facets.select_related(*INTEREST_COLUMNS, "organisation").order_by("pk"))


def works_of(space: Space, user: Anybody) -> "QuerySet[Work]":
    """What the people of a space have published and `user` may see, newest first: the owner's, the school's, or those
    of the school's subject."""
    whose = {
        SpaceKind.PERSONAL: Q(owner=space.owner_id),
        SpaceKind.SCHOOL: Q(organisation=space.organisation_id),
        SpaceKind.SUBJECT: Q(organisation=space.organisation_id, subject=space.subject_id),
    }[SpaceKind(space.kind)]
    visible = Work.objects.filter(library_rules.as_q(user, "view")).filter(whose)
    return for_cards(visible).order_by("-last_published_at", "-pk")


def spaces_of_work(work: Work) -> "QuerySet[Space]":
    """The spaces that have a work to be followed for: its school's, and the subject's of the school. Who follows its
    author's own follows the author."""
    school = Q(kind=SpaceKind.SCHOOL, organisation=work.organisation_id)
    subject = Q(kind=SpaceKind.SUBJECT, organisation=work.organisation_id, subject=work.subject_id)
    return Space.objects.filter(school | subject if work.subject_id else school)


def newest_open(limit: int) -> list[tuple[int, int]]:
    """(id, version) of what was shared with visitors last, the newest first."""
    open_to_all = Grant.objects.filter(organisation=None, work__live=True).order_by("-granted_at", "-pk")
    return list(open_to_all.values_list("work_id", "work__version")[:limit])
