"""A question to an engine elsewhere is on its way while this thread goes on: the page around the results is drawn while
the server searches, the hits while it counts. Python works on one thing at a time, but waiting is none of them."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from functools import cache, lru_cache
from typing import TypeVar

T = TypeVar("T")

MOST = 64
"""Questions of one process that are on their way at once; made as they are needed. Whoever is one too many waits."""

_sent: ContextVar[Callable[[], None] | None] = ContextVar("sent", default=None)


def later(call: Callable[[], T]) -> Callable[[], T]:
    """`call` is made when its answer is first wanted: for an engine in this process, where nothing would be won."""
    return cache(call)


def ahead(call: Callable[[], T]) -> Callable[[], T]:
    """`call` is begun in another thread; what is returned waits for its answer, or raises what it raised.

    Returns when `call` has said `sent()`, or is over: so it is really on its way before this thread goes on, which
    would keep it from the processor. `call` may neither ask the database nor word anything for a person: connections
    and the language belong to a thread.
    """
    sent = threading.Event()
    answer: Future[T] = Future()

    def told() -> None:
        if not answer.set_running_or_notify_cancel():
            return  # whoever asked makes it himself
        _sent.set(sent.set)
        try:
            answer.set_result(call())
        except BaseException as error:  # raised where the answer is wanted
            answer.set_exception(error)
        finally:
            sent.set()

    try:
        _threads(os.getpid()).submit(copy_context().run, told)
    except RuntimeError:
        # No new thread can be had: the process is ending, or has as many as it may. An old one may take it yet.
        if answer.cancel():
            return later(call)
    sent.wait()
    return answer.result


def sent() -> None:
    """The question has left this process; from here on there is only waiting. Does nothing where nobody has begun
    something ahead."""
    told = _sent.get()
    if told is not None:
        told()


@lru_cache(maxsize=1)
def _threads(_process: int) -> ThreadPoolExecutor:
    """Of this process: threads are not carried over a fork."""
    return ThreadPoolExecutor(MOST, thread_name_prefix="search")
