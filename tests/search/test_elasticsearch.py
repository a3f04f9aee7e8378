"""What an index of the server holds, for how long, and what its scores are made of."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from elasticsearch import BadRequestError, Elasticsearch

from search.engines.base import DeleteOp, IndexOp, Written
from search.engines.limits import REMEMBERED
from tests.search.conftest import Make, ask, day, found, index, needs_server, work


@needs_server
def test_fields_that_are_not_ours_are_refused(cluster: Make, native: Elasticsearch) -> None:
    engine = cluster()
    engine.ensure()

    with pytest.raises(BadRequestError, match="strict_dynamic_mapping"):
        native.index(index=engine._indexes.current, document={"surprise": 1})


@needs_server
def test_parts_of_a_score_are_what_the_server_multiplied(cluster: Make) -> None:
    engine = cluster()
    engine.ensure()
    index(
        engine,
        *(
            work(f"{year}-{adoptions}", "浮力", published=day(year), adoptions=adoptions)
            for year in (1, 1990, 2020, 2025, 2026)
            for adoptions in (0, 1, 100, 10**9)
        ),
        work("draft", "浮力"),
    )

    hits = engine.search(ask("浮力", per_page=50)).hits

    assert len(hits) == 21
    assert {round(hit.parts["words"], 4) for hit in hits} == {round(hits[0].parts["words"], 4)}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@needs_server
def test_writes_are_found_within_two_seconds_when_not_at_once(cluster: Make) -> None:
    engine = cluster(immediate=False)
    engine.ensure()
    index(engine, work("1", "浮力"))
    until = time.monotonic() + 5

    while not found(engine) and time.monotonic() < until:
        time.sleep(0.05)

    assert found(engine) == ["1"]


@needs_server
def test_late_writes_are_held_off_longer_than_the_server_remembers(cluster: Make, native: Elasticsearch) -> None:
    engine = cluster()
    engine.ensure()
    index(engine, work("1", "浮力", version=3), work("2", "浮力", version=3))
    engine.bulk([DeleteOp("1", 4), DeleteOp("2", 4)])
    native.indices.put_settings(index=engine._indexes.current, settings={"gc_deletes": "1ms"})
    time.sleep(0.05)
    native.indices.flush(index=engine._indexes.current, force=True)

    assert engine.bulk([IndexOp(work("1", "浮力", version=3))]) == Written(stale=1)
    assert (found(engine), engine.health().documents, list(engine.versions())) == ([], 0, [])


@needs_server
def test_tend_buries_old_tombstones_only(cluster: Make, native: Elasticsearch) -> None:
    engine = cluster()
    engine.ensure()
    index(engine, work("1", "浮力"))
    engine.bulk([DeleteOp("2", 4)])
    assert engine.tend() is False
    assert native.count(index=engine._indexes.current)["count"] == 2

    with time_machine.travel(datetime.now(UTC) + timedelta(days=20)), engine.rebuild() as new:
        new.fill([work("1", "浮力")])  # the deletion is none the younger
    assert native.count(index=engine._indexes.current)["count"] == 2

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=REMEMBERED + 60)):
        assert engine.tend() is False
    assert (native.count(index=engine._indexes.current)["count"], found(engine)) == (1, ["1"])


def test_no_word_of_the_engine_leaves_its_folder() -> None:
    root = Path(__file__).resolve().parents[2]
    speakers = {
        str(file.relative_to(root))
        for wing in ("cms", "workflows", "search", "theme", "fixtures")
        for file in (root / wing).rglob("*.py")
        if "import elastic" in (text := file.read_text("utf-8")) or "from elastic" in text
    }

    assert speakers
    assert all(file.startswith("search/engines/elasticsearch/") for file in speakers)
