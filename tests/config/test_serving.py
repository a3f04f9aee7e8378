"""A real gunicorn: what it refuses itself is said in a sentence."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cms.config.serving import COLLECTED_AFTER


@contextmanager
def serving(application: str, log: Path, **environment: str) -> Iterator[int]:
    """The port of a gunicorn with our worker, once it takes requests."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{found}"]
    command += ["--worker-class", "cms.config.serving.Worker", "--threads", "2", "--no-control-socket"]
    root = Path(__file__).resolve().parents[2]
    with log.open("w") as said:
        server = subprocess.Popen(command, env={**os.environ, **environment}, cwd=root, stderr=said)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", found)) == 0:
                break
        time.sleep(0.1)
    yield found
    server.terminate()
    server.wait()


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with serving("wsgiref.simple_server:demo_app", tmp_path / "log") as found:
        yield found


def asked(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.parametrize("characters", [1_000, 10_000])
def test_an_address_that_is_too_long_gets_a_sentence(port: int, characters: int) -> None:
    status, text = asked(port, "/search/?q=" + "%E5%88%86" * characters)
    assert status == 414
    assert "缩短到 200 字以内" in text


def test_other_requests_are_answered_as_ever(port: int) -> None:
    assert asked(port, "/")[0] == 200


def test_a_worker_serves_while_the_database_is_away(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving("cms.config.wsgi:application", log, DATABASE_URL=f"sqlite:///{tmp_path}/nowhere/at-all") as port:
        assert asked(port, "/healthz")[0] == 200

    assert "the database is away" in log.read_text()


def test_what_the_program_is_made_of_is_left_alone_by_the_collector(tmp_path: Path) -> None:
    with serving("tests.config.collector", tmp_path / "log") as port:
        status, text = asked(port, "/")
    frozen, threshold = map(int, text.split())
    assert status == 200
    assert frozen > 10_000
    assert threshold == COLLECTED_AFTER
