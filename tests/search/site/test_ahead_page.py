"""The page over an engine elsewhere: its top is drawn while the server is silent, and nothing of that shows in what
people get."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.backends.signals import connection_created
from django.test import Client, RequestFactory
from django.test.signals import template_rendered
from wagtail import hooks

from cms.library.models import Work
from cms.outbox import worker
from search.engines import engine, engines
from search.errors import SearchTimeout
from search.finding import find
from search.page.results import context_of
from search.wording import LATE
from tests import factories
from tests.search.server import drop
from tests.search.stub import stub
from tests.search.test_standby import nobody_listens

pytestmark = pytest.mark.django_db

PATIENCE = 10.0


@contextmanager
def told_of(signal: Any, receiver: Any) -> Iterator[None]:
    signal.connect(receiver, weak=False)
    try:
        yield
    finally:
        signal.disconnect(receiver)


@pytest.fixture
def silent(settings: Any) -> Iterator[list[bool]]:
    """A server that refuses every question, but none before the page is being drawn; whether it was, each time."""
    drawn: list[bool] = []
    drawing = threading.Event()

    def answer(*_request: object) -> tuple[int, dict[str, str]]:
        drawn.append(drawing.wait(PATIENCE))
        return 404, {}

    def begun(template: Any, **_more: Any) -> None:
        if template.name == "search/search.html":
            drawing.set()

    with stub(answer) as url, told_of(template_rendered, begun):
        settings.SEARCH = {"engine": "elasticsearch", "hosts": url}
        yield drawn
        engine().close()


@pytest.mark.parametrize("debug", [False, True])
def test_top_is_drawn_before_the_server_has_answered_and_a_refusal_is_told_all_the_same(
    silent: list[bool], settings: Any, debug: bool
) -> None:
    settings.DEBUG = debug
    settings.TEMPLATES = [{**each, "OPTIONS": {**each["OPTIONS"], "debug": debug}} for each in settings.TEMPLATES]
    answered = Client().get("/search/", {"q": "分数"})
    assert silent
    assert all(silent)
    page = answered.content.decode()
    assert answered.status_code == 503
    assert "检索暂时不可用" in page
    assert "search-results" not in page


def test_refusal_is_told_to_who_asks_for_the_results_alone_or_for_the_head(settings: Any) -> None:
    settings.SEARCH = {"engine": "elasticsearch", "hosts": nobody_listens(), "timeout": 0.5}
    part = Client().get("/search/", {"q": "分数"}, headers={"HX-Target": "search-results"})
    assert (part.status_code, Client().head("/search/").status_code) == (503, 503)
    assert "检索暂时不可用" in part.content.decode()
    engine().close()


def uncounted(hosts: str) -> Callable[..., tuple[int, Any]]:
    """What the server says, but that it has no time for counts."""

    def answer(method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        if b'"size":0' in body:
            return 503, {}
        kept = {name: value for name, value in headers.items() if name in ("content-type", "accept")}
        with closing(HTTPConnection(urlsplit(hosts).netloc)) as relay:
            relay.request(method, path, body or None, kept)
            said = relay.getresponse()
            return said.status, json.load(said)

    return answer


@pytest.mark.elasticsearch
def test_what_was_found_is_shown_though_nobody_could_count_it(server: str, settings: Any) -> None:
    prefix = f"test-{token_hex(6)}"
    given = {"engine": "elasticsearch", "prefix": prefix, "immediate": True}
    settings.SEARCH = {**given, "hosts": server}
    try:
        with engine().rebuild():
            pass
        factories.shared(factories.province(), openly=True)
        worker.drain()
        whole = Client().get("/search/", {"q": "分数"}).content.decode()
        engine().close()
        with stub(uncounted(server)) as url:
            settings.SEARCH = {**given, "hosts": url}
            answered = Client().get("/search/", {"q": "分数"})
            told = Client().get("/api/v1/search", {"q": "分数"}).json()
            engine().close()
    finally:
        drop(server, prefix)
    assert ('class="facet-option"' in whole, "没有数出来" in whole) == (True, False)
    page = answered.content.decode()
    assert (answered.status_code, page.count('class="hit"')) == (200, 1)
    assert ('class="facet-option"' in page, "没有数出来" in page) == (False, True)
    assert (told["total"], len(told["items"]), told["counted"], told["facets"]) == (1, 1, False, {})


def test_what_could_not_be_counted_is_logged_and_told_beside_how_old_it_is(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    def failed() -> Any:
        raise SearchTimeout(5)

    request = rf.get("/search/", {"q": "分数"})
    request.user = AnonymousUser()
    result = replace(find(request.user, "分数"), choices=failed)
    context = context_of(result, [], LATE + 1, request)
    assert context["groups"] == []
    assert "没有数出来" in context["uncounted"]
    assert "追赶" in context["freshness"]
    assert "could not be counted" in caplog.text


def test_nobody_asks_the_database_from_the_thread_that_waits_for_the_engine(settings: Any, tmp_path: Path) -> None:
    """Who did would leave a connection open that nobody ever closes."""
    place = factories.province()
    settings.SEARCH = {
        "engine": "elasticsearch",
        "hosts": nobody_listens(),
        "timeout": 0.5,
        "standby": {"engine": "embedded", "path": str(tmp_path / "second")},
    }
    with engines()[1].rebuild():
        pass
    factories.shared(place, openly=True)
    worker.drain()
    person = Client()
    person.force_login(factories.teacher(place))
    connected: list[str] = []
    with told_of(connection_created, lambda **_more: connected.append(threading.current_thread().name)):
        pages = [
            client.get("/search/", asked).content.decode()
            for client in (Client(), person)
            for asked in ({"q": "分数"}, {"q": "三年级 分数 没有的词"}, {"q": ""}, {"subject": place.subject.pk})
        ]
    assert connected == []
    assert all("检索正在恢复" in page for page in pages)
    assert all('class="hit"' in page for page in pages)
    engine().close()


def test_defect_in_the_results_is_no_empty_page() -> None:
    """What templates keep silent about when they look a value up: that a row is gone."""
    factories.shared(factories.province(), openly=True)
    worker.drain()

    def broken(cards: Any, request: Any) -> None:
        raise Work.DoesNotExist

    with hooks.register_temporarily("decorate_work_cards", broken), pytest.raises(Work.DoesNotExist):
        Client().get("/search/", {"q": "分数"})
