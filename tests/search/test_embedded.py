"""What is true of the embedded engine only: its directory, its failures."""

import multiprocessing
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from search import analysis
from search.engines.base import DeleteOp, IndexOp, State, Written
from search.engines.embedded import EmbeddedEngine, expression, tending
from search.engines.embedded.sheets import NEVER, NOBODY, Sheets
from search.engines.limits import REMEMBERED
from search.errors import IndexUnavailable, NothingToRollBackTo, SearchTimeout
from search.query import Ask, Step
from tests.search.conftest import ask, found, index, work

SPAWN = multiprocessing.get_context("spawn")


def live(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text()


# --- missing and damaged --------------------------------------------------------------------------------------------


def test_missing_index_says_so_and_is_made(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path / "deep" / "index")

    assert engine.health().state is State.MISSING
    for call in (
        lambda: engine.search(ask("浮力")),
        lambda: engine.suggest("浮", ["public"]),
        lambda: index(engine, work("1", "浮力")),
    ):
        with pytest.raises(IndexUnavailable) as caught:
            call()
        assert caught.value.reason == "missing"

    engine.ensure()

    assert (engine.health().state, found(engine)) == (State.UNFILLED, [])


def test_damaged_index_answers_until_another_does_and_its_deletions_are_remembered(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path / "index", only_filled=True)
    with engine.rebuild() as new:
        new.fill([work("1", "浮力", version=1)])
    engine.bulk([DeleteOp("2", 5)])
    file = live(tmp_path / "index")
    file.with_name(f"{file.name}-damaged").touch()
    assert engine.health().state is State.CORRUPT

    with engine.rebuild() as new:
        assert found(engine, "浮力") == ["1"]
        new.fill([work("1", "浮力", version=1)])

    assert engine.health().ok
    assert engine.bulk([IndexOp(work("2", "浮力", version=3))]).stale == 1
    assert found(engine, "浮力") == ["1"]
    with pytest.raises(NothingToRollBackTo):
        engine.rollback()


@pytest.mark.parametrize("damage", ["gone", "text", "cut", "zeros"])
def test_damaged_file_says_so_and_is_replaced(embedded: EmbeddedEngine, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "index"
    with embedded.rebuild() as new:
        new.fill(work(str(n), f"浮力{n}", body="文字" * 300) for n in range(200))
    embedded.close()
    file = live(folder)
    if damage == "gone":
        file.unlink()
    elif damage == "text":
        file.write_text("not a database at all, only text" * 100)
    elif damage == "cut":
        os.truncate(file, 5000)
    else:
        raw = file.read_bytes()
        file.write_bytes(raw[:4096] + bytes(len(raw) - 4096))

    with pytest.raises(IndexUnavailable) as caught:
        found(embedded, "浮力")
    assert caught.value.reason in ("missing", "corrupt")
    assert embedded.health().state in (State.MISSING, State.CORRUPT)
    assert not embedded.health().ok

    embedded.ensure()

    assert (embedded.health().state, found(embedded, "浮力")) == (State.UNFILLED, [])
    index(embedded, work("1", "浮力"))
    assert found(embedded, "浮力") == ["1"]


def test_file_that_vanishes_in_use_says_so(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    index(embedded, work("1", "浮力"))
    assert found(embedded, "浮力") == ["1"]
    live(tmp_path / "index").unlink()

    with pytest.raises(IndexUnavailable) as caught:
        found(embedded, "浮力")

    assert caught.value.reason == "missing"


def test_index_of_another_analysis_is_outdated_and_replaced(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    with sqlite3.connect(live(tmp_path / "index")) as connection:
        connection.execute("UPDATE meta SET value = '0/older' WHERE key = 'signature'")
    connection.close()

    assert embedded.health().state is State.OUTDATED
    with pytest.raises(IndexUnavailable) as caught:
        index(embedded, work("1", "浮力"))
    assert caught.value.reason == "outdated"

    embedded.ensure()

    assert embedded.health().state is State.UNFILLED


def test_foreign_database_is_not_taken_for_an_index(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    embedded.close()
    file = live(tmp_path / "index")
    file.unlink()
    sqlite3.connect(file).execute("CREATE TABLE other (id)").connection.close()

    assert embedded.health().state is State.OUTDATED


@pytest.mark.parametrize("pointer", ["", "../../etc/passwd", "/etc/passwd", "works-none.sqlite3", "\udcff"])
def test_pointer_to_nowhere_says_missing(embedded: EmbeddedEngine, tmp_path: Path, pointer: str) -> None:
    (tmp_path / "index" / "CURRENT").write_bytes(pointer.encode("utf-8", "surrogateescape"))

    assert embedded.health().state is State.MISSING


def test_search_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path / "index", timeout=0)
    engine.ensure()
    patient = EmbeddedEngine(tmp_path / "index")
    with patient.rebuild() as new:
        new.fill(work(str(n), f"浮力{n}") for n in range(5000))

    with pytest.raises(SearchTimeout):
        engine.search(ask("浮", facets=["subject"]))

    assert patient.search(ask("浮")).total == 5000
    engine.close()
    patient.close()


def test_writer_that_waits_too_long_says_busy(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    other = EmbeddedEngine(tmp_path / "index", lock_timeout=0.05)
    held = threading.Event()
    let_go = threading.Event()

    def hold() -> None:
        with embedded._files.writing():
            held.set()
            let_go.wait(5)

    with ThreadPoolExecutor(1) as threads:
        threads.submit(hold)
        held.wait(5)
        with pytest.raises(IndexUnavailable) as caught:
            index(other, work("1", "浮力"))
        let_go.set()

    assert caught.value.reason == "busy"
    other.close()


def test_nobody_goes_back_to_a_file_that_is_gone_damaged_or_of_another_version(embedded: EmbeddedEngine) -> None:
    for n in "12":
        with embedded.rebuild() as new:
            new.fill([work(n, "浮力")])
    previous = embedded._files.named("PREVIOUS")
    assert previous is not None
    with sqlite3.connect(previous) as connection:
        connection.execute("UPDATE meta SET value = 'older' WHERE key = 'signature'")
    for spoil in (lambda: None, lambda: previous.write_bytes(b"no database" * 500), previous.unlink):
        spoil()
        with pytest.raises(NothingToRollBackTo):
            embedded.rollback()
    assert (found(embedded, "浮力"), embedded.health().ok) == (["2"], True)


# --- files ----------------------------------------------------------------------------------------------------------


def test_only_the_live_and_the_earlier_file_are_kept(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    for n in range(4):
        with embedded.rebuild() as new:
            new.fill([work(str(n), "浮力")])

    assert len(list((tmp_path / "index").glob("works-*.sqlite3"))) == 2
    assert found(embedded, "浮力") == ["3"]


def rebuild_and_die(folder: Path) -> None:
    engine = EmbeddedEngine(folder)
    with engine.rebuild() as new:
        new.fill([work("half", "背影")])
        os._exit(9)


def test_rebuild_that_dies_is_forgotten(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    index(embedded, work("1", "浮力"))
    child = SPAWN.Process(target=rebuild_and_die, args=(tmp_path / "index",))
    child.start()
    child.join(20)
    assert child.exitcode == 9

    index(embedded, work("2", "浮力"))
    assert (sorted(found(embedded, "浮力")), embedded.health().rebuilding) == (["1", "2"], False)

    with embedded.rebuild() as new:
        new.fill([work("3", "浮力")])
    assert (found(embedded, "浮力"), found(embedded, "背影")) == (["3"], [])
    assert len(list((tmp_path / "index").glob("works-*.sqlite3"))) == 2


def test_old_tombstones_are_buried_in_short_steps_however_often_the_file_was_rebuilt(
    embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tending, "BURY", 2)
    embedded.bulk([DeleteOp(id_, 4) for id_ in "12345"])
    with time_machine.travel(datetime.now(UTC) + timedelta(days=20)):
        with embedded.rebuild():
            pass
        embedded.bulk([DeleteOp("young", 4)])

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=REMEMBERED + 60)):
        assert embedded.tend(seconds=0.0) is True
        assert embedded._write(embedded._live(), tending.tend_some) is True
        assert len(list(embedded._graves(None))) == 4
        while embedded.tend():
            pass
        assert [grave.id for grave in embedded._graves(None)] == ["young"]
        late = [IndexOp(work(id_, "浮力", version=3)) for id_ in ("1", "young")]
        assert embedded.bulk(late) == Written(done=1, stale=1)


# --- the full text --------------------------------------------------------------------------------------------------

TITLES = st.text(st.sampled_from('数学分的a1 ，"*:^()-+AND\x00\ud800'), max_size=12)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 6), st.one_of(st.none(), TITLES)), max_size=25))
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_run_of_writes_leaves_a_sound_index(
    tmp_path_factory: pytest.TempPathFactory, writes: list[tuple[int, int, str | None]]
) -> None:
    engine = EmbeddedEngine(tmp_path_factory.mktemp("index"))
    engine.ensure()
    held: dict[str, tuple[int, str | None]] = {}
    for number, version, title in writes:
        id_ = str(number)
        engine.bulk([DeleteOp(id_, version) if title is None else IndexOp(work(id_, title, version=version))])
        if version >= held.get(id_, (0, None))[0]:
            held[id_] = (version, title)

    there = {id_: version for id_, (version, title) in held.items() if title is not None}
    assert dict(engine.versions()) == there
    file = engine._files.named("CURRENT")
    assert file is not None
    connection = engine._connections.get(file)
    connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    size = "SELECT (SELECT count(*) FROM source), (SELECT count(*) FROM words_docsize)"
    assert connection.execute(size).fetchone() == (len(there), len(there))
    records = enumerate(Sheets().read(connection).tolist())
    told = "SELECT rowid, acl, combo, adoptions, coalesce(published, ?) FROM doc ORDER BY rowid"
    rows = connection.execute(told, (NEVER,))
    assert [(row, *record) for row, record in records if record[0] != NOBODY] == rows.fetchall()
    engine.close()


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=20), min_size=1, max_size=5))
def test_expression_is_always_understood(words: list[str]) -> None:
    findable = tuple(word for word in words if analysis.phrase(word).tokens)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5 (title, keywords, summary, body, tokenize = 'ascii')")
    for step in (Step.ALL, Step.ANY):
        if findable:
            asked = expression.ranking(Ask(step, findable, 1), whole=" ".join(findable)[:60])
            if not any("\ud800" <= character <= "\udfff" for character in asked):  # normalise takes these out
                connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (asked,)).fetchone()
    connection.close()
