"""The directory of an embedded index: which file is live, which is being filled, which is kept.

CURRENT   names the file that answers
NEXT      names the one being filled; true only while somebody holds `rebuild.lock`
PREVIOUS  names the one that answered before, kept for rollback

A name is swapped by an atomic replace, and only under `write.lock`, which every writer holds as well.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from search.errors import IndexUnavailable, RebuildRunning

CURRENT, NEXT, PREVIOUS = "CURRENT", "NEXT", "PREVIOUS"
DAMAGED = "-damaged"  # an empty file of this ending beside a file in which somebody has met damage
BESIDE = ("", "-wal", "-shm", "-journal", DAMAGED)  # what SQLite and we keep beside a file
STAMP = "%Y%m%dT%H%M%S"  # in the name of a file
LOCK_POLL = 0.005  # seconds
LOOK = 0.5  # seconds in which somebody who only looks at a lock has let go of it


class Files:
    """The files of one index directory. Holds nothing open, so it may be carried over a fork."""

    def __init__(self, path: Path, *, lock_timeout: float) -> None:
        self.path = path
        self.lock_timeout = lock_timeout

    def named(self, pointer: str) -> Path | None:
        """The file a pointer names, whether it exists or not; None without the pointer."""
        try:
            name = (self.path / pointer).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return self.path / name if name and Path(name).name == name else None

    def point(self, pointer: str, file: Path | None) -> None:
        """The pointer names `file` from now on, also after a power cut; None removes it."""
        target = self.path / pointer
        if file is None:
            target.unlink(missing_ok=True)
        else:
            fresh = self.path / f".{pointer}.{os.getpid()}.{token_hex(4)}"
            with fresh.open("w", encoding="utf-8") as stream:
                stream.write(file.name)
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(target)
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def fresh(self) -> Path:
        """A file name that nobody uses."""
        return self.path / f"works-{datetime.now(UTC):{STAMP}}-{token_hex(3)}.sqlite3"

    def mark_damaged(self, file: Path) -> None:
        """All processes know from now on that `file` is damaged: most of it may still answer."""
        if file.exists():
            with suppress(OSError):  # a disk that takes no mark is in a worse state than that
                file.with_name(file.name + DAMAGED).touch()

    def is_damaged(self, file: Path) -> bool:
        return file.with_name(file.name + DAMAGED).exists()

    def sweep(self) -> None:
        """Only the files that a pointer names are left. Needs `write.lock`."""
        kept = {file.name for pointer in (CURRENT, NEXT, PREVIOUS) if (file := self.named(pointer))}
        for file in self.path.glob("works-*.sqlite3"):
            if file.name not in kept:
                remove(file)

    def clear(self) -> None:
        """The file that somebody was filling who died is gone. Needs `write.lock`."""
        left = self.named(NEXT)
        if left is not None and self.being_filled() is None:
            self.point(NEXT, None)
            if left not in (self.named(CURRENT), self.named(PREVIOUS)):  # it may have died while it took over
                remove(left)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Nobody else writes or swaps meanwhile. Raises IndexUnavailable busy after `lock_timeout` seconds."""
        with self._locked("write.lock", self.lock_timeout) as held:
            if not held:
                raise IndexUnavailable("busy", f"write.lock is held longer than {self.lock_timeout:g} s")
            yield

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Nobody else rebuilds meanwhile. Raises RebuildRunning."""
        with self._locked("rebuild.lock", LOOK) as held:
            if not held:
                raise RebuildRunning
            yield

    def being_filled(self) -> Path | None:
        """The file somebody is filling now; None also when whoever filled it has died."""
        file = self.named(NEXT)
        if file is None:
            return None
        with self._locked("rebuild.lock", 0, shared=True) as free:
            return None if free else file

    @contextmanager
    def _locked(self, name: str, timeout: float, *, shared: bool = False) -> Iterator[bool]:
        """Yield whether the lock was had within `timeout` seconds. The system frees it when the process dies."""
        try:
            handle = os.open(self.path / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except FileNotFoundError as error:
            raise IndexUnavailable("missing", str(self.path)) from error
        except OSError as error:
            raise IndexUnavailable("readonly", str(error)) from error
        try:
            yield _take(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX, timeout)
        finally:
            os.close(handle)


def _take(handle: int, kind: int, timeout: float) -> bool:
    give_up = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= give_up:
                return False
            time.sleep(LOCK_POLL)
        else:
            return True


def begun(file: Path) -> datetime:
    """When somebody began with this file of ours, as its name says."""
    return datetime.strptime(file.name.split("-")[1], STAMP).replace(tzinfo=UTC)


def remove(file: Path) -> None:
    """The file and what is kept beside it are gone. Who has it open can read on."""
    for suffix in BESIDE:
        with suppress(OSError):
            file.with_name(file.name + suffix).unlink()
