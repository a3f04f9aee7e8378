"""Ten searches of teachers (fixtures/ranking/searches.toml): the first hit is what a colleague would have handed over,
and both engines count the same facets."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from search.engines.base import Engine
from search.engines.embedded import EmbeddedEngine
from search.understanding.asking import Answer, answer
from search.understanding.steps import Asked
from tests.search.judged import harness
from tests.search.judged.corpus import items, lexicon

SEARCHES = Path(__file__).resolve().parents[2] / "fixtures" / "ranking" / "searches.toml"
CASES: list[dict[str, Any]] = tomllib.loads(SEARCHES.read_text(encoding="utf-8"))["search"]
FACETS = ("kind", "type", "library", "stage", "subject", "grade", "volume", "edition")
WANTED = 3  # the best grade a judgement has


def answered(engine: Engine, text: str) -> Answer:
    return answer(engine.search, text, lexicon(), Asked(tokens=("public",), facets=FACETS))


def judged(case: dict[str, Any]) -> harness.Judged:
    return harness.Judged("ten", case["ask"], harness.read_sides(case["wants"]))


def test_there_are_ten() -> None:
    assert len(CASES) == 10


def test_a_colleague_would_have_handed_over_the_first_hit(engine: Engine) -> None:
    harness.filled(engine)
    works = {item.document.id: item for item in items()}
    wrong = []
    for case in CASES:
        hits = answered(engine, case["ask"]).page.hits
        first = works[hits[0].id] if hits else None
        if first is None or judged(case).grade(first) < WANTED:
            wrong.append((case["ask"], first and (first.document.title, first.facets)))
    assert not wrong


@pytest.mark.elasticsearch
def test_both_engines_count_the_same(cluster: Any, tmp_path: Path) -> None:

    server, embedded = (harness.filled(one) for one in (cluster(), EmbeddedEngine(tmp_path)))
    for case in CASES:
        one, other = answered(server, case["ask"]), answered(embedded, case["ask"])
        assert (one.page.total, one.way, one.page.facets) == (other.page.total, other.way, other.page.facets)
