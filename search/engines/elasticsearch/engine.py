"""The engine for a server or a cluster: names that point to indexes, and writes that carry our own versions."""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, AuthorizationException, Elasticsearch

from search.engines.base import Health, Op, Page, State, Suggestion, Written
from search.engines.elasticsearch import reading
from search.engines.elasticsearch.indexes import Indexes, Pointers, begun, ours
from search.engines.elasticsearch.layout import in_use
from search.engines.elasticsearch.locks import Lease
from search.engines.elasticsearch.node import patience
from search.engines.elasticsearch.options import GLANCE, Clients, Options, addresses
from search.engines.elasticsearch.percolating import Percolator
from search.engines.elasticsearch.rebuilding import ElasticsearchRebuild
from search.engines.elasticsearch.speaking import in_our_words
from search.engines.elasticsearch.tending import bury
from search.engines.elasticsearch.writing import Prepared, batches, prepare, tombstone
from search.errors import IndexUnavailable, NothingToRollBackTo, TooOldToRollBackTo
from search.query import Query

AWAY = (502, 503, 504)
KNOWN = 5.0  # seconds in which a search need not ask again whether the index is one that it may read
CHECKUP = 5.0  # seconds for each question about how it is: a monitor waits for the answer
LONGEST_CHECKUP = 10.0  # seconds of silence, where another host can be asked too
COPIES = 600.0  # seconds that a new index may take to have its copies before it answers without them

STATES = {"missing": State.MISSING, "outdated": State.OUTDATED}

log = logging.getLogger("gongjian.search")


