"""Reads of the library."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils import timezone

from cms.library import rules
from cms.library.cards import COLUMNS
from cms.library.models import Seal, Standard, Work
from cms.people.queries import Anybody

Version = TypeVar("Version", bound=Model)

CURRICULUM = ("stage", "subject", "grade", "edition", "textbook", "chapter", "library")

NAMED = (
    *(column for column in COLUMNS if "__" in column),
    *("owner__uuid", "owner__username", "organisation__uuid", "organisation__path", "organisation__tier"),
    "library__name",
)
"""Columns that a card shows, or a rule reads, of the rows beside a work."""


def standard_for(kind: str) -> Standard | None:
    """The requirements in force for a kind of work."""
    return in_force(Standard.objects.filter(kind=kind)).first()


def in_force(versions: "QuerySet[Version]") -> "QuerySet[Version]":
    """The one that came into force last goes first; one planned for later has its day, whatever was added before it."""
    return versions.filter(in_force_from__lte=timezone.now()).order_by("-in_force_from", "-version")


def visible_to(user: Anybody) -> "QuerySet[Work]":
    """Live works this visitor may see."""
    return Work.objects.filter(rules.as_q(user, "view"))


def for_cards(works: "QuerySet[Any]") -> "QuerySet[Any]":
    """With what a card shows, so that a list costs one query whatever its length; of the rows a card names, no more
    than their names: all columns of ten tables took twice the time. Without the body."""
    own = [field.name for field in works.model._meta.concrete_fields if field.name != "body"]
    return works.select_related("owner", "organisation", "cover", *CURRICULUM).only(*own, *NAMED)


def get_visible(user: Anybody, uuid: UUID | str, action: str = "view") -> Work:
    """The work, when `user` may do `action` with it. A stranger is told "not found", as for a work that is not."""
    work = (
        Work.objects.filter(rules.as_q(user, action), uuid=uuid)
        .select_related("owner", "organisation", *CURRICULUM)
        .first()
    )
    if work is None:
        raise Http404
    return work


def visible_ids(user: Anybody, works: Iterable[int]) -> set[int]:
    """Of these works those that `user` may see now: one query."""
    return set(visible_to(user).filter(pk__in=list(works)).values_list("pk", flat=True))


def newest_readable(user: Anybody, work: Work) -> Work:
    """Of a work that `user` may read: the draft, or what was sealed last. An object of its own kind."""
    if rules.allows(user, "draft", work):
        return draft_of(work)
    return as_sealed(work.specific)


def as_sealed(specific: Work) -> Work:
    """The work as it was sealed last, its newest revision; "not found" when it never was."""
    seal = Seal.objects.filter(work=specific.pk).select_related("revision").first()
    if seal is None:
        raise Http404
    found: Work = specific.with_content_json(seal.revision.content)
    found.latest_revision = seal.revision
    return found


def draft_of(work: Work) -> Work:
    """The work as its author sees it: the latest revision as an object of its own kind."""
    specific: Work = work.specific
    if not specific.has_unpublished_changes or specific.latest_revision is None:
        return specific
    latest: Work = specific.with_content_json(specific.latest_revision.content)  # as_object() reads both rows again
    return latest
