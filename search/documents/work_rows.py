"""What the documents of works are made of, read as plain rows: a model's instance for each of ten tables would take
three times as long, and a rebuild reads them all."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from cms.library.models import CasePart, Coauthor, Grant, Lesson, TaggedWork, Work
from cms.organisations.enums import TIER_ORDER, Tier
from workflows.review.enums import LIVE
from workflows.review.models import Submission
from workflows.sharing.models import Adoption, Share

Knowledge: Any = Work._meta.get_field("knowledge").remote_field.through


class WorkRow(NamedTuple):
    """One work and what stands beside it, by column; ids and names are None where there is no such row.

    section_of, unit_of, part_of   the chapters above the chapter, from the nearest
    """

    pk: int
    kind: str
    title: str
    summary: str
    body: str
    published: datetime | None
    owner: int
    author: str
    organisation: int
    school: str
    path: str
    stage: int | None
    stage_name: str | None
    sector: str | None
    subject: int | None
    subject_name: str | None
    grade: int | None
    grade_name: str | None
    edition: int | None
    edition_name: str | None
    textbook: str | None
    volume: str | None
    chapter: int | None
    chapter_name: str | None
    section_of: int | None
    unit_of: int | None
    part_of: int | None
    library: int | None
    resource_type: str | None
    outcome_type: str | None


COLUMNS = (
    *("pk", "kind", "title", "summary", "body", "last_published_at", "owner_id", "owner__name"),
    *("organisation_id", "organisation__name", "organisation__path", "stage_id", "stage__name", "stage__sector"),
    *("subject_id", "subject__name", "grade_id", "grade__name", "edition_id", "edition__name"),
    *("textbook__title", "textbook__volume", "chapter_id", "chapter__name"),
    *("chapter__parent_id", "chapter__parent__parent_id", "chapter__parent__parent__parent_id", "library_id"),
    *("resource__resource_type", "researchoutcome__outcome_type"),
)
"""In the order of WorkRow."""


def rows_of(works: "QuerySet[Work]") -> list[WorkRow]:
    """One query."""
    return list(map(WorkRow._make, works.values_list(*COLUMNS)))


class Beside:
    """What hangs on a batch of works, by work: a query for each, whatever their number.

    granted   paths of the organisations that may see it; None stands for every visitor
    authors   coauthors, by id
    lessons, parts   (title, what else it says) in the author's order
    tier      the widest to which it is shared
    badge     the tier that decided on the live version
    adopted   spaces that use it
    """

    def __init__(self, works: "QuerySet[Work]") -> None:
        ids = works.order_by().values("pk")
        self.granted = _grouped(Grant.objects.filter(work__in=ids).values_list("work", "organisation__path"))
        self.authors = _grouped(Coauthor.objects.filter(work__in=ids).values_list("work", "user"))
        tagged = TaggedWork.objects.filter(content_object__in=ids)
        self.tags = _grouped(tagged.values_list("content_object", "tag__name").order_by("pk"))
        points = Knowledge.objects.filter(work__in=ids).order_by("knowledgepoint__order", "knowledgepoint")
        self.knowledge = _grouped(points.values_list("work", "knowledgepoint__name"))
        lessons = Lesson.objects.filter(course__in=ids).order_by("sort_order")
        self.lessons = _grouped(_paired(lessons.values_list("course", "title", "goal", "task_sheet")))
        parts = CasePart.objects.filter(case__in=ids).order_by("sort_order")
        self.parts = _grouped(_paired(parts.values_list("case", "title", "body")))
        self.tier = _widest(Share.objects.filter(work__in=ids, recalled_at=None).values_list("work", "scope__tier"))
        self.badge = dict(
            Submission.objects.filter(work__in=ids, state__in=LIVE).values_list("work", "decider__tier").order_by("pk")
        )
        self.adopted = dict(
            Adoption.objects.filter(work__in=ids, ended_at=None).order_by().values_list("work").annotate(Count("pk"))
        )


_ORDER = {tier.value: TIER_ORDER[tier] for tier in Tier}


def _grouped(rows: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for work, value in rows:
        found.setdefault(work, []).append(value)
    return found


def _paired(rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[int, tuple[Any, ...]]]:
    return ((work, tuple(rest)) for work, *rest in rows)


def _widest(rows: Iterable[tuple[int, str]]) -> dict[int, str]:
    found: dict[int, str] = {}
    for work, tier in rows:
        if work not in found or _ORDER[tier] < _ORDER[found[work]]:
            found[work] = tier
    return found
