"""A promise of `search.engines.base`, for every engine: writes may come late and twice, and rebuilds lose none."""

import multiprocessing
import os
import random
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from search.engines.base import DeleteOp, Document, Engine, IndexOp, Op, State, Written
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.errors import IndexUnavailable, NothingToRollBackTo, RebuildRunning, TooOldToRollBackTo
from tests.search.conftest import ask, found, index, work

# --- writes -----------------------------------------------------------------------------------------------------------


def test_bulk_ignores_late_writes(engine: Engine) -> None:
    index(engine, work("1", "新的标题", version=5))

    late = engine.bulk([IndexOp(work("1", "旧的标题", version=4)), DeleteOp("1", 3)])

    assert late == Written(done=0, stale=2)
    assert (found(engine, "新的标题"), found(engine, "旧的")) == (["1"], [])


def test_bulk_takes_an_equal_version_as_it_comes(engine: Engine) -> None:
    index(engine, work("1", "甲课", version=7))
    index(engine, work("1", "乙课", version=7))
    assert (found(engine, "甲课"), found(engine, "乙课")) == ([], ["1"])

    assert engine.bulk([DeleteOp("1", 7)]) == Written(done=1)
    assert found(engine) == []
    index(engine, work("1", "丙课", version=7))
    assert found(engine) == ["1"]


@pytest.mark.parametrize("seed", range(3))
def test_bulk_in_any_order_ends_at_the_latest(engine: Engine, seed: int) -> None:
    chance = random.Random(seed)
    ops: list[Op] = []
    for id_ in "abcdef":
        for version in range(1, 9):
            gone = chance.random() < 0.4
            ops.append(DeleteOp(id_, version) if gone else IndexOp(work(id_, f"课{version}", version=version)))
    wanted = {op.id: 8 for op in ops if op.version == 8 and isinstance(op, IndexOp)}
    chance.shuffle(ops)

    for start in range(0, len(ops), 7):
        engine.bulk(ops[start : start + 7])
        if chance.random() < 0.5:
            engine.bulk(ops[max(0, start - 7) : start + 3])  # once more, as after a lost answer

    assert dict(engine.versions()) == wanted
    assert sorted(found(engine)) == sorted(wanted)
    assert engine.bulk(op for op in ops if op.version < 8) == Written(stale=42)


def test_bulk_of_versions_beyond_what_a_float_holds(engine: Engine) -> None:
    index(engine, work("1", "甲课", version=2**60 + 1))

    assert engine.bulk([IndexOp(work("1", "乙课", version=2**60))]) == Written(stale=1)
    assert list(engine.versions()) == [("1", 2**60 + 1)]


def test_bulk_from_several_threads_loses_nothing(engine: Engine) -> None:
    def some(part: int) -> Written:
        total = Written()
        for n in range(10):
            total += engine.bulk([IndexOp(work(f"{part}-{n}", "浮力")), IndexOp(work("all", "背影", version=part))])
        return total

    with ThreadPoolExecutor(4) as pool:
        written = sum(pool.map(some, range(1, 5)), Written())

    assert written.done + written.stale == 80
    held = dict(engine.versions())
    assert (len(held), held["all"]) == (41, 4)


def test_bulk_may_be_repeated(engine: Engine) -> None:
    ops: list[Op] = [IndexOp(work("1", "浮力", version=2)), DeleteOp("2", 7), IndexOp(work("3", "浮力", version=1))]

    assert engine.bulk(ops) == Written(done=3)
    assert engine.bulk(ops) == Written(done=3)
    assert sorted(found(engine, "浮力")) == ["1", "3"]


def test_bulk_of_one_id_keeps_the_latest(engine: Engine) -> None:
    engine.bulk([IndexOp(work("1", "甲课", version=1)), DeleteOp("1", 2), IndexOp(work("1", "乙课", version=3))])

    assert (found(engine, "甲课"), found(engine, "乙课")) == ([], ["1"])


