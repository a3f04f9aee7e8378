"""The embedded engine among threads and processes."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from search.engines.base import DeleteOp, IndexOp
from search.engines.embedded import EmbeddedEngine
from tests.search.conftest import ask, found, index, work

FORK = multiprocessing.get_context("fork")
SPAWN = multiprocessing.get_context("spawn")
ANSWERS = 60  # of each reading process


def read_on(folder: Path, pipe: Connection) -> None:
    """Search ANSWERS times; send back the totals seen, or the error."""
    engine = EmbeddedEngine(folder)
    totals = set()
    try:
        for _ in range(ANSWERS):
            page = engine.search(ask("浮力", facets=["subject"]))
            assert page.total == sum(number for _, number in page.facets["subject"])
            assert len(page.hits) == min(page.total, 20)
            totals.add(page.total)
        pipe.send(totals)
    except BaseException as error:
        pipe.send(repr(error))


def test_three_reading_processes_and_a_writer(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    index(embedded, *(work(str(n), f"浮力{n}", facets={"subject": ["物理"]}) for n in range(50)))
    pipes = [SPAWN.Pipe(duplex=False) for _ in range(3)]
    readers = [SPAWN.Process(target=read_on, args=(tmp_path / "index", out)) for _, out in pipes]
    for reader in readers:
        reader.start()
    version = 1
    while not all(ours.poll() for ours, _ in pipes):
        version += 1
        index(embedded, work(str(version % 70), f"浮力{version}", version=version, facets={"subject": ["物理"]}))
        if version % 200 == 0:
            with embedded.rebuild() as new:
                new.fill(work(str(n), f"浮力{n}", facets={"subject": ["物理"]}) for n in range(70))
        assert version < 50_000
    answers = [ours.recv() for ours, _ in pipes]
    for reader in readers:
        reader.join(10)

    assert all(isinstance(totals, set) and totals <= set(range(50, 71)) for totals in answers), answers
    assert version > 100


def test_rebuild_under_writes_loses_nothing(embedded: EmbeddedEngine) -> None:
    """A writer changes its "database" first and the index after, as the outbox does; readers never see an error."""
    database: dict[str, int] = {str(n): 1 for n in range(300)}
    lock = threading.Lock()
    stop = threading.Event()

    def write() -> int:
        version = 1
        while not stop.is_set():
            version += 1
            id_ = str(version * 7 % 400)
            with lock:
                gone = version % 5 == 0
                database.pop(id_, None) if gone else database.__setitem__(id_, version)
            embedded.bulk([DeleteOp(id_, version) if gone else IndexOp(work(id_, f"浮力{version}", version=version))])
        return version

    def read() -> int:
        answers = 0
        while not stop.is_set():
            page = embedded.search(ask("浮力", per_page=5))
            answers += len(page.hits) == 5
        return answers

    index(embedded, *(work(id_, "浮力1", version=version) for id_, version in database.items()))
    with ThreadPoolExecutor(4) as threads:
        writing = threads.submit(write)
        reading_ = [threads.submit(read) for _ in range(3)]
        try:
            for _ in range(4):
                with embedded.rebuild() as new:
                    with lock:
                        snapshot = dict(database)
                    new.fill(work(id_, f"浮力{version}", version=version) for id_, version in snapshot.items())
        finally:
            stop.set()
        written = writing.result(20)
        answers = [future.result(20) for future in reading_]

    assert dict(embedded.versions()) == database
    assert written > 20
    assert all(answers)


def search_in_child(engine: EmbeddedEngine, pipe: Connection) -> None:
    try:
        pool = engine._connections
        inherited = len(pool._open)
        index(engine, work("child", "浮力"))
        pipe.send((inherited, sorted(found(engine, "浮力"))))
    except BaseException as error:
        pipe.send(repr(error))


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_no_connection_is_carried_over_a_fork(embedded: EmbeddedEngine) -> None:
    index(embedded, work("parent", "浮力"))
    assert found(embedded, "浮力") == ["parent"]
    ours, theirs = FORK.Pipe(duplex=False)

    child = FORK.Process(target=search_in_child, args=(embedded, theirs))
    child.start()
    answer = ours.recv()
    child.join(10)

    assert answer == (0, ["child", "parent"])
    index(embedded, work("after", "浮力"))
    assert sorted(found(embedded, "浮力")) == ["after", "child", "parent"]


def test_connections_of_threads_that_ended_are_closed(embedded: EmbeddedEngine) -> None:
    for _ in range(10):
        thread = threading.Thread(target=found, args=(embedded, "浮力"))
        thread.start()
        thread.join()

    assert len(embedded._connections._open) <= 3
