"""Live works as documents: with their lessons, the parts of a case, and what stands in their files."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.html import strip_tags

from cms.library.enums import OutcomeType, ResourceType
from cms.library.models import CasePart, Lesson, Work
from cms.library.tokens import tokens_for
from cms.organisations.enums import TIER_ORDER, Tier
from search.documents.abouts import ABOUT, About
from search.engines.base import Document
from search.texts.queries import texts_of
from search.understanding.volumes import volume_key
from workflows.review.enums import LIVE
from workflows.review.models import Submission
from workflows.sharing.models import Share

PREFIX = ""  # works keep plain numbers
MAX_BODY = 60_000  # characters of one work's text that are found

_BLOCK_END = re.compile(r"</(p|li|h[1-6]|blockquote|div)>|<br\s*/?>", re.IGNORECASE)

TYPES: Mapping[str, Any] = {**dict(ResourceType.choices), **dict(OutcomeType.choices)}
"""Labels of the values of `type`."""


@dataclass(frozen=True)
class Facts:
    """adoptions  spaces that use the work
    type       what a resource is used as, what an outcome came to; empty for other kinds
    badge      the tier that decided on the live version
    """

    adoptions: int
    type: str
    badge: str


def live() -> "QuerySet[Work]":
    """The works that belong in the index."""
    return Work.objects.filter(live=True)


def document_of(work: Work) -> Document | None:
    """The document of one work; None when it is not live."""
    found = documents_of(live().filter(pk=work.pk), version=0)
    return found[0] if found else None


def documents_of(works: "QuerySet[Work]", version: int) -> list[Document]:
    """Documents of a batch: a dozen queries, however many works."""
    loaded = list(
        works.select_related(
            "owner", "organisation", "stage", "subject", "grade", "edition", "textbook", "chapter", "library"
        ).prefetch_related("grants__organisation", "coauthors", "tagged_items__tag", "knowledge")
    )
    ids = [work.pk for work in loaded]
    lessons = _grouped(Lesson.objects.filter(course__in=ids).order_by("sort_order"), "course_id")
    parts = _grouped(CasePart.objects.filter(case__in=ids).order_by("sort_order"), "case_id")
    tiers = _widest_tiers(ids)
    texts = texts_of(ids)
    facts = _facts(ids)
    return [
        _document(
            work,
            version,
            lessons.get(work.pk, ()),
            parts.get(work.pk, ()),
            tiers.get(work.pk),
            facts[work.pk],
            texts.get(work.pk, ()),
        )
        for work in loaded
    ]


def plain(text: str) -> str:
    """Rich text as words: tags away, blocks apart, entities back."""
    return html.unescape(strip_tags(_BLOCK_END.sub("\n", text)))


def _document(
    work: Work,
    version: int,
    lessons: Iterable[Lesson],
    parts: Iterable[CasePart],
    tier: str | None,
    facts: Facts,
    files: Iterable[str],
) -> Document:
    tags = [item.tag.name for item in work.tagged_items.all()]
    lessons, parts = list(lessons), list(parts)
    curriculum = (work.stage, work.subject, work.grade, work.edition, work.textbook, work.chapter)
    keywords = [
        *tags,
        *(str(row) for row in curriculum if row is not None),
        *(point.name for point in work.knowledge.all()),
        work.textbook.volume if work.textbook is not None else "",
        work.get_kind_display(),
        str(TYPES.get(facts.type, "")),
        work.owner.name,
        work.organisation.name,
        *(lesson.title for lesson in lessons),
        *(part.title for part in parts),
    ]
    texts = [*_own_texts(work, lessons, parts), *files]
    return Document(
        id=str(work.pk),
        version=version,
        title=work.title,
        keywords=" ".join(keywords),
        summary=work.summary,
        body="\n".join(text for text in texts if text.strip())[:MAX_BODY],
        facets=_facets(work, tags, tier, facts),
        acl=tokens_for(work),
        adoptions=facts.adoptions,
        published=work.last_published_at,
    )


def _own_texts(work: Work, lessons: Iterable[Lesson], parts: Iterable[CasePart]) -> list[str]:
    return [
        plain(work.body),
        *(f"{lesson.goal} {plain(lesson.task_sheet)}" for lesson in lessons),
        *(plain(part.body) for part in parts),
    ]


def text_of(work: Work) -> tuple[str, str]:
    """What stands in the body of the work's document: its own words, and those of its files."""
    lessons = Lesson.objects.filter(course=work.pk).order_by("sort_order")
    parts = CasePart.objects.filter(case=work.pk).order_by("sort_order")
    files = texts_of([work.pk]).get(work.pk, ())
    return "\n".join(_own_texts(work, lessons, parts))[:MAX_BODY], "\n".join(files)[:MAX_BODY]


def _facets(work: Work, tags: list[str], tier: str | None, facts: Facts) -> dict[str, list[str]]:
    rows = {
        name: getattr(work, f"{name}_id") for name in ("library", "stage", "subject", "grade", "edition", "chapter")
    }
    found = {name: [str(pk)] for name, pk in rows.items() if pk is not None}
    if facts.type:
        found["type"] = [facts.type]
    if facts.badge:
        found["badge"] = [facts.badge]
    if work.textbook is not None:
        found["volume"] = [volume_key(work.textbook.volume)]
    found[ABOUT] = [About.WORK.value]
    found["kind"] = [work.kind]
    found["organisation"] = [str(work.organisation_id)]
    found["place"] = work.organisation.ancestor_paths
    found["tier"] = [tier or Tier.SCHOOL.value]
    found["tag"] = tags
    if work.stage is not None:
        found["sector"] = [work.stage.sector]
    if work.last_published_at is not None:
        found["year"] = [str(work.last_published_at.year)]
    return found


def _facts(ids: Sequence[int]) -> dict[int, Facts]:
    """One query, whatever the kinds."""
    decided = Submission.objects.filter(work=OuterRef("pk"), state__in=LIVE).values("decider__tier")[:1]
    rows = (
        Work.objects.filter(pk__in=ids)
        .annotate(reuse=Count("adoptions", filter=Q(adoptions__ended_at__isnull=True)), badge=Subquery(decided))
        .values_list("pk", "reuse", "resource__resource_type", "researchoutcome__outcome_type", "badge")
    )
    return {pk: Facts(reuse, resource or outcome or "", badge or "") for pk, reuse, resource, outcome, badge in rows}


def _grouped(rows: Iterable[Any], key: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return found


def _widest_tiers(ids: Sequence[int]) -> dict[int, str]:
    """The tier to which each work is shared, the widest of several."""
    found: dict[int, str] = {}
    for pk, tier in Share.objects.filter(work__in=ids, recalled_at=None).values_list("work", "scope__tier"):
        if pk not in found or TIER_ORDER[Tier(tier)] < TIER_ORDER[Tier(found[pk])]:
            found[pk] = tier
    return found
