"""The names that point to indexes: who makes them, swaps them, keeps them and sweeps them away."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from search.engines.base import State
from search.engines.elasticsearch import ElasticsearchEngine, indexes, locks
from search.errors import IndexUnavailable, RebuildRunning
from tests.search.conftest import Make, ask, found, index, names, needs_server, work
from tests.search.stub import stub


@needs_server
def test_nothing_is_made_by_writing(cluster: Make, native: Elasticsearch) -> None:
    engine = cluster()

    for call in (lambda: engine.search(ask("浮力")), lambda: engine.suggest("浮", ["public"])):
        with pytest.raises(IndexUnavailable) as caught:
            call()
        assert caught.value.reason == "missing"
    with pytest.raises(IndexUnavailable):
        index(engine, work("1", "浮力"))

    assert (engine.health().state, names(native, engine)) == (State.MISSING, {})
    assert not native.indices.exists(index=engine._indexes.current)


@needs_server
def test_index_deleted_behind_our_back_is_missing_and_made_anew(cluster: Make, native: Elasticsearch) -> None:
    engine = cluster()
    engine.ensure()
    index(engine, work("1", "浮力"))
    assert found(engine) == ["1"]
    for name in names(native, engine):
        native.indices.delete(index=name)

    for call in (lambda: found(engine), lambda: index(engine, work("1", "浮力"))):
        with pytest.raises(IndexUnavailable) as caught:
            call()
        assert caught.value.reason == "missing"

    engine.ensure()
    assert (engine.health().state, found(engine)) == (State.UNFILLED, [])


@needs_server
def test_index_of_another_analysis_is_outdated_and_replaced(
    cluster: Make, native: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = cluster()
    with monkeypatch.context() as earlier:
        earlier.setattr(indexes, "MARK", "00000000")
        old.ensure()
    engine = cluster()

    assert engine.health().state is State.OUTDATED
    for call in (lambda: found(engine), lambda: index(engine, work("1", "浮力")), lambda: list(engine.versions())):
        with pytest.raises(IndexUnavailable) as caught:
            call()
        assert caught.value.reason == "outdated"

    engine.ensure()

    assert engine.health().state is State.UNFILLED
    assert list(names(native, engine).values()) == [[""]]


@needs_server
def test_ensure_from_many_at_once_makes_one_index(cluster: Make, native: Elasticsearch) -> None:
    engines = [cluster() for _ in range(6)]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda engine: engine.ensure(), engines))

    assert list(names(native, engines[0]).values()) == [[""]]
    for engine in engines:
        index(engine, work("1", "浮力"))
    assert found(engines[0]) == ["1"]


@needs_server
def test_only_the_index_before_the_last_rebuild_is_kept(cluster: Make, native: Elasticsearch) -> None:
    engine = cluster()
    engine.ensure()
    for n in range(3):
        with engine.rebuild() as new:
            new.fill([work(str(n), "浮力")])

    assert sorted(names(native, engine).values()) == [[""], ["-previous"]]
    assert found(engine) == ["2"]


@needs_server
def test_installations_on_one_cluster_do_not_see_each_other(cluster: Make, native: Elasticsearch) -> None:
    one = cluster()
    other = cluster(prefix=f"{one._options.prefix}-works")
    one.ensure()
    other.ensure()
    index(one, work("1", "浮力"))
    index(other, work("2", "背影"))

    with one.rebuild() as new:
        new.fill([work("3", "浮力")])
        assert other.health().rebuilding is False

    assert (found(one), found(other)) == (["3"], ["2"])
    assert len(names(native, other)) == 1


@needs_server
def test_rebuild_that_died_is_swept_away_by_the_next(cluster: Make, native: Elasticsearch) -> None:
    engine = cluster()
    engine.ensure()
    left = engine._indexes.make(alias=engine._indexes.next, filling=True)
    orphan = engine._indexes.make()
    index(engine, work("1", "浮力"))
    assert engine.health().rebuilding is False

    with engine.rebuild() as new:
        new.fill([work("2", "浮力")])

    assert (found(engine), {left, orphan} & set(names(native, engine))) == (["2"], set())


@needs_server
def test_writes_go_on_and_care_clears_up_when_a_rebuild_died_and_its_node_is_lost(
    cluster: Make, native: Elasticsearch
) -> None:
    engine = cluster()
    engine.ensure()
    native.indices.create(
        index=f"{engine._indexes.current}-{indexes.MARK}-20260101t000000-abcdef",
        aliases={engine._indexes.next: {}},
        settings={"index.routing.allocation.require._name": "lost"},
        wait_for_active_shards=0,
    )

    began = time.monotonic()
    index(engine, work("1", "浮力"))
    engine.tend()

    assert time.monotonic() - began < 10  # a write to the lost one would wait for half a minute
    assert (engine._indexes.pointers().next, found(engine)) == (None, ["1"])


@needs_server
def test_rebuild_that_gave_no_sign_of_life_ends_though_nobody_took_over(
    cluster: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writes were not for its index while its lease had run out."""
    engine = cluster()
    engine.ensure()
    with pytest.raises(IndexUnavailable, match="not renewed"), engine.rebuild():
        monkeypatch.setattr(locks, "LEASE", -1.0)
    monkeypatch.undo()
    assert engine._indexes.pointers().next is None


