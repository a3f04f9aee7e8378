"""SQLite connections: one for each thread and file, never carried over a fork, errors told in the room's words."""

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.errors import IndexUnavailable, SearchTimeout

KEPT = 3  # open files of one thread: current, next, previous
BUSY_TIMEOUT = 10_000  # milliseconds one writer waits for another
STEPS = 20_000  # virtual machine steps between two looks at the clock

PRAGMAS = f"""
PRAGMA busy_timeout = {BUSY_TIMEOUT};
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -16000;
PRAGMA mmap_size = 1073741824;
PRAGMA temp_store = MEMORY;
"""

REASONS = {
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_CANTOPEN: "missing",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_IOERR: "unreachable",
    sqlite3.SQLITE_NOMEM: "unreachable",
}


def unavailable(error: sqlite3.Error) -> IndexUnavailable:
    """What an SQLite error means for who searches or writes."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte; the rest refines it
    return IndexUnavailable(REASONS.get(code, "failed"), str(error))


class Connections:
    """Open connections by thread and file.

    Not a `threading.local`: after a fork Python clears the locals of threads that are gone, which would close in the
    child what the parent still uses.
    """

    def __init__(self) -> None:
        self._open: dict[int, dict[Path, sqlite3.Connection]] = {}
        self._lock = threading.Lock()
        _pools.add(self)

    def get(self, file: Path) -> sqlite3.Connection:
        """This thread's connection to an existing file. Raises IndexUnavailable."""
        mine = self._open.get(threading.get_ident())
        if mine is not None and file in mine:
            return mine[file]
        with self._lock:
            self._prune()
            mine = self._open.setdefault(threading.get_ident(), {})
            while len(mine) >= KEPT:
                mine.pop(next(iter(mine))).close()
            mine[file] = connect(file)
            return mine[file]

    def drop(self, file: Path) -> None:
        """This thread's connection to `file` is closed."""
        with self._lock:
            connection = self._open.get(threading.get_ident(), {}).pop(file, None)
        if connection is not None:
            connection.close()

    def close(self) -> None:
        """All connections are closed; call it when no other thread searches."""
        with self._lock:
            for mine in self._open.values():
                for connection in mine.values():
                    connection.close()
            self._open.clear()

    def _prune(self) -> None:
        alive = {thread.ident for thread in threading.enumerate()}
        for ident in [ident for ident in self._open if ident not in alive]:
            for connection in self._open.pop(ident).values():
                connection.close()

    def _forget(self) -> None:
        # Kept, never closed: closing would touch the parent's locks and shared memory.
        _inherited.append(self._open)
        self._open = {}
        self._lock = threading.Lock()


_pools: weakref.WeakSet[Connections] = weakref.WeakSet()
_inherited: list[object] = []


def _after_fork() -> None:
    for pool in list(_pools):
        pool._forget()


os.register_at_fork(after_in_child=_after_fork)


def connect(file: Path) -> sqlite3.Connection:
    """A new connection to an existing file. Raises IndexUnavailable."""
    connection = None
    try:
        # Not created when it is missing; closed by whichever thread finds its owner gone.
        address = f"{file.as_uri()}?mode=rw"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        connection.executescript(PRAGMAS)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise unavailable(error) from error
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, *, write: bool) -> Iterator[sqlite3.Connection]:
    """One consistent view, or one write that stands as a whole. Raises IndexUnavailable."""
    try:
        connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.rollback()
        raise unavailable(error) from error


@contextmanager
def deadline(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """What is asked inside is stopped after `seconds`. Raises SearchTimeout."""
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    try:
        yield
    except IndexUnavailable as error:
        cause = error.__cause__
        if isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            raise SearchTimeout(seconds) from error
        raise
    finally:
        connection.set_progress_handler(None, 0)
