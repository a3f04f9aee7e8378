"""What the worker does for the index unasked: one that is gone, damaged or of another version is made anew from the
database, and idle time keeps it quick."""

import logging
import time
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cms.outbox.handlers import Handler, register
from search import matching
from search.engines import engine
from search.engines.base import State
from search.errors import RebuildRunning
from search.indexing import index_at_hand, rebuild
from search.progress import ProgressOf, unheard

TOPIC = "search.care"
OFTEN = timedelta(minutes=1)
LONGEST = timedelta(hours=6)  # a province's works are read in half an hour
TENDING = 10.0  # seconds of idle time at once: whoever writes waits for at most one of them

log = logging.getLogger("gongjian.search")


def care(_ref: str) -> None:
    """The index is whole, on standby too, or somebody is making it so; and it is tended. While it is away nothing is
    done: nobody knows then what it holds. Raises Outage when it goes away meanwhile."""
    with index_at_hand():
        health = engine().health()
        if health.state is State.UNREACHABLE or health.rebuilding:
            return
        if health.complete:
            tend()
            return
        log.warning("the index is %s, on standby %s: it is made anew", health.state, health.standby)
        try:
            make_anew()
        except RebuildRunning:
            log.info("the index is being made anew by another process")


def make_anew(*, progress: ProgressOf = unheard) -> int:
    """The index and what the engine matches are those of the database; returns the number of documents.

    progress   as of `search.indexing.rebuild`
    """
    total = rebuild(progress=progress)
    matching.refill()
    return total


def tend() -> None:
    """Old pieces of the index are merged, old tombstones buried, as far as this idle time goes."""
    until = time.monotonic() + TENDING
    while engine().tend() and time.monotonic() < until:
        pass


register(Handler(topic=TOPIC, label=_("照看检索索引"), work=care, every=OFTEN, longest=LONGEST))
