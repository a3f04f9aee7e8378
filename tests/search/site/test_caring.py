"""The worker keeps the index whole and quick without being told."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cms.outbox import worker
from cms.outbox.handlers import recurring
from search.caring import OFTEN, TOPIC, care
from search.engines import engine
from search.engines.base import Document, IndexOp, State
from search.indexing import rebuild
from tests import factories
from tests.search.site.test_finding import NOBODY, find
from tests.search.test_standby import nobody_listens

pytestmark = pytest.mark.django_db


def shared_work() -> None:
    factories.shared(factories.province(), openly=True)
    worker.drain()


def damaged(path: Path) -> None:
    for file in path.glob("*.sqlite3"):
        file.write_bytes(b"no database" * 500)


def wiped(path: Path) -> None:
    shutil.rmtree(path)


def test_workers_see_to_it_every_minute() -> None:
    assert (TOPIC, OFTEN) in recurring()


@pytest.mark.parametrize("broken", [wiped, damaged])
def test_an_index_that_is_gone_or_damaged_is_made_anew(broken: Any, tmp_path: Path, client: Client) -> None:
    shared_work()
    rebuild()
    engine().close()
    assert any((tmp_path / "index").glob("*.sqlite3"))
    broken(tmp_path / "index")
    assert not engine().health().ok
    assert client.get("/search/?q=分数").status_code == 503

    care("")

    assert engine().health().state is State.READY
    assert find(NOBODY, "分数").total == 1
    assert client.get("/search/?q=分数").status_code == 200


def test_an_index_that_was_never_filled_is_filled() -> None:
    shared_work()
    assert engine().health().state is State.EMPTY

    care("")

    assert engine().health().state is State.READY
    assert find(NOBODY, "分数").total == 1


def test_an_index_on_standby_that_is_gone_is_made_anew(settings: Any, tmp_path: Path) -> None:
    where = tmp_path / "second"
    settings.SEARCH = {
        "engine": "embedded",
        "path": str(tmp_path / "first"),
        "standby": {"engine": "embedded", "path": str(where)},
    }
    shared_work()
    rebuild()
    engine().close()
    wiped(where)
    assert engine().health().ok
    assert engine().health().standby is State.MISSING

    care("")

    assert engine().health().standby is State.READY


def test_a_whole_index_is_left_as_it_is() -> None:
    shared_work()
    rebuild()
    before = engine().health().index

    care("")

    assert engine().health().index == before


def test_nothing_is_begun_beside_a_rebuild_that_runs() -> None:
    shared_work()
    with engine().rebuild():
        care("")
        assert engine().health().state is State.EMPTY  # the other one is at it


def test_an_index_that_is_away_is_left_to_those_who_wait_for_it(settings: Any) -> None:
    settings.SEARCH = {"engine": "elasticsearch", "hosts": nobody_listens()}
    care("")
    assert engine().health().state is State.UNREACHABLE


def test_what_was_written_bit_by_bit_is_merged(tmp_path: Path) -> None:
    shared_work()
    rebuild()
    for n in range(12):
        engine().bulk([IndexOp(Document(id=f"9{n}", version=1, title=f"分数 {n}", acl=["public"]))])
    before = pieces(tmp_path / "index")

    care("")

    assert pieces(tmp_path / "index") < before
    assert engine().tend() is False


def pieces(path: Path) -> int:
    """Into how many segments the full text is cut."""
    with closing(sqlite3.connect(path / (path / "CURRENT").read_text().strip())) as file:
        return int(file.execute("SELECT count(DISTINCT segid) FROM words_idx").fetchone()[0])