def test_deleted_documents_do_not_come_back(engine: Engine) -> None:
    index(engine, work("1", "浮力", version=3, facets={"subject": ["物理"]}))
    engine.bulk([DeleteOp("1", 4)])

    assert engine.bulk([IndexOp(work("1", "浮力", version=3))]) == Written(stale=1)
    assert engine.search(ask("浮力", facets=["subject"])).facets == {"subject": []}
    assert (found(engine), engine.suggest("浮", ["public"]), list(engine.versions())) == ([], [], [])

    index(engine, work("1", "浮力", version=5))
    assert found(engine, "浮力") == ["1"]


def test_changed_documents_are_found_by_what_they_say_now(engine: Engine) -> None:
    index(engine, work("1", "浮力", body="阿基米德", facets={"subject": ["物理"]}))
    index(engine, work("1", "背影", body="朱自清", facets={"subject": ["语文"]}, version=2))

    page = engine.search(ask("背影 朱自清", facets=["subject"]))

    assert (page.total, page.facets) == (1, {"subject": [("语文", 1)]})
    assert (found(engine, "浮力"), found(engine, "阿基米德")) == ([], [])


def test_versions_lists_every_document_by_id(engine: Engine) -> None:
    index(engine, work("b", "浮力", version=2), work("a", "背影", version=9))

    assert list(engine.versions()) == [("a", 9), ("b", 2)]


# --- rebuilding -------------------------------------------------------------------------------------------------------


def test_rebuild_takes_over_when_it_is_left(engine: Engine) -> None:
    index(engine, work("old", "浮力"))

    with engine.rebuild() as new:
        assert new.fill(work(f"n{n}", "背影") for n in range(1200)) == 1200
        assert (found(engine, "浮力"), found(engine, "背影")) == (["old"], [])

    assert (found(engine, "浮力"), engine.search(ask("背影")).total) == ([], 1200)
    assert (engine.health().state, engine.health().documents) == (State.READY, 1200)


def test_writes_during_a_rebuild_reach_both(engine: Engine) -> None:
    index(engine, work("1", "浮力一"), work("2", "浮力二"), work("gone", "浮力三"))

    with engine.rebuild() as new:
        new.fill([work("1", "浮力一")])
        engine.bulk([IndexOp(work("1", "背影一", version=2)), DeleteOp("gone", 2), IndexOp(work("new", "背影二"))])
        assert sorted(found(engine, "背影")) == ["1", "new"]
        new.fill([work("2", "浮力二"), work("gone", "浮力三")])

    assert dict(engine.versions()) == {"1": 2, "2": 1, "new": 1}
    assert sorted(found(engine, "背影")) == ["1", "new"]


def test_writes_from_elsewhere_while_a_rebuild_begins_and_ends_are_not_lost(engine: Engine) -> None:
    """What is in the database when the rebuild reads it comes by filling, what changes later by `bulk`."""
    database: dict[str, int] = {f"{n}": 1 for n in range(60)}
    index(engine, *(work(id_, "浮力", version=version) for id_, version in database.items()))
    stop = threading.Event()

    def change() -> int:
        round_ = 1
        while not stop.is_set():
            round_ += 1
            for id_ in list(database)[round_ % 7 :: 7]:
                database[id_] = round_  # committed first, told to the index then
                index(engine, work(id_, "浮力", version=round_))
            database[f"new{round_}"] = round_
            index(engine, work(f"new{round_}", "浮力", version=round_))
        return round_

    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(change)
        for _rebuild in range(2):
            with engine.rebuild() as new:
                new.fill(work(id_, "浮力", version=version) for id_, version in list(database.items()))
        stop.set()
        assert changing.result() > 2

    assert dict(engine.versions()) == database


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_rebuild_that_died_takes_no_writes_and_is_cleared_away(engine: Engine) -> None:
    with engine.rebuild() as new:
        new.fill([work("1", "浮力")])
    process = multiprocessing.get_context("fork").Process(target=_begin_a_rebuild_and_die, args=(engine,))
    process.start()
    process.join(60)
    assert process.exitcode == 9

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=15)):  # its lease has run out, where it had one
        index(engine, work("2", "浮力"))
        left = _being_filled(engine)
        assert (left is not None, engine.health().rebuilding) == (True, False)
        assert not _held_in(engine, left)
        engine.tend()
        assert (_being_filled(engine), sorted(found(engine, "浮力"))) == (None, ["1", "2"])


