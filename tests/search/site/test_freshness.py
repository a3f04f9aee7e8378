"""The search page says when what it shows may be older than the database."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from cms.outbox import worker
from cms.outbox.errors import Outage
from search.engines import engine
from search.engines.base import State
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.engines.embedded.connections import unavailable
from search.engines.standby import StandbyEngine
from search.indexing import queueing, rebuilding
from tests import factories
from tests.search.test_standby import nobody_listens

pytestmark = pytest.mark.django_db

BEHIND = "检索正在追赶最新的改动"


def page() -> str:
    return Client().get("/search/", {"q": "分数"}).content.decode()


def test_page_says_when_changes_have_waited_for_a_minute() -> None:
    queueing.queue(factories.published(factories.province()).work_id)
    assert BEHIND not in page()
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61)):
        assert BEHIND in page()
        worker.drain()
        assert BEHIND not in page()


def test_where_the_index_is_behind_nothing_is_found_for_the_moment_only() -> None:
    assert ">没有找到</h2>" in page()
    queueing.queue(factories.published(factories.province()).work_id)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61)):
        assert ">暂时没有找到</h2>" in page()


def test_change_that_waits_for_the_index_counts_though_its_next_try_is_later(settings: Any) -> None:
    settings.SEARCH = {"engine": "elasticsearch", "hosts": nobody_listens()}
    queueing.queue(1)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=100)):
        worker.drain()
        assert queueing.seconds_behind() == pytest.approx(100, abs=2)


def test_monitor_counts_the_one_on_standby_and_a_rebuild_is_asked_for_both(settings: Any, tmp_path: Path) -> None:
    second = EmbeddedEngine(tmp_path / "second")
    away = StandbyEngine(ElasticsearchEngine(nobody_listens(), timeout=0.5), second)
    assert (away.health().ok, away.health().answers) == (False, False)
    with second.rebuild():
        pass
    assert (away.health().ok, away.health().answers, away.health().complete) == (False, True, False)

    both = {"engine": "embedded", "path": str(tmp_path / "first")}
    settings.SEARCH = {**both, "standby": {"engine": "embedded", "path": str(tmp_path / "third")}}
    settings.SEARCH, pair = both, settings.SEARCH
    rebuilding.rebuild()
    settings.SEARCH = pair
    assert (engine().health().ok, engine().health().standby) == (True, State.MISSING)
    assert not engine().health().complete
    rebuilding.rebuild()
    assert engine().health().complete


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM])
def test_trouble_of_the_machine_is_an_outage(code: int) -> None:
    """What is owed waits for its end; it is not given up as if a document were at fault."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code | 3 << 8  # the low byte says what; the rest refines it

    with pytest.raises(Outage), queueing.index_at_hand():
        raise unavailable(error)
