"""Where documents come from: one row for each kind of thing. Indexing, rebuilding and checking walk them all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cms.outbox.versions import version_of_now
from search.documents import people, spaces, works
from search.documents.abouts import About
from search.engines.base import DeleteOp, Document, IndexOp, Op
from search.query import is_id

BATCH = 500


@dataclass(frozen=True)
class Source:
    """One kind of thing.

    prefix        of its documents' ids, before the number of the row
    live          the rows that belong in the index
    documents_of  documents of a batch of rows, in a fixed number of queries
    """

    about: About
    prefix: str
    live: Callable[[], "QuerySet[Any]"]
    documents_of: Callable[["QuerySet[Any]", int], list[Document]]

    def id_of(self, pk: int) -> str:
        return f"{self.prefix}{pk}"


SOURCES = (
    Source(About.WORK, works.PREFIX, works.live, works.documents_of),
    Source(About.SPACE, spaces.PREFIX, spaces.live, spaces.documents_of),
    Source(About.PERSON, people.PREFIX, people.live, people.documents_of),
)


def id_of(about: About, pk: int) -> str:
    """The id of the document about this row."""
    return next(source for source in SOURCES if source.about is about).id_of(pk)


def by_source(ids: Iterable[str]) -> list[tuple[Source, list[int]]]:
    """Document ids as numbers of rows, each once; what is no id of ours is left out."""
    found: dict[str, dict[int, None]] = {source.prefix: {} for source in SOURCES}
    for id_ in ids:
        prefix, colon, number = id_.rpartition(":")
        if is_id(number) and f"{prefix}{colon}" in found:
            found[f"{prefix}{colon}"][int(number)] = None
    return [(source, list(found[source.prefix])) for source in SOURCES if found[source.prefix]]


def ops_for(ids: Sequence[str]) -> list[Op]:
    """What the index should hold under these ids now: a document for what is there to be found, a deletion for any
    other."""
    version = version_of_now()
    ops: list[Op] = []
    for source, pks in by_source(ids):
        documents = {found.id: found for found in source.documents_of(source.live().filter(pk__in=pks), version)}
        for id_ in map(source.id_of, pks):
            ops.append(IndexOp(documents[id_]) if id_ in documents else DeleteOp(id=id_, version=version))
    return ops


def every_document() -> Iterator[Document]:
    """Documents of everything that can be found, batch by batch."""
    version = version_of_now()
    for source in SOURCES:
        last = 0
        while batch := list(source.live().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            # From here to there: hundreds of numbers in each of a dozen queries would cost more than the rows.
            yield from source.documents_of(source.live().filter(pk__gt=last, pk__lte=batch[-1]), version)
            last = batch[-1]


def every_id() -> set[str]:
    """Ids of everything that can be found: one query for each kind of thing."""
    return {source.id_of(pk) for source in SOURCES for pk in source.live().values_list("pk", flat=True)}


def how_many() -> int:
    return sum(source.live().count() for source in SOURCES)
