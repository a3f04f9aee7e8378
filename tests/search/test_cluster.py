"""Three real nodes: the elected master is killed and its disk wiped while the product shares, renames and retires
works, a worker of its outbox carries that out, another writer hammers the engine itself, and somebody searches."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from cms.outbox import worker
from cms.outbox.actions import WAITING
from cms.outbox.models import Message
from search.documents import every_id
from search.engines import engine as configured
from search.engines.base import DeleteOp, IndexOp, Op
from search.engines.elasticsearch import ElasticsearchEngine
from search.errors import IndexUnavailable, SearchError
from search.indexing.checking import check
from search.indexing.queueing import TOPIC
from search.indexing.rebuilding import rebuild
from tests import factories
from tests.factories import Province
from tests.search.conftest import ask, work
from tests.search.server import LAUNCHER
from tests.services import need
from workflows.review.actions.publishing import retire

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow, pytest.mark.timeout(900)]

NODES = ("node-1", "node-2", "node-3")
BATCH = 20
OUTAGE = 3.0  # seconds in which searches may fail
SLOWEST = 10.0  # seconds between two answers, on a machine that three nodes and two writers keep busy
EQUAL = 60.0  # seconds in which the index is as the database once all nodes are back


class Nodes:
    """A cluster of three processes, each with a disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.http = _free_ports(3)
        self.transport = _free_ports(3)
        self.running: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def hosts(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.http]

    def start(self, place: int) -> None:
        seeds = ",".join(f"127.0.0.1:{port}" for port in self.transport)
        with (self.folder / f"{place}.log").open("ab") as log:
            self.running[place] = subprocess.Popen(
                [
                    *(str(LAUNCHER), "--port", str(self.http[place]), "--data", str(self.folder / str(place))),
                    *("--owner", str(os.getpid()), f"node.name={NODES[place]}"),
                    f"transport.port={self.transport[place]}",
                    f"discovery.seed_hosts={seeds}",
                    f"cluster.initial_master_nodes={','.join(NODES)}",
                ],
                env={**os.environ, "ES_HEAP": "400m"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def kill(self, place: int) -> None:
        """As by a power cut: no goodbye, and nothing on the disk afterwards."""
        self.running[place].send_signal(signal.SIGKILL)
        self.running[place].wait()
        shutil.rmtree(self.folder / str(place))

    def green(self, nodes: int, *, within: float = 240) -> float:
        """Seconds until so many nodes hold every copy."""
        began = time.monotonic()
        while time.monotonic() - began < within:
            for place, process in self.running.items():
                if process.poll() is None and self._is_green(place, nodes):
                    return time.monotonic() - began
            time.sleep(0.2)
        raise AssertionError(f"not green with {nodes} nodes; see {self.folder}")

    def _is_green(self, place: int, nodes: int) -> bool:
        try:
            with Elasticsearch(self.hosts[place], max_retries=0, request_timeout=5) as client:
                health = client.cluster.health()
        except (ApiError, TransportError):
            return False
        return health["status"] == "green" and health["number_of_nodes"] == nodes

    def master(self) -> int:
        with Elasticsearch(self.hosts) as client:
            return NODES.index(str(client.cat.master(h="node", format="text").body).strip())

    def hurry(self, index: str) -> None:
        """Copies are made again at once, not only when the node that had them has been away for a minute."""
        with Elasticsearch(self.hosts) as client:
            client.indices.put_settings(index=index, settings={"unassigned.node_left.delayed_timeout": "1s"})

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(60)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Nodes]:
    need("maven")
    made = Nodes(tmp_path)
    for place in range(3):
        made.start(place)
    yield made
    made.stop()


@dataclass
class Load:
    """Writers to the engine that repeat what was not acknowledged, as the outbox does, and a searcher that notes every
    gap."""

    engine: ElasticsearchEngine
    stop: threading.Event = field(default_factory=threading.Event)
    refused: list[str] = field(default_factory=list)
    answers: int = 0
    gap: float = 0.0
    outage: float = 0.0

    def write(self, writer: str) -> dict[str, int]:
        """(id -> version) of all that was acknowledged; what was deleted is not in it."""
        held: dict[str, int] = {}
        version = 0
        while not self.stop.is_set():
            version += 1
            ops: list[Op] = [IndexOp(work(f"{writer}{version}-{n}", "浮力", version=version)) for n in range(BATCH)]
            ops.append(IndexOp(work(f"{writer}-again", "浮力", version=version)))
            if version > 1:
                ops.append(DeleteOp(f"{writer}{version - 1}-0", version))
            while True:
                try:
                    self.engine.bulk(ops)
                    break
                except SearchError as error:
                    self.refused.append(str(error))
                    time.sleep(0.2)
            held.update({op.id: version for op in ops if isinstance(op, IndexOp)})
            for op in ops:
                if isinstance(op, DeleteOp):
                    del held[op.id]
            time.sleep(0.1)
        return held

    def search(self) -> list[str]:
        """What went wrong."""
        wrong: list[str] = []
        last, failing = time.monotonic(), False
        while not self.stop.is_set():
            try:
                self.engine.search(ask("浮力", facets=["subject"]))
            except SearchError as error:
                wrong.append(str(error))
                failing = True
            else:
                now = time.monotonic()
                self.gap = max(self.gap, now - last)
                if failing:
                    self.outage = max(self.outage, now - last)
                last, failing = now, False
                self.answers += 1
            time.sleep(0.02)
        since = time.monotonic() - last  # also when no answer comes any more
        self.gap = max(self.gap, since)
        if failing:
            self.outage = max(self.outage, since)
        return wrong


class _Gone:
    """Answers once, and never again."""

    def __init__(self) -> None:
        self.asked = 0

    def search(self, query: object) -> None:
        self.asked += 1
        if self.asked > 1:
            raise IndexUnavailable("unreachable")


def test_search_that_never_comes_back_is_counted_as_an_outage() -> None:
    load = Load(cast("ElasticsearchEngine", _Gone()))
    threading.Timer(0.5, load.stop.set).start()
    assert load.search()
    assert load.outage > 0.3
    assert load.gap > 0.3


@dataclass
class Product:
    """A school at work, every third work renamed, every third retired; and a worker that carries out what is owed."""

    place: Province
    shared: int = 0
    tally: worker.Tally = field(default_factory=worker.Tally)

    def works(self, until: "float | Future[float]") -> None:
        """Until that moment of the monotonic clock, or until that is done."""
        while not (until.done() if isinstance(until, Future) else time.monotonic() >= until):
            share = factories.shared(self.place)
            self.shared += 1
            if self.shared % 3 == 0:
                factories.renamed(self.place, share.work, f"浮力 {self.shared}")
            if self.shared % 3 == 1:
                retire(share.submission, by=factories.person("publisher", self.place.county), reason="过时了")
            worker.drain(tally=self.tally)

    def settles(self) -> float:
        """Seconds until the index has heard of everything."""
        began = time.monotonic()
        while Message.objects.filter(WAITING, topic=TOPIC).exists():
            assert time.monotonic() - began < EQUAL, "some changes still wait"
            worker.drain(tally=self.tally)
            time.sleep(0.2)
        return time.monotonic() - began


@pytest.mark.django_db
def test_a_master_that_dies_with_its_disk_loses_no_write_and_stops_no_search(nodes: Nodes, settings: Any) -> None:
    product = Product(factories.province())
    nodes.green(3)
    given: dict[str, Any] = {"prefix": "kill", "shards": 3, "replicas": 1}
    settings.SEARCH = {"engine": "elasticsearch", "hosts": ",".join(nodes.hosts), **given}
    rebuild()
    nodes.hurry("kill-works")
    nodes.green(3)
    engine = ElasticsearchEngine(nodes.hosts, **given)
    load = Load(engine)
    with ThreadPoolExecutor(3) as pool:
        try:
            hammer, searcher = pool.submit(load.write, "a"), pool.submit(load.search)
            product.works(time.monotonic() + 5)
            victim = nodes.master()
            nodes.kill(victim)
            time.sleep(1)
            product.works(on_two := pool.submit(nodes.green, 2))
            product.works(time.monotonic() + 2)
            nodes.start(victim)
            product.works(on_three := pool.submit(nodes.green, 3))
            product.works(time.monotonic() + 2)
        finally:
            load.stop.set()
        held, wrong = hammer.result(), searcher.result()
    equal = product.settles()

    stored = dict(engine.versions())
    report = (
        f"{len(held)} acknowledged, {len(stored)} stored; refused for a while {len(load.refused)} times; "
        f"{product.shared} works shared, {len(every_id())} documents of the product, told {product.tally}, "
        f"equal after {equal:.1f} s; "
        f"{load.answers} searches, {len(wrong)} failed, for {load.outage:.1f} s, slowest after {load.gap:.1f} s; "
        f"green on two after {on_two.result():.1f} s, on three after {on_three.result():.1f} s"
    )
    sys.stdout.write(f"\n{report}\n")  # shown by pytest -s or -rP
    found = check(mend=False)
    assert (found.missing, found.behind, found.ahead) == ([], [], []), report
    assert set(found.surplus) == set(held), report
    assert {id_: stored[id_] for id_ in held} == held, report
    assert load.outage < OUTAGE, (report, wrong[:3])
    assert load.gap < SLOWEST, report
    rebuild()
    assert (engine.health().ok, check(mend=False).none) == (True, True)
    engine.close()
    configured().close()
