"""The work page: what it shows, put together in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cms.library import rules
from cms.library.cards import curriculum_of
from cms.library.fitting import fitting
from cms.library.json_ld import json_ld
from cms.library.models import (
    KINDS,
    CaseStudy,
    Coauthor,
    Grant,
    MicroCourse,
    ResearchOutcome,
    Resource,
    TaggedWork,
    Work,
)
from cms.library.queries import CURRICULUM
from cms.library.sections import gather
from cms.organisations.enums import Tier
from cms.organisations.queries import lineage
from cms.people.queries import Anybody

HOOK = "construct_work_page"
"""Answered with `(components, request, work)`. Places: `seal`, `actions` (forms that POST), `side`, `below`."""

KIND_ROWS = tuple(kind._meta.model_name or "" for kind in KINDS.values())


@dataclass(frozen=True)
class Fact:
    """One line of what is known of a work; `url` leads on."""

    label: str
    value: str
    url: str = ""


def find(user: Anybody, uuid: UUID) -> Work | None:
    """The live work, or the retired one, that `user` may be shown here, as a row of its own kind: one query.

    Carries `openly`: whether visitors may see it too, and `origin_seen`: whether `user` may see what it was made from.
    """
    origin = Work.objects.filter(rules.as_q(user, "view"), pk=OuterRef("derived_from__work"))
    found = (
        Work.objects.filter(rules.as_q(user, "view") | rules.as_q(user, "remember"), uuid=uuid)
        .annotate(
            openly=Exists(Grant.objects.filter(work=OuterRef("pk"), organisation=None)), origin_seen=Exists(origin)
        )
        .select_related("owner", "organisation", "cover", "derived_from__work__owner", *CURRICULUM, *KIND_ROWS)
        .first()
    )
    return None if found is None else _of_its_kind(found)


def _of_its_kind(row: Work) -> Work:
    """The kind's own object, made of what `row` brought along: no query, unlike `specific`."""
    model = KINDS[row.kind]
    work: Work = getattr(row, model._meta.model_name or "")
    kept = {name: value for name, value in row._state.fields_cache.items() if name not in KIND_ROWS}
    work._state.fields_cache.update(kept)
    work.openly, work.origin_seen = row.openly, row.origin_seen  # type: ignore[attr-defined]  # annotations of `find`
    return work


def context_of(request: HttpRequest, work: Work) -> dict[str, Any]:
    """Everything the page's template is given for a live work."""
    sections: dict[str, list[SafeString]] = gather(HOOK, request, work)
    openly = bool(getattr(work, "openly", False))
    named = names_on(work)
    authors = [work.owner.name, *named.coauthors]
    return {
        "work": work,
        "ladder": named.ladder,
        "curriculum": curriculum_of(work),
        "authors": authors,
        "facts": facts_of(work),
        "tags": named.tags,
        "fitting": fitting(work, request.user),
        "origin": work.derived_from.work if work.derived_from and getattr(work, "origin_seen", False) else None,
        "is_course": isinstance(work, MicroCourse),
        "openly": openly,
        "json_ld": json_ld(work, authors=authors) if openly else "",
        "sections": sections,
    }


def authors_of(work: Work) -> list[str]:
    """The owner first, then the co-authors in the order they came."""
    others = work.coauthors.order_by("pk").values_list("user__name", flat=True)
    return [work.owner.name, *others]


@dataclass(frozen=True)
class Names:
    """What else is named on the page."""

    tags: list[str]
    coauthors: list[str]
    ladder: list[dict[str, str]]


def names_on(work: Work) -> Names:
    """Tags, co-authors in the order they came, and the ladder from the province down (the nation goes without
    saying): one query for all three, as none of them is worth one of its own."""
    tags = TaggedWork.objects.filter(content_object=work.pk)
    coauthors = Coauthor.objects.filter(work=work.pk)
    called = Case(When(short_name="", then=F("name")), default=F("short_name"))  # as an organisation's __str__
    rungs = lineage(work.organisation).exclude(tier=Tier.NATION)
    rows = (
        tags.order_by()
        .values_list(Value("tag"), "pk", "tag_id", Value(""), "tag__name")
        .union(
            coauthors.order_by().values_list(Value("author"), "pk", "user_id", Value(""), "user__name"),
            rungs.order_by().values_list(Value("rung"), "depth", "pk", "tier", called),
            all=True,
        )
    )
    found = sorted(rows)
    return Names(
        tags=[name for what, _order, _pk, _tier, name in found if what == "tag"],
        coauthors=[name for what, _order, _pk, _tier, name in found if what == "author"],
        ladder=[
            {"tier": tier, "label": name, "url": f"/search/?organisation={pk}"}
            for what, _order, pk, tier, name in found
            if what == "rung"
        ],
    )


def facts_of(work: Work) -> list[Fact]:
    """What a librarian would write on the card, in reading order; what is not known is left out."""
    facts = [*_facts_of_kind(work)]
    if work.library is not None:
        facts.append(Fact(_("资源库"), work.library.name, f"/search/?library={work.library.pk}"))
    if work.textbook is not None:
        facts.append(Fact(_("教材"), work.textbook.title))
    facts.append(Fact(_("使用许可"), work.get_licence_display()))
    facts.append(Fact(_("来源"), work.get_source_display()))
    if work.source_note:
        facts.append(Fact(_("来源说明"), work.source_note))
    return facts


def _facts_of_kind(work: Work) -> list[Fact]:
    if isinstance(work, Resource):
        return [Fact(_("资源类型"), work.get_resource_type_display())]
    if isinstance(work, MicroCourse) and work.research_theme:
        return [Fact(_("研究主题"), work.research_theme)]
    if isinstance(work, CaseStudy) and work.key_difficulty:
        return [Fact(_("重难点"), work.key_difficulty)]
    if isinstance(work, ResearchOutcome):
        facts = [Fact(_("成果类型"), work.get_outcome_type_display())]
        if work.identifier:
            facts.append(Fact(_("编号"), work.identifier))
        if work.completed_on:
            facts.append(Fact(_("完成日期"), date_format(work.completed_on, _("Y年n月j日"))))
        return facts
    return []
