"""The whole search page beside the raw engine: `python -m benchmarks.search.page [works]` (100,000 when left out).

Every question of `tests/search/judged/queries`, as a teacher who is signed in and as a visitor, over one connection
that is kept: the whole HTTP request to gunicorn, with facets, cards and chips; and beside it the bodies that this very
page sends to Elasticsearch, sent by the official client and nothing else. The two take turns in going first. A
page that asks in several steps is compared with all of its bodies. Limits: 1.5 times at the median, 2 times at the
95th percentile. The empty view between two questions, over the same connection, is what the server and the middleware
cost without any page: no page can take less than that and its bare query.
"""

import http.client
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from benchmarks.search.node import at_hand
from benchmarks.serving import PORT, serve
from benchmarks.setting import ready, table

URL = at_hand()
ready("benchmarks.settings")

from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.test import Client  # noqa: E402
from elasticsearch import Elasticsearch  # noqa: E402

from benchmarks.search.province import fill  # noqa: E402  Django is configured first
from cms.people.models import User  # noqa: E402
from search.documents import how_many  # noqa: E402
from search.engines import engine  # noqa: E402
from search.engines.elasticsearch import reading  # noqa: E402
from search.engines.elasticsearch.asking import Request  # noqa: E402
from search.finding import find  # noqa: E402
from search.indexing.rebuilding import rebuild  # noqa: E402
from search.shelf import Shelf  # noqa: E402
from tests.search.judged.harness import queries  # noqa: E402

WORKS = 100_000
ROUNDS = 4
MEDIAN, TAIL = 1.5, 2.0


def bodies_of(user: Any, text: str) -> list[Request]:
    """What the page for `text` asks the server, put plainly: a body a step, hits and counts together."""
    sent: list[Request] = []
    original = reading.request

    def noted(*args: Any, **kwargs: Any) -> Any:
        made = original(*args, **kwargs)
        sent.append(made)
        return made

    reading.request = noted
    try:
        with mock.patch.object(type(engine()), "elsewhere", False):
            find(user, text, shelf=Shelf())
    finally:
        reading.request = original
    return sent


class Visit:
    """One person's kept connection to the site."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.headers = {}
        if user.pk is not None:
            client = Client()
            client.force_login(user)
            self.headers["Cookie"] = f"sessionid={client.cookies['sessionid'].value}"
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)

    def search(self, text: str) -> None:
        self.get("/search/?" + urlencode({"q": text}))

    def get(self, address: str) -> None:
        self.connection.request("GET", address, headers=self.headers)
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{address}: {answer.status}")


def timed(call: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def measured(user: Any, texts: list[str], raw: Elasticsearch) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of every page, of its bodies sent bare, and of the empty view after them."""
    visit = Visit(user)
    asked = [(text, bodies_of(user, text)) for text in texts]
    pages: list[float] = []
    bare: list[float] = []
    empty: list[float] = []

    def send(bodies: list[Request]) -> None:
        for one in bodies:
            raw.perform_request(
                "POST", f"/{one.index}/_search", params=one.params, body=one.body,
                headers={"accept": "application/json", "content-type": "application/json"},
            )  # fmt: skip

    for turn in range(ROUNDS + 1):
        for text, bodies in asked:
            # Whoever comes second finds the server warm with these very words: each does in every other turn.
            both = [(pages, partial(visit.search, text)), (bare, partial(send, bodies))]
            for times, call in both if turn % 2 else reversed(both):
                took = timed(call)
                if turn and bodies:  # the first turn warms both
                    times.append(took)
            took = timed(partial(visit.get, "/empty/"))
            if turn:
                empty.append(took)
    return pages, bare, empty


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def main() -> int:
    works = fill(int(sys.argv[1]) if len(sys.argv) > 1 else WORKS)
    if engine().health().documents != how_many():
        rebuild(progress=lambda stage, done, total: print(f"  {stage} {done}/{total}", end="\r", file=sys.stderr))
    texts = [one.query for one in queries() if "\x00" not in one.query]
    server = serve(1)
    raw = Elasticsearch(URL)
    index = bodies_of(AnonymousUser(), texts[0])[0].index
    # The server would keep the counts of a question and give them again: each turn is to be somebody's first question.
    raw.indices.put_settings(index=index, settings={"index.requests.cache.enable": False})
    rows = []
    missed = False
    try:
        for name, user in (("visitor", AnonymousUser()), ("teacher", User.objects.get(username="teacher"))):
            pages, bare, empty = measured(user, texts, raw)
            for what, of, limit in (("p50", statistics.median, MEDIAN), ("p95", p95, TAIL)):
                ratio = of(pages) / of(bare)
                missed |= ratio > limit
                times = (f"{of(some):.1f}" for some in (bare, empty, pages))
                rows.append((f"{name}, {what}", *times, f"{ratio:.2f}", f"{limit:.1f}"))
    finally:
        raw.indices.put_settings(index=index, settings={"index.requests.cache.enable": True})
        server.terminate()
        server.wait()
    print(f"{works:,} works, {len(texts)} questions, {ROUNDS} turns\n")
    table(("search page", "bare query, ms", "empty view, ms", "page, ms", "ratio", "at most"), rows)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
