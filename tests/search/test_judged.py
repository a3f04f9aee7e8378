"""The judged queries (judged/README.md): what each engine has reached once, it never falls below."""

import re
from pathlib import Path

import pytest

from search.engines.base import Engine
from tests.search.judged import harness

LEAST = 300
SLACK = 0.005  # newness counts a little, so equals change places as days pass


def test_queries_are_many_in_ten_categories_and_can_be_answered() -> None:
    judged = harness.queries()
    assert len(judged) >= LEAST
    assert len({one.query for one in judged}) == len(judged)
    categories = {one.category for one in judged}
    assert len(categories) == 10
    for one, wanted in harness._grades():
        worth = [grade for grade in wanted.values() if grade >= harness.RELEVANT]
        assert bool(worth) == (one.category != harness.NO_ANSWER), one.query


@pytest.mark.slow
def test_judged_queries_reach_their_floors(engine: Engine) -> None:
    name = engine.health().engine
    reached = harness.figures(list(harness.outcomes(harness.filled(engine))))
    floors = harness.floors(name)
    assert floors, "nothing was reached yet: python -m tests.search.judged.harness --raise"
    below = [
        f"{category} {metric}: {reached[category][metric]:.3f} below {floor:.3f}"
        for category, held in floors.items()
        for metric, floor in held.items()
        if reached[category][metric] < floor - SLACK
    ]
    assert not below, harness.table(name, reached)


def test_floors_only_rise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness, "FLOORS", tmp_path / "floors.toml")
    metrics = {"s1": 0.5, "s10": 0.75, "ndcg10": 0.6666}
    harness.raise_floors("embedded", {"typo": metrics})
    harness.raise_floors("embedded", {"typo": {"s1": 0.25, "s10": 0.8, "ndcg10": 0.1}})
    assert harness.floors("embedded") == {"typo": {"s1": 0.5, "s10": 0.8, "ndcg10": 0.666}}
    assert re.fullmatch(r"# .+\n\n\[embedded\.typo\]\n(?:\w+ = \d\.\d{3}\n){3}", harness.FLOORS.read_text())