def _begin_a_rebuild_and_die(engine: Engine) -> None:
    with engine.rebuild():
        os._exit(9)


def _being_filled(engine: Engine) -> str | None:
    """What the name says, whether anybody fills it or not."""
    if isinstance(engine, ElasticsearchEngine):
        return engine._indexes.pointers().next
    assert isinstance(engine, EmbeddedEngine)
    file = engine._files.named("NEXT")
    return str(file) if file is not None and file.exists() else None


def _held_in(engine: Engine, name: str | None) -> int:
    """Documents of that index."""
    if isinstance(engine, ElasticsearchEngine):
        client = engine._clients.get()
        client.indices.refresh(index=name)
        return int(client.count(index=name)["count"])
    with closing(sqlite3.connect(str(name))) as file:
        return int(file.execute("SELECT count(*) FROM doc").fetchone()[0])


def test_rebuild_with_an_error_changes_nothing(engine: Engine) -> None:
    index(engine, work("old", "浮力"))

    def broken() -> Iterator[Document]:
        yield work("n", "背影")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), engine.rebuild() as new:
        new.fill(broken())

    index(engine, work("later", "浮力"))
    assert dict(engine.versions()) == {"old": 1, "later": 1}
    assert engine.health().rebuilding is False


def test_rebuild_runs_once_at_a_time(engine: Engine) -> None:
    with engine.rebuild():
        assert engine.health().rebuilding is True
        with pytest.raises(RebuildRunning), engine.rebuild():
            pass


def test_rollback_brings_the_earlier_index_back(engine: Engine) -> None:
    with pytest.raises(NothingToRollBackTo):
        engine.rollback()
    with engine.rebuild() as new:
        new.fill([work("old", "浮力")])
    before = datetime.now(UTC).replace(microsecond=0)
    with engine.rebuild() as new:
        new.fill([work("new", "浮力")])

    assert before <= engine.rollback() <= datetime.now(UTC)

    assert found(engine, "浮力") == ["old"]


def test_nobody_goes_back_farther_than_is_known(engine: Engine) -> None:
    for title in ("old", "new"):
        with engine.rebuild() as new:
            new.fill([work(title, "浮力")])

    with pytest.raises(TooOldToRollBackTo):
        engine.rollback(not_before=datetime.now(UTC) + timedelta(seconds=1))

    assert found(engine, "浮力") == ["new"]
    engine.rollback()
    assert found(engine, "浮力") == ["old"]


def test_nobody_goes_back_to_an_index_that_was_never_filled(engine: Engine) -> None:
    index(engine, work("half", "浮力"))
    with engine.rebuild() as new:
        new.fill([work("whole", "浮力")])

    with pytest.raises(NothingToRollBackTo):
        engine.rollback()

    assert found(engine, "浮力") == ["whole"]


def test_rollback_may_be_taken_back_and_built_upon(engine: Engine) -> None:
    with engine.rebuild() as new:
        new.fill([work("old", "浮力")])
    with engine.rebuild() as new:
        new.fill([work("new", "浮力")])

    engine.rollback()
    index(engine, work("later", "浮力"))
    assert sorted(found(engine, "浮力")) == ["later", "old"]

    engine.rollback()
    assert found(engine, "浮力") == ["new"]
    with engine.rebuild() as third:
        third.fill([work("third", "浮力")])
    assert found(engine, "浮力") == ["third"]
    engine.rollback()
    assert found(engine, "浮力") == ["new"]


