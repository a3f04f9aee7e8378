"""The gate to going live: closed, but for the one action that has a reviewed seal in its hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_open: ContextVar[frozenset[int]] = ContextVar("library_gate", default=frozenset())


@contextmanager
def opened(work_id: int) -> Iterator[None]:
    """Let this one work go live or be taken down while the body runs; only `going_live` calls it."""
    token = _open.set(_open.get() | {work_id})
    try:
        yield
    finally:
        _open.reset(token)


def is_open(work_id: int | None) -> bool:
    return work_id is not None and work_id in _open.get()
