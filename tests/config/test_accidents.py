"""An error that nobody foresaw is still one clear sentence, and a full disk is called by its name."""

import sqlite3
from pathlib import Path

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import resolvers

from cms.config.accidents import accident, wants_room


def full_database(folder: Path) -> sqlite3.Error:
    """What SQLite really says when it may not grow."""
    connection = sqlite3.connect(folder / "full.sqlite3")
    try:
        connection.execute("CREATE TABLE words (word TEXT)")
        connection.execute("PRAGMA max_page_count = 2")
        connection.execute("INSERT INTO words VALUES (?)", ["字" * 20_000])
    except sqlite3.OperationalError as error:
        return error
    finally:
        connection.close()
    raise AssertionError("the database took it")


def after(error: BaseException, path: str = "/me/") -> tuple[int, str]:
    try:
        raise error
    except type(error):
        answer = accident(RequestFactory().post(path))
    return answer.status_code, answer.content.decode()


def test_full_database_and_full_disk_are_told_from_other_accidents(tmp_path: Path) -> None:
    wrapped = OperationalError("database or disk is full")
    wrapped.__cause__ = full_database(tmp_path)
    assert wants_room(wrapped)
    assert wants_room(OSError(28, "No space left on device"))
    assert wants_room(OSError(30, "Read-only file system"))
    assert not wants_room(OperationalError("no such table"))
    assert not wants_room(ValueError("disk is full"))
    assert not wants_room(None)


@pytest.mark.parametrize(("error", "status"), [(OSError(28, "No space left on device"), 507), (ValueError("x"), 500)])
def test_people_get_a_page_and_programs_the_shape_of_refusals(error: Exception, status: int) -> None:
    found, page = after(error)
    assert found == status
    assert ("存储空间已满" in page) == (status == 507)
    assert "回到首页" in page
    assert "No space" not in page
    found, body = after(error, "/api/v1/works")
    assert found == status
    assert body.startswith('{"code": ')


def test_site_answers_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through Django's own handling, with an address whose view breaks."""

    def breaks(request: HttpRequest) -> None:
        raise OSError(28, "No space left on device")

    match = resolvers.ResolverMatch(breaks, (), {})
    monkeypatch.setattr(resolvers.URLResolver, "resolve", lambda self, path: match)
    client = Client(raise_request_exception=False)
    assert client.get("/healthz").status_code == 507
    answer = client.post("/api/v1/works")
    assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")
