"""While the engine that should answer is away, the one on standby does, and has all that is written meanwhile."""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from search.engines import engine
from search.engines.base import DeleteOp, Page, State
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.engines.standby import StandbyEngine
from search.errors import IndexUnavailable, SearchTimeout
from search.query import Query, only_counts
from tests.search.conftest import ask, found, index, work


def nobody_listens() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def second(tmp_path: Path) -> EmbeddedEngine:
    made = EmbeddedEngine(tmp_path / "second")
    made.ensure()
    return made


def test_both_have_what_is_written_and_the_first_answers(second: EmbeddedEngine, tmp_path: Path) -> None:
    first = EmbeddedEngine(tmp_path / "first")
    both = StandbyEngine(first, second)
    both.ensure()
    index(both, work("1", "浮力"), work("2", "浮力"))
    both.bulk([DeleteOp(id="2", version=2)])
    assert found(first, "浮力") == found(second, "浮力") == ["1"]
    assert not both.search(ask("浮力")).from_standby
    with both.rebuild() as fresh:
        fresh.fill([work("3", "浮力")])
    assert found(first, "浮力") == found(second, "浮力") == ["3"]


@pytest.mark.parametrize("kept", [True, False])
def test_both_go_back_and_the_second_stays_where_it_has_nothing(
    second: EmbeddedEngine, tmp_path: Path, kept: bool
) -> None:
    first = EmbeddedEngine(tmp_path / "first")
    both = StandbyEngine(first, second)
    both.ensure()
    for title in ("old", "new"):
        with (both if kept or title == "new" else first).rebuild() as fresh:
            fresh.fill([work(title, "浮力")])
    both.rollback()
    assert (found(first, "浮力"), found(second, "浮力")) == (["old"], ["old" if kept else "new"])
    both.rollback()
    assert found(first, "浮力") == found(second, "浮力") == ["new"]


def test_a_second_that_would_go_back_too_far_stays(second: EmbeddedEngine, tmp_path: Path) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(days=1)):
        for title in ("oldest", "old"):
            with second.rebuild() as fresh:
                fresh.fill([work(title, "浮力")])
    first = EmbeddedEngine(tmp_path / "first")
    for title in ("old", "new"):
        with first.rebuild() as fresh:
            fresh.fill([work(title, "浮力")])
    known = datetime.now(UTC) - timedelta(hours=1)
    assert StandbyEngine(first, second).rollback(not_before=known) > known
    assert found(first, "浮力") == found(second, "浮力") == ["old"]


def test_standby_answers_and_takes_writes_while_the_first_is_away(second: EmbeddedEngine) -> None:
    both = StandbyEngine(ElasticsearchEngine(nobody_listens(), timeout=0.5), second)
    with pytest.raises(IndexUnavailable):
        index(both, work("1", "浮力"))
    page = both.search(ask("浮力"))
    assert [hit.id for hit in page.hits] == ["1"]
    assert page.from_standby
    assert [suggestion.id for suggestion in both.suggest("浮", ["public"])] == ["1"]
    assert both.health().state is State.UNREACHABLE


def test_nobody_waits_twice_for_words_that_took_too_long(second: EmbeddedEngine, tmp_path: Path) -> None:
    asked: list[str] = []

    class Slow(EmbeddedEngine):
        def search(self, query: Query) -> Page:
            asked.append(query.text)
            if query.text == "浮力":
                raise SearchTimeout(0.1)
            return super().search(query)

    both = StandbyEngine(Slow(tmp_path / "slow"), second)
    both.ensure()
    index(both, work("1", "浮力"), work("2", "分数"))
    heavy = ask("浮力", facets=["subject"])
    pages = [both.search(heavy), both.search(only_counts(heavy, heavy.facets)), both.search(ask("分数"))]
    assert [(page.total, page.from_standby) for page in pages] == [(1, True), (1, True), (1, False)]
    assert asked == ["浮力", "分数"]


def test_question_that_was_refused_sends_nobody_else_to_the_second(second: EmbeddedEngine, tmp_path: Path) -> None:
    class Choosy(EmbeddedEngine):
        def search(self, query: Query) -> Page:
            if query.text == "浮力":
                raise IndexUnavailable("failed", "400 about this one question")
            return super().search(query)

    both = StandbyEngine(Choosy(tmp_path / "choosy"), second)
    both.ensure()
    assert [both.search(ask(text)).from_standby for text in ("分数", "浮力", "分数")] == [False, True, False]


def test_setting_makes_the_pair(settings: Settings, tmp_path: Path) -> None:
    settings.SEARCH = {
        "engine": "embedded",
        "path": str(tmp_path / "a"),
        "standby": {"engine": "embedded", "path": str(tmp_path / "b")},
    }
    engine().ensure()
    index(engine(), work("1", "浮力"))
    assert isinstance(engine(), StandbyEngine)
    assert found(EmbeddedEngine(tmp_path / "b"), "浮力") == ["1"]
