"""Ours beside Wagtail's search in the database: `python -m benchmarks.search.wagtail [works]` (20,000 when left out).

The same titles, summaries and texts in both, the same questions: topics of real chapters, one word each. What should be
found is every work that holds the word, letter by letter; recall is the share of it that is found, averaged over the
questions. On both sides the first twenty and their number are asked for. Ours is the embedded engine; Wagtail's is the
backend of the database in use: SQLite, or PostgreSQL with DATABASE_URL. No limit: it says why we have our own.
"""

import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from benchmarks.setting import ready, table

os.environ.pop("ELASTICSEARCH_URL", None)
ready("benchmarks.search.plain.settings")

from django.db import connection  # noqa: E402
from wagtail.search.backends import get_search_backend  # noqa: E402

from benchmarks.search.plain.models import PlainWork  # noqa: E402
from benchmarks.search.province import fill  # noqa: E402  Django is configured first
from cms.library.models import Work  # noqa: E402
from search.documents import plain  # noqa: E402
from search.engines.base import Document  # noqa: E402
from search.engines.embedded import EmbeddedEngine  # noqa: E402
from search.normalise import normalise  # noqa: E402
from search.query import parse  # noqa: E402

WORKS = 20_000
QUESTIONS = 120
FIRST = 20
STEP = 500
EVERYTHING = 10_000


@dataclass
class Side:
    """How one engine did."""

    recalls: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    errors: int = 0

    def row(self, name: str) -> tuple[str, ...]:
        ordered = sorted(self.times)
        late = ordered[int(len(ordered) * 0.95)]
        nothing = sum(recall == 0 for recall in self.recalls)
        return (name, f"{statistics.mean(self.recalls):.3f}", f"{nothing}", f"{statistics.median(ordered):.1f}",
                f"{late:.1f}", str(self.errors))  # fmt: skip


def copy_works() -> None:
    """Every live work as a row that Wagtail indexes."""
    tables = connection.introspection.table_names()
    if PlainWork._meta.db_table in tables:
        return
    with connection.schema_editor() as editor:
        editor.create_model(PlainWork)
    rows = Work.objects.filter(live=True).order_by("pk").values_list("pk", "title", "summary", "body").iterator()
    backend = get_search_backend()
    index = backend.get_index_for_model(PlainWork)
    while some := [PlainWork(pk=pk, title=t, summary=s, body=plain(b)) for pk, t, s, b in islice(rows, STEP)]:
        PlainWork.objects.bulk_create(some)
        index.add_items(PlainWork, some)


def documents() -> Iterable[Document]:
    for row in PlainWork.objects.order_by("pk").iterator():
        yield Document(str(row.pk), 1, row.title, summary=row.summary, body=row.body, acl=["public"])


def words() -> list[str]:
    """What stands in the names of real chapters."""
    names = Work.objects.filter(chapter__isnull=False).order_by("pk").values_list("chapter__name", flat=True)
    found = {word for name in names[: QUESTIONS * 100] for word in re.findall("[\u4e00-\u9fff]{2,6}", name)}
    return random.Random(3).sample(sorted(found), QUESTIONS)


def measure(side: Side, right: set[int], first: Callable[[], object], everything: Callable[[], set[int]]) -> None:
    try:
        started = time.perf_counter()
        first()
        side.times.append((time.perf_counter() - started) * 1000)
        side.recalls.append(len(everything() & right) / len(right))
    except Exception as error:
        print(f"  {error!r}", file=sys.stderr)
        side.errors += 1


def ours(engine: EmbeddedEngine, word: str) -> object:
    return engine.search(parse(word, tokens=["public"], per_page=FIRST))


def all_of_ours(engine: EmbeddedEngine, word: str) -> set[int]:
    found: set[int] = set()
    for page in range(1, EVERYTHING // 100 + 1):
        hits = engine.search(parse(word, tokens=["public"], per_page=100, page=page)).hits
        found |= {int(hit.id) for hit in hits}
        if len(hits) < 100:
            break
    return found


def wagtails(word: str) -> object:
    results = get_search_backend().search(word, PlainWork)
    return results.count(), list(results[:FIRST])


def all_of_wagtails(word: str) -> set[int]:
    return {row.pk for row in get_search_backend().search(word, PlainWork)[:EVERYTHING]}


def main() -> int:
    works = fill(int(sys.argv[1]) if len(sys.argv) > 1 else WORKS)
    copy_works()
    texts = [
        (pk, normalise(f"{title}\n{summary}\n{body}"))
        for pk, title, summary, body in PlainWork.objects.values_list("pk", "title", "summary", "body")
    ]
    with tempfile.TemporaryDirectory() as folder:
        engine = EmbeddedEngine(folder)
        engine.ensure()
        with engine.rebuild() as fresh:
            fresh.fill(documents())
        mine, other = Side(), Side()
        for word in words():
            right = {pk for pk, text in texts if word in text}
            if right and len(right) <= EVERYTHING:
                measure(mine, right, partial(ours, engine, word), partial(all_of_ours, engine, word))
                measure(other, right, partial(wagtails, word), partial(all_of_wagtails, word))
    print(f"{works:,} works, {len(mine.times)} questions, {connection.vendor}\n")
    table(
        ("search", "recall", "questions that find nothing", "p50, ms", "p95, ms", "errors"),
        [mine.row("ours, embedded"), other.row(f"Wagtail's, {connection.vendor}")],
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
