"""The embedded engine: SQLite FTS5 in a file of its own, in the directory it is given; nothing to install or start."""

import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from search.engines.base import Health, Op, Page, State, Suggestion, Written
from search.engines.embedded import reading, schema
from search.engines.embedded.connections import Connections, deadline, transaction
from search.engines.embedded.files import CURRENT, NEXT, PREVIOUS, Files, begun, remove
from search.engines.embedded.knowledge import Knowledge
from search.engines.embedded.rebuilding import EmbeddedRebuild
from search.engines.embedded.tending import tend_some
from search.engines.embedded.writing import Prepared, prepare, tombstone, write
from search.errors import IndexUnavailable, NothingToRollBackTo, TooOldToRollBackTo
from search.query import Query

TIMEOUT = 5.0  # seconds one search may take
LOCK_TIMEOUT = 30.0  # seconds a writer waits for another
VERSIONS = 5_000  # rows read at a time when comparing with the database
ANY = 2**63 - 1  # the largest version there is

log = logging.getLogger("gongjian.search")

T = TypeVar("T")

STATES = {"missing": State.MISSING, "corrupt": State.CORRUPT, "outdated": State.OUTDATED}


class EmbeddedEngine:
    """See `search.engines.base.Engine`. Many threads and processes may use one directory at once."""

    elsewhere = False

    def __init__(
        self,
        path: str | Path,
        *,
        timeout: float = TIMEOUT,
        lock_timeout: float = LOCK_TIMEOUT,
        only_filled: bool = False,
    ) -> None:
        self._files = Files(Path(path).absolute(), lock_timeout=lock_timeout)
        self._connections = Connections()
        self._knowledge = Knowledge()
        self._timeout = timeout
        self._only_filled = only_filled

    def ensure(self) -> None:
        self._files.path.mkdir(parents=True, exist_ok=True)
        with self._files.writing():
            try:
                file = self._live()
                connection = self._connections.get(file)
                with transaction(connection, write=False):
                    schema.check(connection)
                    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
                if verdict == "ok" and not self._files.is_damaged(file):
                    return
            except IndexUnavailable as error:
                if error.reason not in STATES:
                    raise
            fresh = self._files.fresh()
            schema.create(fresh)
            self._files.point(CURRENT, fresh)
            self._files.sweep()

    def bulk(self, ops: Iterable[Op]) -> Written:
        prepared = [prepare(op) for op in ops]
        if not prepared:
            return Written()
        with self._files.writing():
            filling = self._files.being_filled()
            written = self._write(self._live(), lambda connection: write(connection, prepared))
            if filling is not None:
                self._write(filling, lambda connection: write(connection, prepared))
        return written

    def search(self, query: Query) -> Page:
        return self._answer(lambda connection, file: reading.search(connection, self._knowledge.of(file), query))

    def suggest(self, prefix: str, tokens: Collection[str], *, limit: int = 8) -> list[Suggestion]:
        return self._answer(lambda connection, file: reading.suggest(connection, prefix, tokens, limit))

    @contextmanager
    def rebuild(self, *, newest: Callable[[], int] | None = None) -> Iterator[EmbeddedRebuild]:
        if not self._answers_still():
            self.ensure()
        with self._files.rebuilding():
            fresh = self._files.fresh()
            schema.create(fresh)
            try:
                building = EmbeddedRebuild(fresh, self._connections)
                with self._files.writing():
                    self._files.point(NEXT, fresh)
                    self._files.sweep()  # what a rebuild that died has left
                    building.remember(self._graves(newest))
                yield building
                building.complete()
                with self._files.writing():
                    before = self._files.named(CURRENT)
                    damaged = before is not None and self._files.is_damaged(before)
                    self._files.point(PREVIOUS, None if damaged else before)
                    self._files.point(CURRENT, fresh)
                    self._files.point(NEXT, None)
                    self._files.sweep()
            except BaseException:
                if self._files.named(CURRENT) != fresh:
                    self._connections.drop(fresh)
                    self._files.point(NEXT, None)
                    remove(fresh)
                raise

    def rollback(self, *, not_before: datetime | None = None) -> datetime:
        with self._files.writing():
            left, previous = self._files.named(CURRENT), self._files.named(PREVIOUS)
            if left is None or previous is None or not self._may_answer(previous):
                raise NothingToRollBackTo
            since = max(begun(left), begun(previous))  # from then on only one of them was sure to be written to
            if not_before is not None and since < not_before:
                raise TooOldToRollBackTo
            self._files.point(PREVIOUS, left)
            self._files.point(CURRENT, previous)
        return since

    def _may_answer(self, file: Path) -> bool:
        """A rebuild of this version has filled it, and nobody has met damage."""
        if self._files.is_damaged(file):
            return False
        try:
            with transaction(self._connections.get(file), write=False) as connection:
                schema.check(connection)
                return schema.complete(connection)
        except IndexUnavailable as error:
            self._give_up(file, error)
            if error.reason not in STATES:
                raise
            return False

    def versions(self) -> Iterator[tuple[str, int]]:
        for id_, version in self._each("SELECT id, version FROM doc"):
            yield str(id_), int(version)

    def _graves(self, newest: Callable[[], int] | None) -> Iterator[Prepared]:
        """The deletions that the live file remembers, as old as they are, up to version `newest`; of a damaged one what
        can be read."""
        last = None
        try:
            for id_, version, gone in self._each("SELECT id, version, gone FROM tombstone"):
                if last is None:
                    last = newest() if newest is not None else ANY
                if version <= last:
                    yield tombstone(id_, version, gone)
        except IndexUnavailable as error:
            if error.reason != "corrupt":
                raise
            log.warning("not all deletions of the damaged index could be read: %s", error)

    def _answers_still(self) -> bool:
        """The live file is there and of this version; a part of it may be damaged. It answers until another does."""
        try:
            self._read(lambda _connection, _file: None)
        except IndexUnavailable as error:
            if error.reason not in STATES:
                raise
            return False
        return True

    def _each(self, select: str) -> Iterator[tuple[Any, ...]]:
        """Every row that it selects, its id first, by id."""
        after = ""
        while rows := self._read(partial(_behind, select, after)):
            yield from rows
            after = rows[-1][0]

    def tend(self, *, seconds: float = 1.0) -> bool:
        end = time.monotonic() + seconds
        with self._files.writing():
            self._files.clear()
        while time.monotonic() < end:
            with self._files.writing():
                if not self._write(self._live(), tend_some):
                    return False
        return True

    def health(self) -> Health:
        file = self._files.named(CURRENT)
        rebuilding, reason = False, ""
        try:
            rebuilding = self._files.being_filled() is not None
            complete, documents = self._read(_facts)
        except IndexUnavailable as error:
            state = STATES.get(error.reason, State.UNREACHABLE)
            complete, documents, detail, reason = False, 0, str(error), error.reason
        else:
            state, detail = (State.READY if complete else State.UNFILLED), ""
            if file is not None and self._files.is_damaged(file):
                state, detail = State.CORRUPT, "文件有一部分损坏"
        return Health(
            engine="embedded",
            state=state,
            documents=documents,
            index=file.name if file else "",
            rebuilding=rebuilding,
            detail=detail,
            reason=reason,
        )

    def close(self) -> None:
        self._connections.close()

    def _live(self) -> Path:
        file = self._files.named(CURRENT)
        if file is None:
            raise IndexUnavailable("missing", f"no {CURRENT} in {self._files.path}")
        if not file.exists():  # else an open connection would go on with a file that is gone
            self._connections.drop(file)
            raise IndexUnavailable("missing", str(file))
        return file

    def _answer(self, read: Callable[[sqlite3.Connection, Path], T]) -> T:
        """What `read` finds for a person, where an index that was never filled has to answer for nothing."""

        def answered(connection: sqlite3.Connection, file: Path) -> T:
            if self._only_filled and not schema.complete(connection):
                raise IndexUnavailable("unfilled", file.name)
            return read(connection, file)

        return self._read(answered)

    def _read(self, read: Callable[[sqlite3.Connection, Path], T]) -> T:
        """What `read` finds in one consistent view of the live file."""
        file = self._live()
        try:
            connection = self._connections.get(file)
            with deadline(connection, self._timeout), transaction(connection, write=False):
                schema.check(connection)
                return read(connection, file)
        except IndexUnavailable as error:
            self._give_up(file, error)
            if error.reason == "missing" and self._files.named(CURRENT) != file:  # swapped twice meanwhile
                return self._read(read)
            raise

    def _write(self, file: Path, change: Callable[[sqlite3.Connection], T]) -> T:
        """What `change` answers; it stands when this returns."""
        try:
            with transaction(self._connections.get(file), write=True) as connection:
                schema.check(connection)
                return change(connection)
        except IndexUnavailable as error:
            self._give_up(file, error)
            raise

    def _give_up(self, file: Path, error: IndexUnavailable) -> None:
        """This thread's connection is closed. What is damaged stands on one page, perhaps, that few questions read:
        `health` would not come across it."""
        self._connections.drop(file)
        if error.reason == "corrupt":
            self._files.mark_damaged(file)


def _behind(select: str, after: str, connection: sqlite3.Connection, file: Path) -> list[tuple[Any, ...]]:
    return connection.execute(f"{select} WHERE id > ? ORDER BY id LIMIT ?", (after, VERSIONS)).fetchall()


def _facts(connection: sqlite3.Connection, file: Path) -> tuple[bool, int]:
    """Whether a rebuild has filled the file, and how many documents it holds."""
    documents = connection.execute("SELECT count(*) FROM doc").fetchone()[0]
    return schema.complete(connection), int(documents)
