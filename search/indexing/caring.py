"""What the worker does for the index unasked: one that is gone, damaged, of another version, or newer than the database
is made anew from it, and idle time keeps it quick."""

import logging
import socket
import time
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cms.outbox.handlers import Handler, register
from cms.outbox.queries import workers_alive
from cms.outbox.versions import version_of_now
from search import matching
from search.engines import engine, engines, matcher
from search.engines.base import DeleteOp, State
from search.errors import RebuildRunning, SearchError
from search.indexing.queueing import index_at_hand
from search.indexing.rebuilding import rebuild
from search.progress import ProgressOf, unheard

TOPIC = "search.care"
OFTEN = timedelta(minutes=1)
LONGEST = timedelta(hours=6)  # a province's works are read in half an hour
CLOCK = "clock"
"""Id of no document. That it is deleted is written with every look after the index, under the newest version there is:
an index that refuses it has seen later ones, and the database came back from a copy."""
TENDING = 10.0  # seconds of idle time at once: whoever writes waits for at most one of them

log = logging.getLogger("gongjian.search")


def care(_ref: str) -> None:
    """The index is whole, on standby too, or somebody is making it so; and it is tended. While it is away nothing is
    done: nobody knows then what it holds. Raises Outage when it goes away meanwhile."""
    if hosts := unheard_hosts():
        log.error("SEARCH_STANDBY is for workers on one machine: the index here lacks what those of %s write", hosts)
    with index_at_hand():
        health = engine().health()
        if health.state is State.UNREACHABLE or health.rebuilding:
            return
        if health.complete and not is_newer_than_the_database():
            refill_what_matches()
            tend()
            return
        if health.complete:
            log.error("the index is newer than the database, which came back from a copy: it is made anew")
        else:
            log.warning("the index is %s, on standby %s: it is made anew", health.state, health.standby)
        try:
            make_anew()
        except RebuildRunning:
            log.info("the index is being made anew by another process")


def is_newer_than_the_database() -> bool:
    """It holds, or remembers, versions that the database has yet to reach: it would take no change of them. A first
    refusal may be for another worker's look that came between."""
    return all(engine().bulk([DeleteOp(id=CLOCK, version=version_of_now())]).stale for _look in range(2))


def make_anew(*, progress: ProgressOf = unheard) -> int:
    """The index and what the engine matches are those of the database; returns the number of documents.

    progress   as of `rebuilding.rebuild`
    """
    total = rebuild(progress=progress)
    matching.refill()
    return total


def refill_what_matches() -> None:
    """The engine matches every interest, where it can match and a rebuild ended before it was told of them. Until then
    the database matches."""
    found = matcher()
    try:
        if found is not None and not found.ready():
            matching.refill()
    except SearchError as error:  # no reason to leave the index itself alone
        log.warning("the engine could not be told what to match: %s", error)


def unheard_hosts() -> list[str]:
    """Machines whose workers write to the index, and not to the one on standby here; none without one."""
    if len(engines()) < 2:
        return []
    names = workers_alive().values_list("name", flat=True)  # of the host and the process
    return sorted({name.rpartition("-")[0] for name in names} - {socket.gethostname()})


def tend() -> None:
    """Old pieces of the index are merged, old tombstones buried, as far as this idle time goes."""
    until = time.monotonic() + TENDING
    while engine().tend() and time.monotonic() < until:
        pass


register(Handler(topic=TOPIC, label=_("照看检索索引"), work=care, every=OFTEN, longest=LONGEST))
