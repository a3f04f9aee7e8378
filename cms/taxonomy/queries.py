"""Reads of the curriculum: which rows may still be chosen, given what is chosen already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.organisations.enums import Sector
from cms.taxonomy.models import Chapter, Edition, Grade, KnowledgePoint, Stage, Subject, Textbook

Node = TypeVar("Node", Chapter, KnowledgePoint)
NUMBER_LENGTH = 18  # digits: more is no id of any database of ours


@dataclass(frozen=True)
class Chosen:
    """What is chosen so far: a sector's code and ids, None where nothing is."""

    sector: str | None = None
    stage: int | None = None
    subject: int | None = None
    grade: int | None = None
    edition: int | None = None
    textbook: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Chosen":
        """From text that anybody may have sent: what is no sector and no number counts as nothing."""
        sector = str(given.get("sector") or "")
        ids = {field.name: as_id(given.get(field.name)) for field in fields(cls) if field.name != "sector"}
        return cls(sector=sector if sector in Sector.values else None, **ids)


def as_id(value: Any) -> int | None:
    """A positive number of believable length, or None."""
    text = str(value or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_LENGTH):
        return None
    return int(text) or None


def _current(keep: int | None) -> Q:
    """Not retired; `keep` is what a work is filed under already, which stays on offer."""
    return Q(retired=False) | Q(pk=keep) if keep else Q(retired=False)


def stages(chosen: Chosen, keep: int | None = None) -> "QuerySet[Stage]":
    """Stages of the chosen sector; all of them while none is chosen."""
    found = Stage.objects.filter(_current(keep))
    return found.filter(sector=chosen.sector) if chosen.sector else found


def subjects(chosen: Chosen, keep: int | None = None) -> "QuerySet[Subject]":
    """Subjects taught at the stage, or anywhere in the sector while no stage is chosen."""
    found = Subject.objects.filter(_current(keep))
    taught: dict[str, Any] = {}
    if chosen.stage:
        taught = {"stage": chosen.stage}
    elif chosen.sector:
        taught = {"stage__sector": chosen.sector}
    if taught:
        found = found.filter(Exists(Subject.stages.through.objects.filter(subject=OuterRef("pk"), **taught)))
    return found


def grades(chosen: Chosen, keep: int | None = None) -> "QuerySet[Grade]":
    return Grade.objects.filter(_current(keep), stage=chosen.stage) if chosen.stage else Grade.objects.none()


def editions(chosen: Chosen, keep: int | None = None) -> "QuerySet[Edition]":
    """Editions that have a textbook of this sector, stage and subject; all of them while none is chosen."""
    found = Edition.objects.filter(_current(keep))
    wanted = {name: getattr(chosen, name) for name in ("stage", "subject") if getattr(chosen, name)}
    if chosen.sector and not chosen.stage:
        wanted["stage__sector"] = chosen.sector
    if wanted:
        current = Q(retired=False) | Q(edition=keep) if keep else Q(retired=False)
        found = found.filter(Exists(Textbook.objects.filter(current, edition=OuterRef("pk"), **wanted)))
    return found


def textbooks(chosen: Chosen, keep: int | None = None) -> "QuerySet[Textbook]":
    """Needs stage and subject; a book without a grade (高中选修) fits every grade."""
    if not (chosen.stage and chosen.subject):
        return Textbook.objects.none()
    found = Textbook.objects.filter(_current(keep), stage=chosen.stage, subject=chosen.subject)
    if chosen.edition:
        found = found.filter(edition=chosen.edition)
    if chosen.grade:
        found = found.filter(Q(grade=chosen.grade) | Q(grade=None))
    return found


def chapters(chosen: Chosen, keep: int | None = None) -> "QuerySet[Chapter]":
    if not chosen.textbook:
        return Chapter.objects.none()
    return Chapter.objects.filter(_current(keep), textbook=chosen.textbook)


class Finder(Protocol):
    """What may be chosen for one part of the curriculum line."""

    def __call__(self, chosen: Chosen, keep: int | None = None) -> "QuerySet[Any]": ...


OPTIONS: dict[str, Finder] = {
    "stage": stages,
    "subject": subjects,
    "grade": grades,
    "edition": editions,
    "textbook": textbooks,
    "chapter": chapters,
}
"""Each part of the curriculum line and how to find what may be chosen for it, from the widest to the narrowest. The
sector before them is no row: it narrows, and is told by the stage."""


def in_tree_order(found: Iterable[Node]) -> list[Node]:
    """Rows of one tree, each parent before its children; a row whose parent is not among them comes last."""
    children: dict[int | None, list[Node]] = {}
    for node in found:
        children.setdefault(node.parent_id, []).append(node)
    ordered: list[Node] = []
    waiting = list(reversed(children.pop(None, [])))
    while waiting:
        node = waiting.pop()
        ordered.append(node)
        waiting.extend(reversed(children.pop(node.pk, [])))
    return ordered + [node for rest in children.values() for node in rest]


def label(term: Any) -> str:
    """How a row stands in a list of options: chapters indented by level, books with their volume."""
    if isinstance(term, Chapter):
        return "　" * (term.level - 1) + term.name
    if isinstance(term, Textbook) and term.volume not in term.title:
        return f"{term.title}（{term.volume}）"
    return str(term)