def test_rebuild_keeps_what_was_deleted_meanwhile_deleted(engine: Engine) -> None:
    index(engine, work("1", "浮力"))

    with engine.rebuild() as new:
        engine.bulk([DeleteOp("1", 5)])
        new.fill([work("1", "浮力", version=4)])

    assert (list(engine.versions()), engine.bulk([IndexOp(work("1", "浮力", version=4))])) == ([], Written(stale=1))


def test_rebuild_remembers_what_was_deleted_before(engine: Engine) -> None:
    index(engine, work("1", "浮力", version=3), work("2", "浮力", version=9), work("3", "浮力"))
    engine.bulk([DeleteOp("1", 4), DeleteOp("2", 10), DeleteOp("4", 4)])

    with engine.rebuild(newest=lambda: 9) as new:  # what the index knows of later is of a database that is no more
        new.fill([work("3", "浮力"), work("2", "浮力", version=9), work("4", "浮力", version=4)])

    late = [IndexOp(work(id_, "浮力", version=3)) for id_ in "14"]
    assert (engine.bulk(late), dict(engine.versions())) == (Written(stale=2), {"2": 9, "3": 1, "4": 4})
    with engine.rebuild() as new:
        pass
    assert engine.bulk(late[:1]) == Written(stale=1)


# --- keeping ----------------------------------------------------------------------------------------------------------


def test_health_says_unfilled_until_a_rebuild_has_filled_it(engine: Engine) -> None:
    index(engine, work("1", "浮力"))
    assert (engine.health().state, engine.health().ok, engine.health().documents) == (State.UNFILLED, False, 1)

    with engine.rebuild() as new:
        new.fill([])

    assert (engine.health().state, engine.health().ok, engine.health().documents) == (State.READY, True, 0)


def test_index_that_was_never_filled_answers_nobody_who_asks_for_the_whole(
    request: pytest.FixtureRequest, engine: Engine, tmp_path: Path
) -> None:
    whole: Engine
    if isinstance(engine, EmbeddedEngine):
        whole = EmbeddedEngine(tmp_path / "index", only_filled=True)
    else:
        whole = request.getfixturevalue("cluster")(only_filled=True)
    index(whole, work("1", "浮力"))
    for call in (lambda: found(whole, "浮力"), lambda: whole.suggest("浮", ["public"])):
        with pytest.raises(IndexUnavailable) as caught:
            call()
        assert caught.value.reason == "unfilled"
    assert (found(engine, "浮力"), list(whole.versions())) == (["1"], [("1", 1)])

    with whole.rebuild():
        index(whole, work("2", "浮力"))

    assert (found(whole, "浮力"), len(whole.suggest("浮", ["public"]))) == (["2"], 1)
    whole.close()


def test_ensure_leaves_a_sound_index_alone(engine: Engine) -> None:
    index(engine, work("1", "浮力"))

    engine.ensure()

    assert found(engine, "浮力") == ["1"]


def test_tend_changes_no_answer(engine: Engine) -> None:
    for n in range(40):
        index(engine, work(str(n % 10), f"浮力{n}", version=n))

    while engine.tend(seconds=0.05):
        pass

    assert len(found(engine, "浮力")) == 10


def test_deletion_is_remembered_for_thirty_days_however_often_the_index_is_rebuilt_and_tended(engine: Engine) -> None:
    index(engine, work("1", "浮力"))
    engine.bulk([DeleteOp("1", 4)])
    for days in (20, 29):
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days)):
            with engine.rebuild():
                pass
            while engine.tend():
                pass
            assert engine.bulk([IndexOp(work("1", "浮力", version=3))]) == Written(stale=1)


def test_closed_engine_opens_again(engine: Engine) -> None:
    index(engine, work("1", "浮力"))
    engine.close()

    assert found(engine, "浮力") == ["1"]
