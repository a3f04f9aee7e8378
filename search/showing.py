"""What was found as rows that may be shown: asked of the database again, with the words marked and where they stand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from cms.library import rules as library_rules
from cms.library.models import Work
from cms.library.queries import for_cards
from cms.people import rules as people_rules
from cms.people.models import User
from cms.people.queries import Anybody
from cms.spaces import rules as space_rules
from cms.spaces.models import Space
from search.documents import About, by_source, people, plain, spaces
from search.engines.base import Hit
from search.excerpts import inside
from search.highlight import highlight, snippet

MARK = "<mark>"


@dataclass(frozen=True)
class Found:
    """One row of the result: a work, a space or a person, the title with the words marked, and where they stand."""

    about: About
    row: Work | Space | User
    title: SafeString
    excerpt: SafeString
    score: float
    parts: Mapping[str, float]

    @property
    def is_work(self) -> bool:
        return self.about is About.WORK

    @property
    def work(self) -> Work:
        return cast("Work", self.row)


def shown(user: Anybody, hits: Sequence[Hit], marks: Sequence[str]) -> dict[str, Found]:
    """Document id -> row, of what this person may see now: a fixed number of queries for each kind of thing."""
    rows: dict[str, tuple[About, Any]] = {}
    for source, pks in by_source(hit.id for hit in hits):
        found = VISIBLE[source.about](user).in_bulk(pks)
        rows |= {source.id_of(pk): (source.about, row) for pk, row in found.items()}
    titles = {id_: highlight(str(_title(row)), marks) for id_, (_about, row) in rows.items()}
    excerpts = {id_: _excerpt(_texts(row), marks) for id_, (_about, row) in rows.items()}
    excerpts |= _from_inside(rows, titles, excerpts, marks)
    return {
        hit.id: Found(*rows[hit.id], titles[hit.id], excerpts[hit.id], hit.score, hit.parts)
        for hit in hits
        if hit.id in rows
    }


def _works(user: Anybody) -> "QuerySet[Work]":
    return for_cards(Work.objects.filter(library_rules.as_q(user, "view")), body=True)


def _spaces(user: Anybody) -> "QuerySet[Space]":
    return spaces.live().filter(space_rules.as_q(user, "view")).select_related("organisation", "stage", "subject")


def _people(user: Anybody) -> "QuerySet[User]":
    return people.with_what_is_told(User.objects.filter(people_rules.as_q(user, "find")))


VISIBLE: Mapping[About, Callable[[Anybody], "QuerySet[Any]"]] = {
    About.WORK: _works,
    About.SPACE: _spaces,
    About.PERSON: _people,
}


def _title(row: Work | Space | User) -> str:
    return row.title if isinstance(row, Work) else row.name


def _texts(row: Work | Space | User) -> Iterable[str]:
    """Where words are looked for, the best place first; later ones are made only when they are needed."""
    if isinstance(row, Work):
        yield row.summary
        yield plain(row.body)
    elif isinstance(row, Space):
        yield row.introduction
    else:
        own = people.space_of(row)
        yield own.introduction if own is not None else ""


def _excerpt(texts: Iterable[str], marks: Sequence[str]) -> SafeString:
    """From the first text in which a word stands, else the beginning of the first."""
    first: SafeString | None = None
    for text in texts:
        here = snippet(text, marks)
        if MARK in here or not marks:
            return here
        first = here if first is None else first
    return first if first is not None else SafeString("")


def _from_inside(
    rows: Mapping[str, tuple[About, Any]],
    titles: Mapping[str, SafeString],
    excerpts: Mapping[str, SafeString],
    marks: Sequence[str],
) -> dict[str, SafeString]:
    """Excerpts for works that show no word yet, from lessons, parts of a case, and files."""
    dark = {
        row.pk: id_
        for id_, (about, row) in rows.items()
        if marks and about is About.WORK and MARK not in titles[id_] and MARK not in excerpts[id_]
    }
    return {dark[pk]: found for pk, found in inside([rows[id_][1] for id_ in dark.values()], marks).items()}
