"""How well an engine answers the judged queries: S@1, S@10 and nDCG@10 by category.

python -m tests.search.judged.harness            the embedded engine
python -m tests.search.judged.harness --misses   and each query whose first hit is not what was wanted
python -m tests.search.judged.harness --raise    write better figures into floors.toml; worse ones are never written
"""

import math
import os
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "floors.toml"
NO_ANSWER = "no_answer"
RELEVANT = 2
DEEP = 10
METRICS = ("s1", "s10", "ndcg10")
Conditions = tuple[Callable[["Item"], bool], ...]

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.config.settings.test")
    import django

    django.setup()

from search.engines.base import Engine, IndexOp  # noqa: E402  after the settings
from search.understanding.asking import Answer, answer  # noqa: E402
from search.understanding.steps import Asked, Way  # noqa: E402
from tests.search.judged.corpus import Item, items, lexicon  # noqa: E402


@dataclass(frozen=True)
class Judged:
    """A query and the conditions of grades 3, 2 and 1, each a list of alternatives."""

    category: str
    query: str
    sides: tuple[tuple[Conditions, ...], ...]

    def grade(self, item: Item) -> int:
        for grade, side in zip((3, 2, 1), self.sides, strict=False):
            if any(all(holds(item) for holds in conditions) for conditions in side):
                return grade
        return 0


