"""An engine that keeps nothing and finds nothing: for silencing indexing in imports and tests."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from search.engines.base import Document, Health, Op, Page, State, Suggestion, Written
from search.errors import NothingToRollBackTo
from search.query import Query, Step


class NullRebuild:
    """Counts what it is given and keeps none of it."""

    def fill(self, documents: Iterable[Document]) -> int:
        return sum(1 for _ in documents)


class NullEngine:
    """See the module."""

    elsewhere = False

    def ensure(self) -> None:
        return None

    def bulk(self, ops: Iterable[Op]) -> Written:
        return Written(done=sum(1 for _ in ops))

    def search(self, query: Query) -> Page:
        return Page(facets=dict.fromkeys(query.facets, ()), step=Step.NOTHING if query.text else Step.BROWSE)

    def suggest(self, prefix: str, tokens: Collection[str], *, limit: int = 8) -> list[Suggestion]:
        return []

    @contextmanager
    def rebuild(self, *, newest: Callable[[], int] | None = None) -> Iterator[NullRebuild]:
        yield NullRebuild()

    def rollback(self, *, not_before: datetime | None = None) -> datetime:
        raise NothingToRollBackTo

    def versions(self) -> Iterator[tuple[str, int]]:
        return iter(())

    def tend(self, *, seconds: float = 1.0) -> bool:
        return False

    def health(self) -> Health:
        return Health(engine="null", state=State.READY)

    def close(self) -> None:
        return None
