"""The processes that the demo starts: all of them end with it, whatever happens."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from environment import ROOT

GRACE = 8.0  # seconds between asking a child to end and ending it
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Ended(BaseException):
    """Somebody asked the demo to end: Ctrl-C, SIGTERM, or the terminal is gone."""


class ChildDied(Exception):
    """A process that should go on has ended by itself."""


@contextlib.contextmanager
def ends_on_signals() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP raise Ended while the body runs, once; afterwards they are ignored: children are
    being ended, and a second Ctrl-C must not leave one behind."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def end(number: int, frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise Ended

    for number in numbers:
        signal.signal(number, end)
    yield


def _die_with_parent() -> None:
    """In the child: have the kernel end it when the demo itself is killed (Linux)."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Children:
    """Every process of the demo, each in a process group of its own."""

    def __init__(self) -> None:
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(self, name: str, command: Sequence[str | Path], surroundings: dict[str, str]) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  this process has one thread
        )
        self._running.append((name, child))
        return child

    def run(self, name: str, command: Sequence[str | Path], surroundings: dict[str, str]) -> int:
        """Start it, wait for its end, and return its exit code."""
        child = self.start(name, command, surroundings)
        code = child.wait()
        self._running = [(other, process) for other, process in self._running if process is not child]
        return code

    def wait_for(self, address: str, *, within: float) -> None:
        """Return when `address` answers 200. Raises ChildDied when a child ends first, or nothing answers in time."""
        until = time.monotonic() + within
        problem = ""
        while time.monotonic() < until:
            self._check()
            try:
                with urllib.request.urlopen(address, timeout=5):  # noqa: S310  our own address
                    return
            except urllib.error.HTTPError as error:
                if error.code < 500:  # the server speaks
                    return
                problem = f"HTTP {error.code}"
            except OSError as error:
                problem = str(error)
            time.sleep(0.1)
        raise ChildDied(f"网站 {within:.0f} 秒内没有就绪（{problem}），演示已停止。  (the site did not answer)")

    def watch(self) -> None:
        """Never returns while every child lives. Raises ChildDied."""
        while True:
            self._check()
            time.sleep(0.5)

    def _check(self) -> None:
        for name, child in self._running:
            if child.poll() is not None:
                raise ChildDied(f"{name} 意外退出（代码 {child.returncode}），演示已停止。  (it ended by itself)")

    def end(self) -> None:
        """None of them runs any more, nor what they started."""
        for _name, child in self._running:
            self._signal(child, signal.SIGTERM)
        until = time.monotonic() + GRACE
        for _name, child in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=max(until - time.monotonic(), 0.01))
            self._signal(child, signal.SIGKILL)  # the whole group: a worker that outlived its master too
            child.wait()
        self._running = []

    @staticmethod
    def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
