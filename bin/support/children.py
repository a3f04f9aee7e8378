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
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from environment import ROOT

GRACE = 8.0  # seconds between asking a child to end and ending it
STEADY = 5.0  # seconds: who ends earlier would only end again
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1  # linux/prctl.h

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Asks this machine itself, whatever proxy leads out of it (`http_proxy`): a proxy knows nothing of our ports."""


class Ended(BaseException):
    """Somebody asked the demo to end: Ctrl-C, SIGTERM, or the terminal is gone."""


class ChildDied(Exception):
    """A process that should go on has ended by itself."""


def _ignore_signals() -> None:
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)


@contextlib.contextmanager
def ends_on_signals() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP raise Ended while the body runs, once; afterwards they are ignored: children are
    being ended, and a second Ctrl-C must not leave one behind."""

    def end(number: int, frame: FrameType | None) -> None:
        _ignore_signals()
        raise Ended

    for number in ENDING:
        signal.signal(number, end)
    yield


@contextlib.contextmanager
def _signals_wait() -> Iterator[None]:
    """A signal that comes while the body runs is dealt with after it. Ended in the middle of a start would leave the
    child behind; in the middle of `Popen.poll`, its lock held, for which `Popen.wait` would then wait for ever."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _die_with_parent() -> None:
    """In the child: have the kernel end it when the demo itself is killed (Linux)."""
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _say(line: str) -> None:
    """In one piece: the children write to the same terminal."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


@dataclass(frozen=True)
class Child:
    """A process, and how to start another in its place when it may be.

    pause  seconds after its end; with one, the demo goes on without it for so long
    """

    name: str
    process: subprocess.Popen[bytes]
    command: Sequence[str | Path]
    surroundings: dict[str, str]
    again: bool
    since: float
    quiet: bool = False
    pause: float = 0.0


class Children:
    """Every process of the demo, each in a process group of its own."""

    def __init__(self) -> None:
        self._running: list[Child] = []
        self._resting: list[tuple[float, Child]] = []  # when to start it again

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        surroundings: dict[str, str],
        *,
        again: bool = False,
        quiet: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Start it. again: when it ends by itself after a while, `watch` starts another in its place.
        quiet: what it prints on stdout is not shown."""
        with _signals_wait():
            child = subprocess.Popen(
                command,
                cwd=ROOT,
                env=surroundings,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL if quiet else None,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  this process has one thread
            )
            self._running.append(Child(name, child, command, surroundings, again, time.monotonic(), quiet))
        return child

    def run(self, name: str, command: Sequence[str | Path], surroundings: dict[str, str]) -> int:
        """Start it, wait for its end, and return its exit code."""
        child = self.start(name, command, surroundings)
        code = child.wait()
        self._running = [other for other in self._running if other.process is not child]
        return code

    def replace_after(self, process: subprocess.Popen[bytes], pause: float) -> None:
        """From now on the demo outlives this child: when it ends, `watch` starts another after so many seconds."""
        self._running = [
            replace(child, again=True, pause=pause) if child.process is process else child for child in self._running
        ]

    def wait_for(self, address: str, *, within: float, who: str = "网站") -> None:
        """Return when `address` answers 200. Raises ChildDied when a child ends first, or nothing answers in time."""
        until = time.monotonic() + within
        problem = ""
        while time.monotonic() < until:
            with _signals_wait():
                self._check()
            try:
                with DIRECT.open(address, timeout=5):
                    return
            except urllib.error.HTTPError as error:
                if error.code < 500:  # the server speaks
                    return
                problem = f"HTTP {error.code}"
                time.sleep(0.5)  # it waits for something else: asking often only fills the log
            except OSError as error:
                problem = str(error)
            time.sleep(0.1)
        raise ChildDied(f"{who} {within:.0f} 秒内没有就绪（{problem}），演示已停止。  (it did not answer)")

    def watch(self) -> None:
        """Never returns while every child lives, or can be replaced. Raises ChildDied."""
        while True:
            with _signals_wait():
                self._check()
            time.sleep(0.5)

    def _check(self) -> None:
        for due, child in list(self._resting):
            if time.monotonic() >= due:
                self._resting.remove((due, child))
                self._start_again(child)
                _say(f"{child.name} 已重新启动。  (started again)")
        for child in list(self._running):
            if child.process.poll() is None:
                continue
            said = f"{child.name} 意外退出（代码 {child.process.returncode}）"
            if child.pause:
                _say(f"{said}，{child.pause:.0f} 秒后重新启动，其间网站照常使用。  (it will be started again)")
                self._signal(child.process, signal.SIGKILL)
                self._running.remove(child)
                self._resting.append((time.monotonic() + child.pause, child))
                continue
            if not child.again or time.monotonic() - child.since < STEADY:
                raise ChildDied(f"{said}，演示已停止。  (it ended by itself)")
            _say(f"{said}，已重新启动，没有做完的事会接着做。  (started again)")
            self._signal(child.process, signal.SIGKILL)  # what it had started
            self._running.remove(child)
            self._start_again(child)

    def _start_again(self, child: Child) -> None:
        process = self.start(child.name, child.command, child.surroundings, again=True, quiet=child.quiet)
        self.replace_after(process, child.pause)

    def end(self) -> None:
        """None of them runs any more, nor what they started. Signals are ignored from here on."""
        with _signals_wait():
            _ignore_signals()
        processes = [child.process for child in self._running]
        for process in processes:
            self._signal(process, signal.SIGTERM)
        until = time.monotonic() + GRACE
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(until - time.monotonic(), 0.01))
            self._signal(process, signal.SIGKILL)  # the whole group: a worker that outlived its master too
            process.wait()
        self._running = []
        self._resting = []

    @staticmethod
    def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
