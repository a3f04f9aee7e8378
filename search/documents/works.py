"""Live works as documents: with their lessons, the parts of a case, and what stands in their files."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import nh3
from django.db.models import QuerySet
from django.utils import timezone

from cms.library.enums import OutcomeType, ResourceType, WorkKind
from cms.library.models import Work
from cms.library.tokens import tokens_from
from cms.organisations.enums import Tier
from cms.organisations.models import paths_above
from search.documents.abouts import ABOUT, About
from search.documents.work_rows import Beside, WorkRow, rows_of
from search.engines.base import Document
from search.texts.queries import texts_of
from search.understanding.volumes import volume_key

PREFIX = ""  # works keep plain numbers
MAX_BODY = 60_000  # characters of one work's text that are found

_BLOCK_END = re.compile(r"<(?i:/(?:p|li|h[1-6]|blockquote|div)|br\s*/?)>")
_MARKUP = re.compile("[<&\r\0]|\\A\ufeff")  # what a reader of HTML reads as something else, or passes over
_WORDS_ONLY = nh3.Cleaner(tags=set())

TYPES: Mapping[str, Any] = {**dict(ResourceType.choices), **dict(OutcomeType.choices)}
"""Labels of the values of `type`."""


def live() -> "QuerySet[Work]":
    """The works that belong in the index."""
    return Work.objects.filter(live=True)


def document_of(work: Work) -> Document | None:
    """The document of one work; None when it is not live."""
    found = documents_of(live().filter(pk=work.pk), version=0)
    return found[0] if found else None


def documents_of(works: "QuerySet[Work]", version: int) -> list[Document]:
    """Documents of a batch: a dozen queries, however many works."""
    beside, texts = Beside(works), texts_of(works.order_by().values("pk"))
    labels = {str(value): str(label) for value, label in (*WorkKind.choices, *TYPES.items())}
    return [_document(row, version, beside, texts.get(row.pk, ()), labels) for row in rows_of(works)]


def plain(text: str) -> str:
    """Rich text as words: tags away, blocks apart, entities back."""
    if not _MARKUP.search(text):
        return text
    return html.unescape(_WORDS_ONLY.clean(_BLOCK_END.sub("\n", text)))


def _document(work: WorkRow, version: int, beside: Beside, files: Iterable[str], labels: Mapping[str, str]) -> Document:
    tags = beside.tags.get(work.pk, [])
    lessons, parts = beside.lessons.get(work.pk, ()), beside.parts.get(work.pk, ())
    curriculum = (
        work.stage_name, work.subject_name, work.grade_name, work.edition_name, work.textbook, work.chapter_name,
    )  # fmt: skip
    keywords = [
        *tags,
        *(name for name in curriculum if name is not None),
        *beside.knowledge.get(work.pk, ()),
        work.volume or "",
        labels[work.kind],
        labels.get(_type(work), ""),
        work.author,
        work.school,
        *(title for title, _goal, _sheet in lessons),
        *(title for title, _body in parts),
    ]
    texts = [*_own_texts(work, beside), *files]
    return Document(
        id=str(work.pk),
        version=version,
        title=work.title,
        keywords=" ".join(keywords),
        summary=work.summary,
        body="\n".join(text for text in texts if text.strip())[:MAX_BODY],
        facets=_facets(work, tags, beside),
        acl=tokens_from(
            granted=beside.granted.get(work.pk, ()),
            authors=[work.owner, *beside.authors.get(work.pk, ())],
            places=_places(work.path),
        ),
        adoptions=beside.adopted.get(work.pk, 0),
        published=work.published,
    )


def _own_texts(work: WorkRow, beside: Beside) -> list[str]:
    return [
        plain(work.body),
        *(f"{goal} {plain(sheet)}" for _title, goal, sheet in beside.lessons.get(work.pk, ())),
        *(plain(body) for _title, body in beside.parts.get(work.pk, ())),
    ]


def text_of(work: Work) -> tuple[str, str]:
    """What stands in the body of the work's document: its own words, and those of its files."""
    found = Work.objects.filter(pk=work.pk)
    (row,) = rows_of(found)
    files = texts_of([work.pk]).get(work.pk, ())
    return "\n".join(_own_texts(row, Beside(found)))[:MAX_BODY], "\n".join(files)[:MAX_BODY]


def _type(work: WorkRow) -> str:
    """What a resource is used as, what an outcome came to; empty for other kinds."""
    return work.resource_type or work.outcome_type or ""


def _facets(work: WorkRow, tags: list[str], beside: Beside) -> dict[str, Sequence[str]]:
    found: dict[str, Sequence[str]] = {}
    for name, pk in (
        ("library", work.library),
        ("stage", work.stage),
        ("subject", work.subject),
        ("grade", work.grade),
        ("edition", work.edition),
    ):
        if pk is not None:
            found[name] = [str(pk)]
    for name, value in (
        ("type", _type(work)),
        ("badge", beside.badge.get(work.pk)),
        ("volume", volume_key(work.volume) if work.volume is not None else None),
        ("sector", work.sector),
        ("year", str(timezone.localtime(work.published).year) if work.published is not None else None),
    ):
        if value:
            found[name] = [value]
    # The chapter and those above it, so that a unit counts what is filed under its sections.
    found["chapter"] = [str(pk) for pk in (work.chapter, work.section_of, work.unit_of, work.part_of) if pk is not None]
    found[ABOUT] = _ABOUT
    found["kind"] = [work.kind]
    found["organisation"] = [str(work.organisation)]
    found["place"] = _places(work.path)
    found["tier"] = [beside.tier.get(work.pk) or Tier.SCHOOL.value]
    found["tag"] = tags
    return found


_ABOUT = (About.WORK.value,)


@lru_cache(maxsize=20_000)
def _places(path: str) -> tuple[str, ...]:
    """Paths of the organisation and of all above it; most organisations have many works."""
    return tuple(paths_above(path))
