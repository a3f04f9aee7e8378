"""Who carries out which topic. A room registers its handlers where its subject is, in a module that its
`AppConfig.ready` imports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


def _nothing(ref: str, result: Any) -> None:
    """For handlers whose whole effect is outside the database."""


def _nothing_outside(ref: str) -> None:
    """For handlers whose whole effect is in the database, with the done mark."""


@dataclass(frozen=True)
class Handler:
    """Two halves: `work` outside any transaction, `finish` with the done mark in one short transaction.

    label         what operators read (lazily translated)
    work          takes the ref; slow, may be repeated after a crash, so outside effects carry an idempotency key
    finish        takes the ref and what `work` returned; the database effect
    max_attempts  after so many claims the message is parked as failed
    longest       a run longer than this loses its lease
    every         done, it is owed again after this time; workers see to it that it is owed at all
    hour          of the local day (0 to 23) at which it is owed again instead, where `every` is a day
    """

    topic: str
    work: Callable[[str], Any] = _nothing_outside
    label: Any = ""
    finish: Callable[[str, Any], None] = _nothing
    max_attempts: int = 8
    longest: timedelta = timedelta(minutes=10)
    every: timedelta | None = None
    hour: int | None = None

    most = 1  # messages carried out at once

    def run(self, refs: Sequence[str]) -> Any:
        return self.work(refs[0])

    def settle(self, refs: Sequence[str], result: Any) -> None:
        self.finish(refs[0], result)


def _nothing_for_any(refs: Sequence[str], result: Any) -> None:
    """The same for many."""


@dataclass(frozen=True)
class BulkHandler:
    """A handler that does many at the cost of a few: its halves take distinct refs, at most `most`.

    When the work on many fails, each is tried alone, so that one bad apple spoils only itself.
    """

    topic: str
    work: Callable[[Sequence[str]], Any]
    label: Any = ""
    finish: Callable[[Sequence[str], Any], None] = _nothing_for_any
    most: int = 500
    max_attempts: int = 8
    longest: timedelta = timedelta(minutes=10)
    every: None = None
    hour: None = None

    def run(self, refs: Sequence[str]) -> Any:
        return self.work(refs)

    def settle(self, refs: Sequence[str], result: Any) -> None:
        self.finish(refs, result)


AnyHandler = Handler | BulkHandler

_handlers: dict[str, AnyHandler] = {}


def register(handler: AnyHandler) -> None:
    """Add a handler. Raises ValueError when the topic has one already."""
    if handler.topic in _handlers and _handlers[handler.topic] != handler:
        raise ValueError(f"topic {handler.topic} has a handler already")
    _handlers[handler.topic] = handler


def handler_for(topic: str) -> AnyHandler | None:
    return _handlers.get(topic)


def topics() -> list[str]:
    return sorted(_handlers)


def recurring() -> list[AnyHandler]:
    """Those of topics that repeat themselves."""
    return [handler for handler in _handlers.values() if handler.every is not None]
