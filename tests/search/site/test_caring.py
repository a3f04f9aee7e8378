"""The worker keeps the index whole and quick without being told."""

import io
import re
import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from cms.library.models import Work
from cms.outbox import worker
from cms.outbox.handlers import recurring
from cms.outbox.models import Worker
from cms.outbox.versions import version_of_now
from search.engines import engine, standby
from search.engines.base import DeleteOp, Document, IndexOp, State
from search.errors import IndexUnavailable
from search.indexing.caring import CLOCK, OFTEN, TOPIC, care, is_newer_than_the_database
from search.indexing.rebuilding import fill, rebuild
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
    assert (TOPIC, OFTEN) in [(handler.topic, handler.every) for handler in recurring()]


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


def test_an_index_that_is_newer_than_the_database_is_made_anew(caplog: pytest.LogCaptureFixture) -> None:
    """The database came back from a copy: a work that was deleted since is there again, which `check` would not see any
    more once the versions have caught up."""
    shared_work()
    rebuild()
    care("")
    first = engine().health().index
    later = version_of_now() + 1_000
    work = Work.objects.get()
    engine().bulk([DeleteOp(id=str(work.pk), version=later - 1), DeleteOp(id=CLOCK, version=later)])
    assert find(NOBODY, "分数").total == 0

    care("")

    assert "came back from a copy" in caplog.text
    second = engine().health().index
    assert (second != first, find(NOBODY, "分数").total) == (True, 1)
    care("")
    assert engine().health().index == second


def test_two_looks_at_once_make_nothing_anew() -> None:
    shared_work()
    rebuild()
    engine().bulk([DeleteOp(id=CLOCK, version=version_of_now() + 1)])  # of a worker that was quicker by one number
    assert not is_newer_than_the_database()


def never_filled(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path / "new")}
    engine().ensure()
    assert engine().health().state is State.UNFILLED


def test_an_index_that_was_never_filled_is_filled(settings: Any, tmp_path: Path) -> None:
    never_filled(settings, tmp_path)
    shared_work()

    care("")

    assert engine().health().state is State.READY
    assert find(NOBODY, "分数").total == 1


def test_nobody_is_told_that_there_is_nothing_before_the_first_filling(
    settings: Any, tmp_path: Path, client: Client
) -> None:
    never_filled(settings, tmp_path)
    shared_work()  # in the index by now, alone of all that may be in the database
    with engine().rebuild():
        for address in ("/search/?q=分数", "/api/v1/search?q=分数"):
            assert client.get(address).status_code == 503
        assert "正在建立" in client.get("/api/v1/search?q=分数").json()["message"]
        with pytest.raises(IndexUnavailable, match="unfilled"):
            find(NOBODY, "分数")
    rebuild()
    assert "分数的初步认识" in client.get("/search/?q=分数").content.decode()


def test_library_without_works_answers_that_there_are_none(settings: Any, tmp_path: Path, client: Client) -> None:
    never_filled(settings, tmp_path)
    care("")
    assert find(NOBODY, "分数").total == 0
    assert client.get("/search/?q=分数").status_code == 200


@pytest.mark.parametrize("broken", [wiped, damaged])
def test_the_one_on_standby_answers_while_the_other_is_made_anew(
    settings: Any, tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch, broken: Any
) -> None:
    monkeypatch.setattr(standby, "PAUSE", 0.0)  # the first is asked again at once
    pair(settings, tmp_path)
    rebuild()
    place = factories.province()
    factories.shared(place, openly=True)
    worker.drain()
    engine().close()
    broken(tmp_path / "first")

    engine().ensure()
    with engine().rebuild() as fresh:
        page = find(NOBODY, "分数")
        assert (page.total, page.from_standby) == (1, True)
        assert "检索正在恢复" in client.get("/search/?q=分数").content.decode()
        fill(fresh)
        factories.shared(place, openly=True)
        worker.drain()
        assert find(NOBODY, "分数").total == 2
    page = find(NOBODY, "分数")
    assert (page.total, page.from_standby) == (2, False)


def pair(settings: Any, tmp_path: Path) -> None:
    first, second = ({"engine": "embedded", "path": str(tmp_path / name)} for name in ("first", "second"))
    settings.SEARCH = {**first, "standby": second}


def test_operator_is_told_that_workers_elsewhere_do_not_write_to_the_standby_here(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Worker.objects.create(name=f"{socket.gethostname()}-1")
    Worker.objects.create(name="other-host-2")
    rebuild()
    care("")
    assert not caplog.records  # without a standby it is nobody's trouble

    pair(settings, tmp_path)
    rebuild()
    care("")
    said = io.StringIO()
    call_command("search", "check", stdout=said)
    assert "other-host" in caplog.text
    assert said.getvalue().startswith("备用索引只适合一台机器：这里的没有 other-host 上")

    Worker.objects.filter(name="other-host-2").delete()
    caplog.clear()
    care("")
    assert not caplog.records


def test_an_index_with_a_damaged_page_is_made_anew_once_somebody_came_across_it(tmp_path: Path) -> None:
    shared_work()
    with engine().rebuild() as fresh:
        fill(fresh)
        fresh.fill(Document(id=f"9{n}", version=1, title="题目", body=f"正文{n}", acl=["public"]) for n in range(300))
    engine().close()
    spoil_the_full_text(tmp_path / "index")
    assert engine().health().ok  # which asks only how many there are

    with pytest.raises(IndexUnavailable, match="corrupt"):
        for n in range(300):
            find(NOBODY, f"正文{n}")
    assert engine().health().state is State.CORRUPT
    care("")

    assert engine().health().state is State.READY
    assert find(NOBODY, "分数").total == 1
    assert not list((tmp_path / "index").glob("*-damaged"))


def spoil_the_full_text(folder: Path) -> None:
    """Pages of the file that answers are overwritten: all that hold the end of the longest piece of the full text, for
    one may be left over from before."""
    path = folder / (folder / "CURRENT").read_text().strip()
    with closing(sqlite3.connect(path)) as file:
        size = int(file.execute("PRAGMA page_size").fetchone()[0])
        (piece,) = file.execute("SELECT block FROM words_data ORDER BY length(block) DESC LIMIT 1").fetchone()
    held = path.read_bytes()
    with path.open("r+b") as stream:
        for found in re.finditer(re.escape(piece[-40:]), held):
            stream.seek(found.start() // size * size)
            stream.write(b"\xff" * size)


def test_an_index_on_standby_that_is_gone_is_made_anew(settings: Any, tmp_path: Path) -> None:
    where = tmp_path / "second"
    pair(settings, tmp_path)
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


def test_nothing_is_begun_beside_a_rebuild_that_runs(tmp_path: Path) -> None:
    shared_work()
    before = engine().health().index
    engine().close()
    damaged(tmp_path / "index")
    with engine().rebuild():
        begun = engine().health().index
        assert begun != before
        care("")
        assert (engine().health().index, engine().health().state) == (begun, State.UNFILLED)  # the other one is at it


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
