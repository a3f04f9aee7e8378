"""Two engines, written alike: the first answers, and while it cannot, the second does.

The second knows what passes through this object: it is for an installation whose workers all run on one machine. What
the workers of another machine write, it never hears of; `search.indexing.caring` tells the operator.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from search.engines.base import Document, Engine, Health, Op, Page, Rebuild, Suggestion, Written
from search.engines.matching import Matcher
from search.errors import IndexUnavailable, SearchError, SearchTimeout
from search.query import Query

PAUSE = 5.0  # seconds in which an engine that was away is not asked again
T = TypeVar("T")

log = logging.getLogger("gongjian.search")


class StandbyRebuild:
    """Fills the new indexes of both. See `search.engines.base.Rebuild`."""

    def __init__(self, first: Rebuild, second: Rebuild) -> None:
        self._first, self._second = first, second

    def fill(self, documents: Iterable[Document]) -> int:
        batch = list(documents)
        self._second.fill(batch)
        return self._first.fill(batch)


class StandbyEngine:
    """See `search.engines.base.Engine`. Health and versions speak of the first."""

    def __init__(self, first: Engine, second: Engine) -> None:
        self._first, self._second = first, second
        self._away_until = 0.0
        self._too_heavy = ("", 0.0)  # words for which the first took too long, and until when they are not asked again

    @property
    def elsewhere(self) -> bool:
        return self._first.elsewhere

    @property
    def both(self) -> tuple[Engine, Engine]:
        return self._first, self._second

    @property
    def matcher(self) -> Matcher | None:
        """The first's: while it is away the database matches."""
        return getattr(self._first, "matcher", None)

    def ensure(self) -> None:
        self._second.ensure()
        self._first.ensure()

    def bulk(self, ops: Iterable[Op]) -> Written:
        """Both have it when this returns. What the first cannot take, the second has none the less."""
        batch = list(ops)
        broken: SearchError | None = None
        try:
            self._second.bulk(batch)
        except SearchError as error:
            broken = error
        written = self._first.bulk(batch)
        if broken is not None:
            raise broken
        return written

    def search(self, query: Query) -> Page:
        return self._ask(
            lambda: self._first.search(query),
            lambda: replace(self._second.search(query), from_standby=True),
            query.text,
        )

    def suggest(self, prefix: str, tokens: Collection[str], *, limit: int = 8) -> list[Suggestion]:
        return self._ask(
            lambda: self._first.suggest(prefix, tokens, limit=limit),
            lambda: self._second.suggest(prefix, tokens, limit=limit),
        )

    def _ask(self, first: Callable[[], T], second: Callable[[], T], words: str = "") -> T:
        heavy, until = self._too_heavy
        now = time.monotonic()
        if now < self._away_until or (words and words == heavy and now < until):
            return second()
        try:
            return first()
        except SearchTimeout:  # these words were too heavy, perhaps: nobody waits twice; others may be answered
            self._too_heavy = (words, time.monotonic() + PAUSE)
        except IndexUnavailable as error:
            log.warning("the index on standby answers: %s %s", error.reason, error)
            if error.reason == "failed":  # it answered, and did not like this question
                self._too_heavy = (words, time.monotonic() + PAUSE)
            else:
                self._away_until = time.monotonic() + PAUSE
        return second()

    def rebuild(self, *, newest: Callable[[], int] | None = None) -> AbstractContextManager[Rebuild]:
        return self._rebuild(newest)

    @contextmanager
    def _rebuild(self, newest: Callable[[], int] | None) -> Iterator[Rebuild]:
        with self._second.rebuild(newest=newest) as second, self._first.rebuild(newest=newest) as first:
            yield StandbyRebuild(first, second)

    def rollback(self, *, not_before: datetime | None = None) -> datetime:
        """The second goes back too, where it can: else what nobody is content with would answer when the first is away.
        Where it cannot it stays: whoever rolls back has both compared with the database."""
        since = self._first.rollback(not_before=not_before)
        try:
            return min(since, self._second.rollback(not_before=not_before))
        except SearchError as error:
            log.warning("the index on standby stays as it is: %s %s", error.code, error)
            return since

    def versions(self) -> Iterator[tuple[str, int]]:
        return self._first.versions()

    def tend(self, *, seconds: float = 1.0) -> bool:
        more = self._second.tend(seconds=seconds / 2)
        return self._first.tend(seconds=seconds / 2) or more

    def health(self) -> Health:
        found, standby = self._first.health(), self._second.health()
        said = f"备用 {standby.engine} {standby.state}，文档 {standby.documents}"
        detail = "；".join(part for part in (found.detail, said) if part)
        return replace(found, detail=detail, standby=standby.state)

    def close(self) -> None:
        self._first.close()
        self._second.close()
