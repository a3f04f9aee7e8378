"""A rebuild beside the bare bulk helper: `python -m benchmarks.search.rebuild [works]` (20,000 when left out).

Ours reads the database, builds documents, analyses them and fills a new index, up to the moment when it could take
over. Beside it `elasticsearch.helpers.bulk` sends the same documents, which stand ready in memory, into an index of the
same layout. The two take turns on one server. Limit: at least 0.9 of the helper's rate. The embedded engine's rate is
told besides.
"""

import json
import statistics
import sys
import tempfile
import time
from typing import Any

from benchmarks.search.node import at_hand
from benchmarks.setting import ready, table

URL = at_hand()
ready("benchmarks.settings")

from elasticsearch import Elasticsearch, helpers  # noqa: E402

from benchmarks.search.province import fill  # noqa: E402  Django is configured first
from search.documents import every_document  # noqa: E402
from search.engines.base import Engine, IndexOp  # noqa: E402
from search.engines.elasticsearch import ElasticsearchEngine  # noqa: E402
from search.engines.elasticsearch.layout import mappings, settings  # noqa: E402
from search.engines.elasticsearch.options import Options  # noqa: E402
from search.engines.elasticsearch.writing import prepare  # noqa: E402
from search.engines.embedded import EmbeddedEngine  # noqa: E402

WORKS = 20_000
TURNS = 3
LEAST = 0.9
BARE = "bench-bare"


def actions() -> list[dict[str, Any]]:
    """Every document of the database, ready to be sent."""
    found = []
    for document in every_document():
        line = prepare(IndexOp(document))
        found.append({"_id": document.id, "_source": json.loads(line.source)})
    return found


def bare(client: Elasticsearch, ready_made: list[dict[str, Any]]) -> float:
    """Documents a second."""
    client.indices.delete(index=BARE, ignore_unavailable=True)
    client.indices.create(index=BARE, mappings=mappings(), settings=settings(Options((URL,)), filling=True))
    started = time.perf_counter()
    helpers.bulk(client, ready_made, index=BARE, chunk_size=500)
    client.indices.refresh(index=BARE)
    seconds = time.perf_counter() - started
    client.indices.delete(index=BARE)
    return len(ready_made) / seconds


def ours(engine: Engine) -> float:
    """Documents a second."""
    engine.ensure()
    started = time.perf_counter()
    with engine.rebuild() as fresh:
        fresh.fill(every_document())
        taken = fresh.count()
        seconds = time.perf_counter() - started
    return taken / seconds


def main() -> int:
    fill(int(sys.argv[1]) if len(sys.argv) > 1 else WORKS)
    client = Elasticsearch(URL, request_timeout=60)
    ready_made = actions()
    engine = ElasticsearchEngine(URL, prefix="bench-rebuild", replicas=0)
    rates: dict[str, list[float]] = {"bulk helper, ready-made documents": [], "rebuild": []}
    bare(client, ready_made)  # a server that has just started is slow
    for _ in range(TURNS):
        rates["bulk helper, ready-made documents"].append(bare(client, ready_made))
        rates["rebuild"].append(ours(engine))
    with tempfile.TemporaryDirectory() as folder:
        embedded = ours(EmbeddedEngine(folder))
    floor, reached = (statistics.median(found) for found in rates.values())
    print(f"{len(ready_made):,} documents, median of {TURNS} turns\n")
    table(
        ("filling an index", "documents/s", "ratio", "at least"),
        [
            ("bulk helper, ready-made documents", f"{floor:.0f}", "1.00", ""),
            ("rebuild, from the database", f"{reached:.0f}", f"{reached / floor:.2f}", f"{LEAST:.2f}"),
            ("embedded engine, from the database", f"{embedded:.0f}", "", ""),
        ],
    )
    return 0 if reached >= LEAST * floor else 1


if __name__ == "__main__":
    sys.exit(main())
