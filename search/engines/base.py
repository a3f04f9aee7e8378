"""The one interface between the product and an engine. No word of an engine's language crosses it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from search.query import Query, Step


@dataclass(frozen=True)
class Document:
    """What an engine knows of one thing that can be found; raw text, the engine normalises.

    id         of the thing, unique in the index
    version    grows with every change (the outbox sequence); decides which of two writes is the later
    facets     name -> values; a value is an id or a key, never a label
    acl        permission tokens: who carries one of them sees the document; none means nobody
    adoptions  how many spaces use it
    published  when it went live; None for what is not live
    """

    id: str
    version: int
    title: str
    keywords: str = ""
    summary: str = ""
    body: str = ""
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    acl: Sequence[str] = ()
    adoptions: int = 0
    published: datetime | None = None


@dataclass(frozen=True)
class IndexOp:
    """The document stands in the index as it is here, unless the index holds a later version."""

    document: Document

    @property
    def id(self) -> str:
        return self.document.id

    @property
    def version(self) -> int:
        return self.document.version


@dataclass(frozen=True)
class DeleteOp:
    """The document is gone, and writes older than `version` do not bring it back."""

    id: str
    version: int


Op = IndexOp | DeleteOp


@dataclass(frozen=True)
class Written:
    """What a bulk did: ops carried out, and ops left out because the index holds a later version."""

    done: int = 0
    stale: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(self.done + other.done, self.stale + other.stale)


@dataclass(frozen=True)
class WordShare:
    """What one word of the question gave to a hit.

    share   of what the words count together; 0 where they do not count
    fields  in which the word stands, in any of its spellings; none when it is not there
    """

    word: str
    share: float
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """One document found.

    score  the product of `parts`, higher is better; words count in it only where hits are sorted by relevance
    parts  the signals (search.ranking) by name: words, adoptions, newness
    near   which of `Query.places` is the nearest it has, from 1; 0 for none of them

    Only where `Query.only` asked for this document:
    rank   its place among all hits, from 1; 0 when that is further behind than can be paged
    words  one for each word of the step, in their order; their shares and `whole` make up parts["words"]
    whole  what the question as a whole, standing in the title, gave
    """

    id: str
    score: float
    parts: Mapping[str, float] = field(default_factory=dict)
    near: int = 0
    rank: int = 0
    words: Sequence[WordShare] = ()
    whole: float = 0.0


@dataclass(frozen=True)
class Page:
    """The answer to one query, under the permission of who asked.

    total    documents found; at least that many when not `exact`
    facets   name -> (value, count), most frequent first; a facet's own chosen values do not restrict its counts
    took_ms  time in the engine, milliseconds
    step     which step of relaxing answered
    from_standby  the engine that should have answered is away; this one may lack the newest
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    exact: bool = True
    facets: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    took_ms: float = 0.0
    step: Step = Step.NOTHING
    from_standby: bool = False


@dataclass(frozen=True)
class Suggestion:
    """A title that goes on from what was typed, and the document that bears it."""

    text: str
    id: str


class State(StrEnum):
    """Each but READY is a reason of `search.errors.IndexUnavailable` too, under the same name."""

    READY = "ready"
    UNFILLED = "unfilled"  # made and never filled by a rebuild: what it answers is not the whole
    MISSING = "missing"
    CORRUPT = "corrupt"
    OUTDATED = "outdated"  # written by another version of the analysis; needs a rebuild
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Health:
    """The state of an index, as an operator wants to know it.

    documents   that can be found, whoever asks
    rebuilding  a new index is being filled beside this one
    reason      of IndexUnavailable, where the state is UNREACHABLE for more than one
    standby     the state of the one that answers while this one cannot; None without one
    """

    engine: str
    state: State
    documents: int = 0
    index: str = ""
    rebuilding: bool = False
    detail: str = ""
    standby: State | None = None
    reason: str = ""

    @property
    def why(self) -> str:
        """The reason that the state stands for."""
        return self.reason or self.state.value

    @property
    def ok(self) -> bool:
        return self.state is State.READY

    @property
    def answers(self) -> bool:
        """People get answers: from this index, or from the one on standby."""
        return State.READY in (self.state, self.standby)

    @property
    def complete(self) -> bool:
        """Nothing here asks for a rebuild."""
        return self.ok and self.standby in (None, State.READY)


class Rebuild(Protocol):
    """A new index beside the one in use. Left without an error it takes over; with one it is dropped."""

    def fill(self, documents: Iterable[Document]) -> int:
        """Write documents in batches; returns how many were taken from the iterable."""
        ...


class Engine(Protocol):
    """What every engine can do. All may raise IndexUnavailable, but `health` and `close`.

    elsewhere  it works in another process: who asks waits, and could do something else meanwhile

    Made with `only_filled`, as the product makes it (`search.engines`), `search` and `suggest` raise IndexUnavailable
    unfilled while the index is State.UNFILLED: nobody is told that there is nothing where nothing was looked at.
    """

    @property
    def elsewhere(self) -> bool: ...

    def ensure(self) -> None:
        """There is a sound index; a missing, corrupt or outdated one was replaced by an empty one."""
        ...

    def bulk(self, ops: Iterable[Op]) -> Written:
        """Every op is carried out or was stale; all stand when it returns, and are found at once or within a second.

        May be repeated, in any order.
        """
        ...

    def search(self, query: Query) -> Page:
        """Answer a query. Raises SearchTimeout when it takes too long.

        With `only` the answer is that of the whole question, but its hits are that document alone, or none.
        """
        ...

    def suggest(self, prefix: str, tokens: Collection[str], *, limit: int = 8) -> list[Suggestion]:
        """Titles that hold what was typed, under the permission tokens, most adopted first."""
        ...

    def rebuild(self, *, newest: Callable[[], int] | None = None) -> AbstractContextManager[Rebuild]:
        """Fill a new index while the old one answers and takes writes, then swap; the old one is kept for rollback.

        Start reading the database after entering: writes through `bulk` from then on reach both. Deletions that the
        old index remembers hold in the new one too, so that no write that comes late undoes them. When whoever
        rebuilds dies, nobody writes to the new one any more (another machine learns of it some minutes later).

        newest   tells the version that the database has reached, asked once the deletions are read: later ones are of
                 a database that it no longer is (it came back from a copy), and are forgotten; None: there are none
        Raises RebuildRunning.
        """
        ...

    def rollback(self, *, not_before: datetime | None = None) -> datetime:
        """The index before the last rebuild answers again, and the one left is kept in its place; returns since when
        it lacks writes at most. Nothing has changed where it raises.

        Raises  NothingToRollBackTo: there is none, or none that could answer: never filled, damaged, of another version
                TooOldToRollBackTo: it lacks writes of before `not_before`
        """
        ...

    def versions(self) -> Iterator[tuple[str, int]]:
        """(id, version) of every document, by id, for comparing with the database."""
        ...

    def tend(self, *, seconds: float = 1.0) -> bool:
        """Idle time used for keeping the index quick, and for dropping what a rebuild that died has left; True when
        there is more to do."""
        ...

    def health(self) -> Health:
        """The truth about the index, without raising."""
        ...

    def close(self) -> None:
        """Connections given back; the next call opens new ones."""
        ...
