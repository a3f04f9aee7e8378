"""A rebuild beside the bare bulk helper: `python -m benchmarks.search.rebuild [works]` (20,000 when left out).

Ours reads the database, builds documents, analyses them and fills a new index, up to the moment when it could take
over. Beside it `elasticsearch.helpers.bulk`, told nothing but the size of its requests, sends the same documents, which
stand ready in memory, into an index of the same layout and settings: byte for byte the lines that ours sends, with the
same ids and versions. The two take turns on one server, each as often the first, and neither begins before the server
has done with the other's merging. Limit: at least 0.9 of the helper's rate. What each costs both processes in
processor time is told, for two cores are all there are; the embedded engine's rate besides.
"""

import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.search.node import at_hand
from benchmarks.setting import ready, table

URL = at_hand()
ready("benchmarks.settings")

from elasticsearch import Elasticsearch, helpers  # noqa: E402

from benchmarks.search.province import fill  # noqa: E402  Django is configured first
from search.documents import every_document  # noqa: E402
from search.engines.base import IndexOp  # noqa: E402
from search.engines.elasticsearch import ElasticsearchEngine  # noqa: E402
from search.engines.elasticsearch.layout import mappings, settings  # noqa: E402
from search.engines.elasticsearch.options import Options  # noqa: E402
from search.engines.elasticsearch.writing import prepare  # noqa: E402
from search.engines.embedded import EmbeddedEngine  # noqa: E402
from search.indexing.rebuilding import fill as fill_from_database  # noqa: E402

WORKS = 20_000
PAIRS = 3  # of two turns each
WARMING = 3
LEAST = 0.9
BARE = "bench-bare"
REQUEST = 500  # documents of one request, as ours


@dataclass
class Turns:
    """What every turn of one side came to.

    rates   documents a second
    here    processor milliseconds a document, in this process and those it started
    server  the same in the server; merging afterwards is not counted
    """

    rates: list[float] = field(default_factory=list)
    here: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)

    def row(self, name: str, floor: float, least: str) -> tuple[str, ...]:
        rate, here, server = (statistics.median(found) for found in (self.rates, self.here, self.server))
        return name, f"{rate:.0f}", f"{rate / floor:.2f}", least, f"{here:.2f}", f"{server:.2f}"


def actions() -> list[dict[str, Any]]:
    """Every document of the database, ready to be sent."""
    found = []
    for document in every_document():
        line = prepare(IndexOp(document))
        found.append({**json.loads(line.action)["index"], "_source": json.loads(line.source)})
    return found


def bare(client: Elasticsearch, ready_made: list[dict[str, Any]]) -> int:
    helpers.bulk(client, ready_made, index=BARE, chunk_size=REQUEST)
    client.indices.refresh(index=BARE)
    return len(ready_made)


def bare_turn(client: Elasticsearch, ready_made: list[dict[str, Any]], into: Turns) -> None:
    client.indices.delete(index=BARE, ignore_unavailable=True)
    client.indices.create(index=BARE, mappings=mappings(), settings=settings(Options((URL,)), filling=True))
    measured(client, lambda: bare(client, ready_made), into)
    client.indices.delete(index=BARE)


def our_turn(client: Elasticsearch, engine: ElasticsearchEngine, into: Turns) -> None:
    engine.ensure()
    with engine.rebuild() as fresh:

        def filled() -> int:
            taken = fill_from_database(fresh)
            fresh.settle()
            client.indices.refresh(index=fresh.index)
            return taken

        measured(client, filled, into)


def measured(client: Elasticsearch, work: Callable[[], int], into: Turns) -> None:
    quiet(client)
    here, server, started = processor(), processor_of(client), time.perf_counter()
    taken = work()
    seconds = time.perf_counter() - started
    into.rates.append(taken / seconds)
    into.here.append((processor() - here) * 1000 / taken)
    into.server.append((processor_of(client) - server) / taken)
    print(f"{into.rates[-1]:.0f}/s", f"{into.here[-1]:.2f}+{into.server[-1]:.2f} ms", file=sys.stderr, flush=True)


def processor() -> float:
    """Seconds of processor time that this process and those it waited for have taken."""
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def processor_of(client: Elasticsearch) -> float:
    """The same of the server, in milliseconds."""
    nodes = client.nodes.stats(metric="process")["nodes"].values()
    return float(sum(node["process"]["cpu"]["total_in_millis"] for node in nodes))


def quiet(client: Elasticsearch) -> None:
    """The server has nothing left to merge."""
    while client.indices.stats(metric="merge")["_all"]["total"]["merges"]["current"]:
        time.sleep(0.2)
    time.sleep(1)


def embedded_rate() -> float:
    with tempfile.TemporaryDirectory() as folder:
        engine = EmbeddedEngine(folder)
        engine.ensure()
        started = time.perf_counter()
        with engine.rebuild() as fresh:
            return fill_from_database(fresh) / (time.perf_counter() - started)


def main() -> int:
    fill(int(sys.argv[1]) if len(sys.argv) > 1 else WORKS)
    client = Elasticsearch(URL, request_timeout=60)
    ready_made = actions()
    engine = ElasticsearchEngine(URL, prefix="bench-rebuild", replicas=0)
    helper, rebuild = Turns(), Turns()
    for _ in range(WARMING):  # a server that has just started is slow, and quicker for who comes later
        bare_turn(client, ready_made, Turns())
    our_turn(client, engine, Turns())
    for pair in range(PAIRS):
        for ours in (False, True) if pair % 2 == 0 else (True, False):
            if ours:
                our_turn(client, engine, rebuild)
            else:
                bare_turn(client, ready_made, helper)
    floor, reached = statistics.median(helper.rates), statistics.median(rebuild.rates)
    print(f"{len(ready_made):,} documents, median of {PAIRS} turns\n")
    table(
        ("filling an index", "documents/s", "ratio", "at least", "ms of ours", "ms of the server"),
        [
            helper.row("bulk helper, ready-made documents", floor, ""),
            rebuild.row("rebuild, from the database", floor, f"{LEAST:.2f}"),
            ("embedded engine, from the database", f"{embedded_rate():.0f}", "", "", "", ""),
        ],
    )
    return 0 if reached >= LEAST * floor else 1


if __name__ == "__main__":
    sys.exit(main())
