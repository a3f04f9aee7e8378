"""Killing the worker at any point loses nothing, doubles nothing, leaves nothing stuck.

Separate processes, real SIGKILL; on a SQLite file, and on the suite's PostgreSQL when DATABASE_URL names one.
"""

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.outbox.killing_database import Database

ROOT = Path(__file__).resolve().parents[2]
KILLS = 6
MESSAGES = 150

pytestmark = pytest.mark.slow


@pytest.fixture
def database(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    found = Database.fresh(tmp_path)
    run(found, "prepare")
    yield found
    found.drop()


def surroundings(database: Database) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database.url, "PYTHONUNBUFFERED": "1"}


def start(database: Database, *arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-W", "ignore", "-m", "tests.outbox.killing", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, env=surroundings(database), stdout=subprocess.PIPE, text=True)


def run(database: Database, *arguments: object) -> str:
    process = start(database, *arguments)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def next_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], 60)
    assert ready, "no worker was started"
    return process.stdout.readline()


def wait_until_empty(database: Database, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        waiting = database.rows("SELECT count(*) FROM outbox_message WHERE done_at IS NULL AND failed_at IS NULL")
        if waiting == [(0,)]:
            return
        time.sleep(0.1)
    pytest.fail(f"still waiting: {waiting}")


def test_killed_workers_lose_nothing_double_nothing_and_leave_nothing_stuck(database: Database) -> None:
    writers = [start(database, "write", first, MESSAGES) for first in (1, 10_001)]
    keeper = start(database, "keep")
    try:
        for _n in range(KILLS):
            worker = int(next_line(keeper))
            time.sleep(random.uniform(0.2, 0.7))
            os.kill(worker, signal.SIGKILL)
        next_line(keeper)
        for writer in writers:
            assert writer.wait(timeout=60) == 0
        wait_until_empty(database, 60)
    finally:
        stop(keeper, *writers)
    owed = sorted(ref for (ref,) in database.rows("SELECT ref FROM killing_owed"))
    done: list[tuple[Any, ...]] = database.rows("SELECT ref, result FROM killing_done ORDER BY ref")
    assert [ref for ref, _result in done] == owed
    assert all(result == 2 * ref for ref, result in done)
    assert len(owed) == 2 * MESSAGES * 4 // 5
    assert database.rows("SELECT count(*) FROM outbox_message WHERE failed_at IS NOT NULL") == [(0,)]


def test_ten_seconds_of_writers_readers_and_a_worker_give_no_error(database: Database) -> None:
    keeper = start(database, "keep")
    try:
        next_line(keeper)
        said = run(database, "hammer", 10)
        assert int(said.split(" ", 1)[0]) > 100
    finally:
        stop(keeper)


def stop(keeper: "subprocess.Popen[str]", *others: "subprocess.Popen[str]") -> None:
    keeper.terminate()
    for other in others:
        if other.poll() is None:
            other.kill()
    for process in (keeper, *others):
        process.wait(timeout=20)
        if process.stdout is not None:
            process.stdout.close()
