"""The shared cache may be away: pages are made without it."""

import logging
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import CacheHandler, cache
from django.test import Client
from redis.exceptions import RedisError

from cms.config.caching import PATIENCE
from cms.config.env import cache_at
from cms.outbox import worker
from search.engines import engine
from tests import factories

NOBODY = "rediscache://127.0.0.1:1/0"


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of somebody who takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"rediscache://127.0.0.1:{server.getsockname()[1]}/0"


def counted() -> int:
    return 5


def test_cache_that_is_away_knows_and_keeps_nothing(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.CACHES = {"default": cache_at(NOBODY)}
    with caplog.at_level(logging.WARNING, "gongjian.caching"):
        cache.set("a", 1)
        assert cache.get("a") is None
        assert cache.get("a", 3) == 3
        assert cache.get_many(["a", "b"]) == {}
        assert cache.set_many({"a": 1}) == ["a"]
        assert cache.get_or_set("a", counted, 60) == 5
        assert cache.get_or_set("a", 6) == 6
        assert (cache.touch("a"), cache.delete("a")) == (False, False)
        cache.delete_many(["a"])
    assert len(caplog.messages) == 1
    assert "pages are made without it" in caplog.text


@pytest.mark.parametrize("ask", [lambda: cache.add("a", 1), lambda: cache.incr("a")], ids=["add", "incr"])
def test_who_counts_or_locks_is_told(settings: Any, ask: Any) -> None:
    settings.CACHES = {"default": cache_at(NOBODY)}
    assert cache.get("a") is None
    with pytest.raises(RedisError):
        ask()


def test_cache_that_never_answers_holds_a_page_up_once(settings: Any, silent: str) -> None:
    settings.CACHES = {"default": cache_at(silent)}
    began = time.monotonic()
    assert [cache.get(key, 7) for key in "abcdefgh"] == [7] * 8
    assert PATIENCE * 0.9 < time.monotonic() - began < PATIENCE * 2.5


def test_patience_can_be_set_in_the_address() -> None:
    made: Any = CacheHandler({"default": cache_at(f"{NOBODY}?socket_timeout=3")})["default"]
    given = made._cache.get_client().connection_pool.connection_kwargs
    assert (given["socket_timeout"], given["socket_connect_timeout"]) == (3, PATIENCE)


@pytest.mark.django_db
def test_central_pages_open_without_the_cache(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path / "index")}
    with engine().rebuild():
        pass  # the first filling, of a database without works
    work = factories.shared(factories.province(), openly=True).work
    worker.drain()
    settings.CACHES = {"default": cache_at(NOBODY)}
    client = Client()
    try:
        for address in ("/search/", f"/search/?q={work.title}", f"/works/{work.uuid}/"):
            page = client.get(address)
            assert page.status_code == 200, address
            assert work.title in page.content.decode(), address
    finally:
        engine().close()
