"""What was found as rows that may be shown: asked of the database again, with the words marked and where they stand."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from cms.library import rules as library_rules
from cms.library.cards import COLUMNS, CardRow, row_from
from cms.library.models import Work
from cms.people import rules as people_rules
from cms.people.by_standing import ComposedByStanding
from cms.people.models import User
from cms.people.queries import Anybody
from cms.spaces import rules as space_rules
from cms.spaces.models import Space
from search.documents import About, by_source, people, plain, spaces
from search.engines.base import Hit
from search.excerpts import inside, telling
from search.highlight import highlight, lit, snippet


@dataclass(frozen=True)
class Found:
    """One row of the result: a work, a space or a person, the title with the words marked, and where they stand."""

    about: About
    row: CardRow | Space | User
    title: SafeString
    excerpt: SafeString
    score: float
    parts: Mapping[str, float]

    @property
    def is_work(self) -> bool:
        return self.about is About.WORK

    @property
    def work(self) -> CardRow:
        return cast("CardRow", self.row)


def shown(user: Anybody, hits: Sequence[Hit], marks: Sequence[str]) -> dict[str, Found]:
    """Document id -> row, of what this person may see now: a fixed number of queries for each kind of thing."""
    rows: dict[str, tuple[About, Any]] = {}
    titles: dict[str, SafeString] = {}
    excerpts: dict[str, SafeString] = {}
    for source, pks in by_source(hit.id for hit in hits):
        for row, title, texts in VISIBLE[source.about](user, pks):
            id_ = source.id_of(row.pk)
            rows[id_] = source.about, row
            titles[id_], excerpts[id_] = highlight(title, marks), _excerpt(texts, marks)
    excerpts |= _from_inside(rows, titles, excerpts, marks)
    return {
        hit.id: Found(*rows[hit.id], titles[hit.id], excerpts[hit.id], hit.score, hit.parts)
        for hit in hits
        if hit.id in rows
    }


Told = tuple[Any, str, Iterable[str]]
"""A row, its title, and the texts in which words are looked for: the best place first, later ones made when needed."""


def _visible_works(user: Anybody, keys: Sequence[int]) -> "QuerySet[Work, Any]":
    found = Work.objects.filter(library_rules.as_q(user, "view"), pk__in=keys)
    return found.order_by().values_list("summary", "body", *COLUMNS)


_WORKS = ComposedByStanding(_visible_works)


def _works(user: Anybody, pks: Sequence[int]) -> Iterator[Told]:
    for summary, body, *columns in _WORKS.rows(user, pks):
        row = row_from(columns)
        yield row, row.title, _texts(summary, body)


def _texts(summary: str, body: str) -> Iterator[str]:
    yield summary
    yield plain(body)


def _spaces(user: Anybody, pks: Sequence[int]) -> Iterator[Told]:
    found = spaces.live().filter(space_rules.as_q(user, "view"), pk__in=pks)
    for row in found.select_related("organisation", "subject"):
        yield row, row.name, [row.introduction]


def _people(user: Anybody, pks: Sequence[int]) -> Iterator[Told]:
    for row in people.with_what_is_told(User.objects.filter(people_rules.as_q(user, "find"), pk__in=pks)):
        own = people.space_of(row)
        yield row, row.name, [own.introduction if own is not None else ""]


VISIBLE: Mapping[About, Callable[[Anybody, Sequence[int]], Iterator[Told]]] = {
    About.WORK: _works,
    About.SPACE: _spaces,
    About.PERSON: _people,
}


def _excerpt(texts: Iterable[str], marks: Sequence[str]) -> SafeString:
    """From the first text in which more stands than a chance character, else in which one does, else the beginning of
    the first."""
    best: SafeString | None = None
    most = 0
    for text in texts:
        here = snippet(text, marks)
        if (says := lit(here)) >= telling(marks):
            return here
        if best is None or says > most:
            best, most = here, says
    return best if best is not None else SafeString("")


def _from_inside(
    rows: Mapping[str, tuple[About, Any]],
    titles: Mapping[str, SafeString],
    excerpts: Mapping[str, SafeString],
    marks: Sequence[str],
) -> dict[str, SafeString]:
    """Excerpts for works that show no word yet, or a chance character, from lessons, parts of a case, and files."""
    dark: dict[int, str] = {}
    shown: dict[int, int] = {}
    for id_, (about, row) in rows.items():
        if about is About.WORK and (says := max(lit(titles[id_]), lit(excerpts[id_]))) < telling(marks):
            dark[row.pk], shown[row.pk] = id_, says
    found = inside([rows[id_][1] for id_ in dark.values()], marks, more_than=shown)
    return {dark[pk]: excerpt for pk, excerpt in found.items()}
