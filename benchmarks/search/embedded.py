"""The embedded engine at a province's size: `python -m benchmarks.search.embedded [works]` (200,000 when left out).

The engine by itself, as a teacher asks it: a word out of the name of a real chapter, with the grade and subject that
were understood (at most 10 ms at the 95th percentile); the same with every facet counted; whole names of chapters; the
widest pages there are (no word, one character, the commonest words; at most 250 ms); one work changed (at most 3 ms);
and three readers beside a writer, each a process of its own, in which nothing may fail.
"""

import multiprocessing
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from benchmarks.setting import ready, table

os.environ.pop("ELASTICSEARCH_URL", None)
ready("benchmarks.settings")

from django.conf import settings  # noqa: E402

from benchmarks.search.province import fill  # noqa: E402  Django is configured first
from cms.library.models import Work  # noqa: E402
from cms.people.models import User  # noqa: E402
from search.documents import FACETS, every_document, how_many  # noqa: E402
from search.engines.base import IndexOp  # noqa: E402
from search.engines.embedded import EmbeddedEngine  # noqa: E402
from search.permission import tokens_of  # noqa: E402
from search.query import Query, parse  # noqa: E402

WORKS = 200_000
TOPICS = 300
CHANGES = 300
SECONDS = 10.0
READERS = 3
NUMBER = re.compile("第.{1,3}[单章节课]元?")  # what a chapter is called by its place
WIDEST = ("", "学", "的", "数学", "教学", "设计")
TOPIC_MS, WIDEST_MS, CHANGE_MS = 10.0, 250.0, 3.0


def topics() -> list[tuple[str, str, int, int]]:
    """Names of chapters, a topic word out of each, and their grade and subject."""
    chosen = Work.objects.filter(live=True, chapter__isnull=False, grade__isnull=False).order_by("pk")
    rows = list(chosen.values_list("chapter__name", "grade", "subject")[: TOPICS * 40])
    random.Random(5).shuffle(rows)
    found = []
    for name, grade, subject in rows:
        words = re.findall("[\u4e00-\u9fff]{2,6}", NUMBER.sub(" ", name))
        if words:
            found.append((name, max(words, key=len), grade, subject))
    return found[:TOPICS]


def question(text: str, grade: int, subject: int, tokens: Iterable[str], facets: Iterable[str] = ()) -> Query:
    return parse(text, filters={"grade": [str(grade)], "subject": [str(subject)]}, tokens=tokens, facets=facets)


def timed(call: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def read(folder: Path, questions: list[Query], until: float, told: "multiprocessing.Queue[tuple[str, int]]") -> None:
    engine = EmbeddedEngine(folder)
    asked = 0
    try:
        while time.monotonic() < until:
            engine.search(questions[asked % len(questions)])
            asked += 1
    except Exception as error:
        told.put((repr(error), asked))
    else:
        told.put(("", asked))


def together(engine: EmbeddedEngine, folder: Path, questions: list[Query], ops: list[IndexOp]) -> tuple[int, int]:
    """Questions answered by three processes, and changes written meanwhile. Raises SystemExit when anything failed."""
    told: multiprocessing.Queue[tuple[str, int]] = multiprocessing.Queue()
    until = time.monotonic() + SECONDS
    readers = [
        multiprocessing.Process(target=read, args=(folder, questions[number::READERS], until, told))
        for number in range(READERS)
    ]
    for reader in readers:
        reader.start()
    written = 0
    while time.monotonic() < until:
        engine.bulk([ops[written % len(ops)]])
        written += 1
    answers = [told.get() for _ in readers]
    for reader in readers:
        reader.join()
    if failed := [error for error, _asked in answers if error]:
        raise SystemExit(f"a reader failed: {failed}")
    return sum(asked for _error, asked in answers), written


def main() -> int:
    fill(int(sys.argv[1]) if len(sys.argv) > 1 else WORKS)
    folder = Path(settings.DATA_DIR) / "bench-embedded"
    engine = EmbeddedEngine(folder, timeout=60)
    engine.ensure()
    if engine.health().documents != how_many():
        with engine.rebuild() as fresh:
            fresh.fill(every_document())
    while engine.tend():  # as the worker leaves it, every minute
        pass
    tokens = tokens_of(User.objects.get(username="teacher"))
    chosen = topics()
    words = [question(word, grade, subject, tokens) for _name, word, grade, subject in chosen]
    names = [question(name, grade, subject, tokens) for name, _word, grade, subject in chosen]
    full = [question(word, grade, subject, tokens, FACETS) for _name, word, grade, subject in chosen]
    widest = [parse(text, tokens=tokens, facets=FACETS) for text in WIDEST]
    for query in (*widest, *full):  # a file that has just been opened is slow
        engine.search(query)
    found = sum(engine.search(query).total > 0 for query in words)
    plain, counted, named = (
        [timed(lambda query=query: engine.search(query)) for query in queries]  # type: ignore[misc]
        for queries in (words, full, names)
    )
    wide = [max(timed(lambda query=query: engine.search(query)) for _ in range(3)) for query in widest]  # type: ignore[misc]
    ops = [
        IndexOp(replace(document, version=10**9 + turn, title=f"{document.title} {turn}"))
        for turn, document in enumerate(islice(every_document(), CHANGES))
    ]
    changed = [timed(lambda op=op: engine.bulk([op])) for op in ops]  # type: ignore[misc]
    later = [IndexOp(replace(op.document, version=op.version + 10**6)) for op in ops]
    asked, written = together(engine, folder, full, later)
    health = engine.health()
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{health.documents:,} documents, {size / 1e6:,.0f} MB; {found} of {TOPICS} topics found something\n")
    rows = [
        ("topic word with filters", plain, p95(plain), TOPIC_MS),
        ("the same, every facet counted", counted, p95(counted), None),
        ("whole name of a chapter with filters", named, p95(named), None),
        ("widest facet page", wide, max(wide), WIDEST_MS),
        ("one work changed", changed, p95(changed), CHANGE_MS),
    ]
    table(
        ("embedded engine", "p50, ms", "p95 (widest: worst), ms", "at most"),
        [
            (name, f"{statistics.median(times):.1f}", f"{reached:.1f}", f"{limit:.0f}" if limit else "")
            for name, times, reached, limit in rows
        ],
    )
    print(f"\n{READERS} readers and a writer for {SECONDS:.0f} s: {asked:,} questions, {written:,} changes, no error")
    return 1 if any(limit and reached > limit for _name, _times, reached, limit in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