def queries() -> list[Judged]:
    """Every judged query, by category."""
    found = []
    for file in sorted((HERE / "queries").glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                query, _arrow, sides = line.partition(" => ")
                found.append(Judged(file.stem, _typed(query), read_sides(sides)))
    return found


def _typed(query: str) -> str:
    return query.replace("\\u0000", "\x00")


def read_sides(text: str) -> tuple[tuple[Conditions, ...], ...]:
    return tuple(
        tuple(tuple(_condition(one) for one in option.split()) for option in side.split(" or "))
        for side in text.split(" ; ")
        if side.strip()
    )


def _condition(text: str) -> Callable[[Item], bool]:
    sign, said = text[0], text[1:].replace("_", " ").lower()
    if sign == "~":
        return lambda item: said in item.document.title.lower()
    if sign == "^":
        return lambda item: item.document.title.lower().startswith(said)
    if sign == "*":
        return lambda item: said in item.text.lower()
    facet, _is, value = text.partition("=")
    if facet == "grade":
        return lambda item: value in (item.facets.get("grade", ""), item.facets.get("grade", "").split("/")[-1])
    return lambda item: item.facets.get(facet) == value


@cache
def _grades() -> tuple[tuple[Judged, dict[str, int]], ...]:
    """For each query the documents worth finding."""
    return tuple(
        (judged, {item.document.id: grade for item in items() if (grade := judged.grade(item))}) for judged in queries()
    )


@dataclass(frozen=True)
class Outcome:
    judged: Judged
    answer: Answer
    ids: tuple[str, ...]
    s1: float
    s10: float
    ndcg10: float


def outcomes(engine: Engine) -> Iterator[Outcome]:
    """What the engine, filled with the library, answers to every query."""
    for judged, wanted in _grades():
        found = answer(engine.search, judged.query, lexicon(), Asked(tokens=("public",), per_page=DEEP))
        ids = tuple(hit.id for hit in (*found.page.hits, *found.more))[:DEEP]
        if judged.category == NO_ANSWER:
            right = float(not ids or found.way in (Way.FACETS, Way.BROWSE))
            yield Outcome(judged, found, ids, right, right, right)
            continue
        gains = [wanted.get(id_, 0) for id_ in ids]
        s1 = float(bool(gains) and gains[0] >= RELEVANT)
        s10 = float(any(gain >= RELEVANT for gain in gains))
        yield Outcome(judged, found, ids, s1, s10, _ndcg(gains, list(wanted.values())))


def _ndcg(gains: Sequence[int], wanted: Sequence[int]) -> float:
    ideal = _dcg(sorted(wanted, reverse=True)[:DEEP])
    return _dcg(gains) / ideal if ideal else 0.0


def _dcg(gains: Sequence[int]) -> float:
    return sum((2**gain - 1) / math.log2(place + 2) for place, gain in enumerate(gains))


def figures(results: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """category -> metric -> mean, and `all`."""
    found: dict[str, dict[str, float]] = {}
    for category in (*sorted({one.judged.category for one in results}), "all"):
        some = [one for one in results if category in (one.judged.category, "all")]
        found[category] = {metric: sum(getattr(one, metric) for one in some) / len(some) for metric in METRICS}
        found[category]["queries"] = len(some)
    return found


def filled(engine: Engine) -> Engine:
    """The engine, with the library in it."""
    engine.ensure()
    engine.bulk(IndexOp(item.document) for item in items())
    return engine


def floors(engine: str) -> dict[str, dict[str, float]]:
    """What this engine has reached before."""
    known = tomllib.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    return dict(known.get(engine, {}))


def table(name: str, reached: dict[str, dict[str, float]]) -> str:
    lines = [f"| {name} | queries | S@1 | S@10 | nDCG@10 |", "|---|---|---|---|---|"]
    lines += [
        f"| {category} | {int(some['queries'])} | {some['s1']:.3f} | {some['s10']:.3f} | {some['ndcg10']:.3f} |"
        for category, some in reached.items()
    ]
    return "\n".join(lines)


def raise_floors(name: str, reached: dict[str, dict[str, float]]) -> None:
    """floors.toml holds the better of what it held and what was reached, cut to three places."""
    known = tomllib.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    mine = known.setdefault(name, {})
    for category, some in reached.items():
        held = mine.setdefault(category, {})
        for metric in METRICS:
            held[metric] = max(held.get(metric, 0.0), math.floor(some[metric] * 1000) / 1000)
    lines = ["# What was reached; these only rise (README.md)."]
    for engine, categories in sorted(known.items()):
        for category, held in categories.items():
            lines += ["", f"[{engine}.{category}]", *(f"{metric} = {held[metric]:.3f}" for metric in METRICS)]
    FLOORS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def misses(results: Sequence[Outcome]) -> Iterator[str]:
    """A line for each query that is not answered well."""
    titles = {item.document.id: item.document.title for item in items()}
    for one in results:
        if one.s1 < 1 or one.ndcg10 < 0.7:
            chips = " ".join(f"{chip.facet}:{chip.text}" for chip in one.answer.understood.chips)
            query = one.answer.query
            asked = " ".join(query.words or query.parts or query.loose)
            first = [titles[id_] for id_ in one.ids[:3]]
            about = (one.judged.category, repr(one.judged.query), one.answer.way, chips, asked, f"{one.ndcg10:.2f}")
            yield " | ".join((*about, str(first)))


@contextmanager
def an_engine(folder: Path) -> Iterator[Engine]:
    """The engine that the arguments name, empty; nothing of it is left behind."""
    from search.engines.elasticsearch import ElasticsearchEngine  # here: the tests bring engines of their own
    from search.engines.embedded import EmbeddedEngine
    from tests.search.server import drop

    if "--elasticsearch" not in sys.argv:
        yield EmbeddedEngine(folder)
        return
    url, prefix = os.environ["ELASTICSEARCH_URL"], f"judged-{os.getpid()}"
    server = ElasticsearchEngine(url, prefix=prefix, immediate=True)
    try:
        yield server
    finally:
        server.close()
        drop(url, prefix)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, an_engine(Path(folder)) as engine:
        results = list(outcomes(filled(engine)))
        name = engine.health().engine
    reached = figures(results)
    lines = [*(misses(results) if "--misses" in sys.argv else ()), table(name, reached)]
    sys.stdout.write("\n".join(lines) + "\n")
    if "--raise" in sys.argv:
        raise_floors(name, reached)


if __name__ == "__main__":
    main()
