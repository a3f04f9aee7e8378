"""One stored file -> its words, read by `search.texts.reader` in a process with limits."""

import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cms.library.models import StoredFile
from search.normalise import storable
from search.texts.enums import TextState
from search.texts.reader import READERS, SECONDS

LONGEST = SECONDS + 20  # seconds by the clock, storage not counted
LARGEST = 100 * 1024**2  # bytes; larger documents are pictures, mostly
ROOT = Path(__file__).resolve().parents[2]
STOPPED = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL})
"""What a worker that is stopped passes on to the reader, or a machine without memory sends, and no file is to blame
for: one that takes too long ends by SIGXCPU, one that takes too much memory by itself."""


@dataclass(frozen=True)
class Reading:
    """What came of it; `reason` only where it is UNREADABLE."""

    state: TextState
    text: str = ""
    reason: str = ""


def is_readable(file: StoredFile) -> bool:
    """Whether there are readers for its type, and it is small enough."""
    return file.media_type in READERS and file.size <= LARGEST


def read_file(file: StoredFile) -> Reading:
    """The words of a readable file. Raises OSError while the storage does not give the bytes, and where the reader was
    stopped with the worker, killed, or kept waiting for a processor: it is read another time."""
    with tempfile.NamedTemporaryFile(prefix="gongjian-text-") as copy:
        with file.file.open("rb") as stored:
            shutil.copyfileobj(stored, copy)
        copy.flush()
        return _read(file.media_type, copy.name)


def _read(media_type: str, path: str) -> Reading:
    command = [sys.executable, "-m", "search.texts.reader", media_type, path]
    try:
        done = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise OSError(f"the reader had no {SECONDS} s of a processor within {LONGEST} s") from error
    if -done.returncode in STOPPED:
        raise OSError(f"the reader was stopped by signal {-done.returncode}")
    text = done.stdout.decode("utf-8", "ignore")  # the last character may be cut
    if text.strip():  # however it ended: what is read is read
        return Reading(TextState.READ, text)
    if done.returncode != 0:
        said = storable(done.stderr.decode("utf-8", "replace")).strip()[-250:]
        return Reading(TextState.UNREADABLE, reason=said or f"读取进程以 {done.returncode} 结束")
    return Reading(TextState.EMPTY)