@needs_server
def test_lease_is_renewed_though_the_answer_to_a_renewal_was_lost(cluster: Make) -> None:
    engine = cluster()
    with engine._indexes.locks.held("rebuild") as lease:
        assert lease is not None
        engine._indexes.locks.write("rebuild", lease._owner, lease._seen)  # carried out, its answer lost on the way
        lease.renew(now=True)  # the client's own second try
        lease.renew(now=True)
    assert not engine._indexes.locks.taken("rebuild")


@needs_server
def test_rebuild_is_taken_over_after_no_sign_of_life(cluster: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, quick = cluster(), cluster()
    slow.ensure()
    with pytest.raises(IndexUnavailable), slow.rebuild() as stuck:
        stuck.fill([work("stuck", "浮力")])
        with pytest.raises(RebuildRunning), quick.rebuild():
            pass
        monkeypatch.setattr(locks.Locks, "_lives", staticmethod(lambda held: False))
        with quick.rebuild() as new:
            new.fill([work("quick", "浮力")])

    assert (found(quick), quick.health().state) == (["quick"], State.READY)


def test_lease_is_renewed_while_copies_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two machines would rebuild at once where it ran out before."""
    monkeypatch.setattr(locks, "RENEW", 0.0)
    asked: list[str] = []

    def answer(method: str, path: str, *request: Any) -> tuple[int, Any]:
        asked.append("health" if "_cluster" in path else "lease" if "/rebuild" in path and method == "PUT" else "")
        status = "green" if asked.count("health") == 3 else "yellow"
        return 200, {"status": status, "_seq_no": 1, "_primary_term": 1, "_source": {"owner": ""}}

    with stub(answer) as url:
        engine = ElasticsearchEngine(url)
        with engine._indexes.locks.held("rebuild") as lease:
            assert lease is not None
            engine._complete("fresh", lease)
        engine.close()
    waiting = asked[asked.index("health") :]
    assert [each for each in waiting if each] == ["health", "lease", "health", "lease", "health"]


@needs_server
def test_writes_go_on_when_the_index_being_filled_is_dropped(cluster: Make) -> None:
    engine = cluster()
    engine.ensure()

    with pytest.raises(IndexUnavailable), engine.rebuild() as new:
        engine._indexes.drop(new.index)
        index(engine, work("1", "浮力"))
        assert found(engine) == ["1"]

    index(engine, work("2", "浮力"))
    assert sorted(found(engine)) == ["1", "2"]


@needs_server
def test_copies_and_shards_are_as_set(cluster: Make, native: Elasticsearch) -> None:
    engine = cluster(shards=3, replicas=2)
    engine.ensure()
    with engine.rebuild() as new:
        new.fill(work(str(n), "浮力", facets={"half": [str(n % 2)], "own": [str(n)]}) for n in range(700))
        ((filling, held),) = native.indices.get_settings(index=new.index).items()
        assert (held["settings"]["index"]["number_of_shards"], held["settings"]["index"]["refresh_interval"]) == (
            "3",
            "-1",
        )

    held = native.indices.get_settings(index=filling)[filling]["settings"]["index"]
    assert (held["auto_expand_replicas"], held["refresh_interval"]) == ("0-2", "1s")
    page = engine.search(ask("浮力", facets=["half", "own"], filters={"own": ["699"]}))
    assert (page.total, page.facets["half"]) == (1, [("1", 1)])
    assert [*page.facets["own"][:2], page.facets["own"][-1]] == [("0", 1), ("1", 1), ("699", 1)]
