"""Monitors are told the truth, and nothing else."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from cms.audit import triggers
from cms.config import health
from cms.outbox.models import Worker
from search.engines import engine
from search.indexing import queueing
from tests.search.test_standby import nobody_listens


@pytest.fixture
def ready(db: None) -> None:
    """Everything a server needs."""
    Worker.objects.create(name="host-1")
    if not engine().health().ok:
        with engine().rebuild() as rebuild:
            rebuild.fill([])


def checks(status: int) -> dict[str, Any]:
    answer = Client().get("/readyz")
    assert answer.status_code == status, answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    found: dict[str, Any] = answer.json()["checks"]
    return found


def wrong(status: int = 503) -> set[str]:
    return {name for name, answer in checks(status).items() if not answer["ok"]}


def test_healthz_asks_no_database() -> None:
    """pytest would refuse the database here."""
    assert Client().get("/healthz").json() == {"status": "ok"}
    assert Client().post("/healthz").status_code == 405


def test_readyz_says_that_all_is_well(ready: None) -> None:
    assert wrong(200) == set()
    assert set(checks(200)) == {"database", "migrations", "triggers", "index", "static", "worker", "media"}


def test_readyz_misses_a_worker_not_seen_for_a_minute(ready: None) -> None:
    Worker.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert wrong() == {"worker"}
    assert "outbox_worker" in checks(503)["worker"]["message"]


def test_readyz_misses_a_migration(ready: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'outbox'")
    assert wrong() == {"migrations"}


def test_readyz_misses_triggers(ready: None) -> None:
    triggers.drop()
    assert wrong() == {"triggers"}


def test_readyz_misses_a_place_for_files(ready: None, tmp_path: Path, settings: Any) -> None:
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    assert wrong() == {"media"}
    assert str(tmp_path) not in Client().get("/readyz").content.decode()


def test_readyz_misses_an_index(ready: None, tmp_path: Path, settings: Any) -> None:
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path / "nothing")}
    assert wrong() == {"index"}


def test_readyz_says_how_long_the_index_has_been_behind(ready: None) -> None:
    """And stays well: what is owed waits for the index, people are told so."""
    assert checks(200)["index"] == {"ok": True, "behind": 0, "standby": False}
    with transaction.atomic():
        queueing.queue(1)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=9), tick=False):
        Worker.objects.update(seen_at=timezone.now())
        assert checks(200)["index"]["behind"] in (540, 541)


def test_readyz_tells_a_cluster_that_is_away_from_an_index_that_is_gone(
    ready: None, tmp_path: Path, settings: Any
) -> None:
    settings.SEARCH = standby = {"engine": "embedded", "path": str(tmp_path / "index")}
    with engine().rebuild() as rebuild:
        rebuild.fill([])
    away = {"engine": "elasticsearch", "hosts": nobody_listens()}
    settings.SEARCH = away
    assert "ELASTICSEARCH_URL" in checks(503)["index"]["message"]
    settings.SEARCH = {**away, "standby": standby}
    assert checks(200)["index"]["standby"] is True


def test_readyz_sends_nobody_without_a_cluster_to_one(ready: None, tmp_path: Path, settings: Any) -> None:
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path / "index")}
    with engine().rebuild() as rebuild:
        rebuild.fill([])
        (tmp_path / "index" / "rebuild.lock").unlink()
        (tmp_path / "index" / "rebuild.lock").mkdir()
        assert engine().health().why == "readonly"
        assert "DATA_DIR/index" in checks(503)["index"]["message"]


def test_readyz_misses_files_of_a_new_version(ready: None, tmp_path: Path, settings: Any) -> None:
    """What was collected is of the version before, which had no such file."""
    settings.STATIC_ROOT = tmp_path
    for known, missed in ((health.own_files(), set()), (health.own_files() - {"theme/mark.svg"}, {"static"})):
        manifest = {"version": "1.1", "hash": "", "paths": {name: name for name in known}}
        (tmp_path / "staticfiles.json").write_text(json.dumps(manifest))
        # Said anew, it is read anew, as by a new process.
        settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "cms.config.static.StaticFiles"}}
        assert wrong(503 if missed else 200) == missed


def test_readyz_answers_when_the_database_is_away(ready: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("could not connect to postgres://user:secret@db")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", away)
        assert {"database", "migrations", "triggers", "worker"} <= wrong()
        assert "secret" not in Client().get("/readyz").content.decode()


def test_answers_hold_no_secrets(ready: None) -> None:
    text = Client().get("/readyz").content.decode()
    for secret in (settings.SECRET_KEY, str(settings.MEDIA_ROOT), str(settings.DATABASES["default"]["NAME"])):
        assert secret not in text