class ElasticsearchEngine:
    """See `search.engines.base.Engine`. Many threads, processes and machines may use one prefix at once."""

    elsewhere = True

    def __init__(self, hosts: str | list[str] | tuple[str, ...], *, only_filled: bool = False, **options: Any) -> None:
        self._options = Options(addresses(hosts), **options)
        self._clients = Clients(self._options)
        self._indexes = Indexes(self._options, self._clients.get)
        self._known = 0.0
        self._only_filled = only_filled
        self._filled = ""  # the index that was last seen to be filled, which it stays
        self.matcher = Percolator(self._options, self._clients.get)

    def ensure(self) -> None:
        with in_our_words():
            self._indexes.ensure()

    def bulk(self, ops: Iterable[Op]) -> Written:
        total = Written()
        with in_our_words():
            for batch in batches(prepare(op) for op in ops):
                total += self._indexes.write(batch, refresh=self._options.immediate)
        return total

    def search(self, query: Query) -> Page:
        seconds = self._options.timeout
        with in_our_words(searching=seconds), patience(self._options.patience):
            self._usable()
            return reading.search(self._clients.reader(), self._indexes.current, query, seconds=seconds)

    def suggest(self, prefix: str, tokens: Collection[str], *, limit: int = 8) -> list[Suggestion]:
        seconds = self._options.timeout
        with in_our_words(searching=seconds), patience(self._options.patience):
            self._usable()
            client, index = self._clients.reader(), self._indexes.current
            return reading.suggest(client, index, prefix, tokens, limit=limit, seconds=seconds)

    @contextmanager
    def rebuild(self, *, newest: Callable[[], int] | None = None) -> Iterator[ElasticsearchRebuild]:
        with in_our_words(), self._indexes.filling() as (fresh, lease):
            building = ElasticsearchRebuild(fresh, self._clients.get, lease)
            try:
                building.remember(self._graves(newest))
                yield building
                building.settle()
                lease.renew(now=True)
                self._complete(fresh, lease)
                lease.renew(now=True)
                self._swap(fresh)
            finally:
                building.close()

    def _graves(self, newest: Callable[[], int] | None) -> Iterator[Prepared]:
        """The deletions that the index remembers which answers now, as old as they are, up to version `newest`."""
        last = None
        try:
            for id_, version, gone in reading.graves(self._clients.get(), self._indexes.current):
                if last is None and newest is not None:
                    last = newest()  # what this look shows was written before
                if last is None or version <= last:
                    yield tombstone(id_, version, gone)
        except (ApiError, TransportError):  # a part of it is lost: all the more reason for a new one
            log.warning("deletions of the old index cannot be read and are forgotten", exc_info=True)

    def _complete(self, fresh: str, lease: Lease) -> None:
        """The new index is whole, shown, and has its copies, as far as there are nodes for them."""
        indices = self._clients.get().options(request_timeout=COPIES).indices  # a refresh of millions takes its time
        indices.put_settings(index=fresh, settings=in_use(self._options))
        indices.refresh(index=fresh)
        lease.renew(now=True)
        indices.put_mapping(index=fresh, meta={"complete": True})
        until = time.monotonic() + COPIES
        while time.monotonic() < until:
            try:
                health = self._clients.get().cluster.health(index=fresh, wait_for_status="green", timeout="10s")
            except AuthorizationException:
                log.warning("the API key has no cluster privilege monitor: nobody waits for copies of %s", fresh)
                return
            if health["status"] == "green":
                return
            lease.renew()
        log.warning("the new index %s answers before all its copies are made", fresh)

    def _swap(self, fresh: str) -> None:
        names, before = self._indexes, self._indexes.pointers()
        names.move(
            (names.next, fresh, None),
            (names.current, before.current, fresh),
            (names.previous, before.previous, before.current),
        )
        names.sweep()

    def rollback(self, *, not_before: datetime | None = None) -> datetime:
        names = self._indexes
        with in_our_words():
            before = names.pointers()
            left, previous = before.current, before.previous
            if left is None or previous is None or not ours(previous) or not names.complete(previous):
                raise NothingToRollBackTo
            since = max(begun(left), begun(previous))  # from then on only one of them was sure to be written to
            if not_before is not None and since < not_before:
                raise TooOldToRollBackTo
            names.move((names.current, left, previous), (names.previous, previous, left))
        return since

    def versions(self) -> Iterator[tuple[str, int]]:
        with in_our_words():
            self._indexes.usable()
            yield from reading.versions(self._clients.get(), self._indexes.current)

    def tend(self, *, seconds: float = 1.0) -> bool:
        with in_our_words():
            self._indexes.usable()
            self._indexes.clear()
            more = bury(self._clients.get(), self._indexes.current, seconds=seconds)
        self.matcher.tend()
        return more

    def health(self) -> Health:
        client = self._clients.get().options(request_timeout=CHECKUP, retry_on_timeout=self._options.several)
        try:
            with in_our_words(), patience(LONGEST_CHECKUP):
                return self._described(client, self._indexes.usable(client))
        except IndexUnavailable as error:
            state = STATES.get(error.reason, State.UNREACHABLE)
            return Health("elasticsearch", state, detail=str(error), reason=error.reason)

    def _described(self, client: Elasticsearch, pointers: Pointers) -> Health:
        index = pointers.current or ""
        facts = _cluster(client, index)
        alive = {"bool": {"must_not": {"exists": {"field": "gone"}}}}
        counted = client.count(index=index, query=alive)
        if lost := counted["_shards"]["total"] - counted["_shards"]["successful"]:
            return Health("elasticsearch", State.UNREACHABLE, index=index, detail=f"{facts}，{lost} 个分片没有节点")
        return Health(
            engine="elasticsearch",
            state=State.READY if self._indexes.complete(index, client) else State.UNFILLED,
            documents=int(counted["count"]),
            index=index,
            rebuilding=self._indexes.being_filled(pointers) is not None,
            detail=f"{facts}；{self._matching()}",
        )

    def _matching(self) -> str:
        """Who matches; that nobody can say so tells nothing about the index."""
        try:
            return self.matcher.described()
        except IndexUnavailable as error:
            return f"推送由数据库匹配：{error}"

    def close(self) -> None:
        with suppress(ApiError, TransportError):
            self._clients.close()

    def _usable(self) -> None:
        """The index is one that this version of the code may read; asked anew every KNOWN seconds.

        What was true once is taken for true while nobody can be asked: copies answer also while no master is elected.
        """
        if time.monotonic() < self._known:
            return
        several = self._options.several
        client = self._clients.get().options(request_timeout=GLANCE, retry_on_timeout=several)
        try:
            self._must_be_filled(client, self._indexes.usable(client).current or "")
        except TransportError as error:
            if not self._known or not several:
                # Also when it is only silent: no question was asked yet that could have been too heavy for it.
                raise IndexUnavailable("unreachable", str(error)) from error
        except ApiError as error:
            if not self._known or error.status_code not in AWAY:
                raise
        self._known = time.monotonic() + KNOWN

    def _must_be_filled(self, client: Elasticsearch, index: str) -> None:
        """Return when the index may answer the product. Raises IndexUnavailable unfilled."""
        if not self._only_filled or index == self._filled:
            return
        if not self._indexes.complete(index, client):
            raise IndexUnavailable("unfilled", index)
        self._filled = index


def _cluster(client: Elasticsearch, index: str) -> str:
    """How the cluster is, for whoever looks after it; a key that may not ask that can do all the rest."""
    try:
        cluster = client.cluster.health(index=index)
        return f"{client.info()['version']['number']} {cluster['status']}，{cluster['number_of_nodes']} 个节点"
    except AuthorizationException:
        return "API 密钥没有集群的 monitor 权限，看不到集群的状态"
