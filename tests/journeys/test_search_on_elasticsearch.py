"""A real server answers the search page: what is shared is found there, what is recalled is gone; while it is dead
people go on, and when it is back it holds what the database holds.

People act on pages only; between the steps the worker carries out what the outbox owes.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import time_machine

from cms.outbox import worker
from cms.outbox.actions import WAITING
from cms.outbox.models import Message
from search.engines import engine
from search.engines.embedded import EmbeddedEngine
from search.engines.standby import PAUSE
from search.indexing import checking, queueing, rebuilding
from tests.journeys import deeds
from tests.journeys.deeds import TITLE, found
from tests.journeys.people import Cast
from tests.journeys.visiting import Page, Visitor
from tests.search.server import LAUNCHER, drop, url_of, where
from tests.services import need

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]

QUESTION = "三上数学分数"
LATER = "几分之一：分一分，比一比"
STARTS_WITHIN = 420  # seconds: the first start of all builds the node
AWAY = "检索正在恢复，结果可能不是最新的"


class Node:
    """A server of this test alone, which may be killed; its disk outlives it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "node.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(LAUNCHER, "--port", str(self.port), "--data", str(self.folder / "data")),
                    *("--owner", str(os.getpid())),
                ],
                env={**os.environ, "ES_HEAP": "300m"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        until = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "node.log").read_text("utf-8")[-2000:]
            assert time.monotonic() < until, "the node does not answer"
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=1s", timeout=5) as answer:  # noqa: S310  our own address
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def use(settings: Any, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Searches go to the server of this address from now on, as ELASTICSEARCH_URL has it."""
    used: list[tuple[str, str]] = []

    def go(url: str, *, standby: bool = False) -> None:
        prefix = f"journey-{token_hex(6)}"
        second = {"standby": {"engine": "embedded", "path": str(tmp_path / "standby")}} if standby else {}
        settings.SEARCH = {"engine": "elasticsearch", "hosts": url, "prefix": prefix, "immediate": True, **second}
        if not standby:  # a node that stands in the test's own folder goes with it
            used.append((url, prefix))
        rebuilding.rebuild()

    yield go
    engine().close()
    for url, prefix in used:
        drop(url, prefix)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    need("maven")
    made = Node(tmp_path)
    made.start()
    yield made
    made.kill()


@contextmanager
def on_embedded(settings: Any, path: Path) -> Iterator[None]:
    """Inside, the embedded engine answers, from an index made of the same database."""
    before = settings.SEARCH
    settings.SEARCH = {"engine": "embedded", "path": str(path)}
    rebuilding.rebuild()
    yield
    engine().close()
    settings.SEARCH = before


def facets(page: Page) -> dict[str, list[str]]:
    """Every choice of the page with its count, by the heading it stands under."""
    groups = page.soup.select("nav details")
    return {
        str(group.summary.get_text(strip=True)): [each.get_text("", strip=True) for each in group.select("label")]
        for group in groups
        if group.summary is not None
    }


def owed() -> int:
    return Message.objects.filter(WAITING, topic=queueing.TOPIC).count()


def later(seconds: float) -> Any:
    return time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds))


def recall(cast: Cast[Visitor], title: str) -> None:
    page = cast.publisher.open("/sharing/", tab="shared").follow(f"收回《{title}》")
    assert "收回" in page.press("收回共享", 原因="例题要改。").text
    worker.drain()


def test_shared_work_is_found_with_the_same_facets_and_recalled_work_is_gone(
    cast: Cast[Visitor],
    use: Callable[..., None],
    settings: Any,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    use(url_of(where(tmp_path_factory)))
    deeds.publish(cast, deeds.write_resource(cast.author))
    assert found(cast.neighbour, QUESTION) == []

    deeds.share(cast)
    on_server = cast.neighbour.open("/search/", q=QUESTION)
    assert on_server.titles == [TITLE]
    assert found(cast.faraway, QUESTION) == []
    assert engine().health().engine == "elasticsearch"
    with on_embedded(settings, tmp_path / "compared"):
        embedded = cast.neighbour.open("/search/", q=QUESTION)
        assert embedded.titles == on_server.titles
        assert facets(embedded) == facets(on_server) != {}

    recall(cast, TITLE)
    assert found(cast.neighbour, QUESTION) == []
    assert TITLE not in str(cast.neighbour.client.get("/search/suggest/", {"q": "分数"}).json())


@pytest.mark.slow
def test_dead_server_is_stood_in_for_and_catches_up(
    cast: Cast[Visitor], use: Callable[..., None], node: Node, tmp_path: Path
) -> None:
    use(node.url, standby=True)
    for title in (TITLE, LATER):
        deeds.publish(cast, deeds.write_resource(cast.author, title=title))
    deeds.share(cast)
    before = cast.neighbour.open("/search/", q=QUESTION)
    assert before.titles == [TITLE]
    assert AWAY not in before.said

    node.kill()
    during = cast.neighbour.open("/search/", q=QUESTION)
    assert during.titles == [TITLE]
    assert facets(during) == facets(before)
    assert AWAY in during.said
    assert cast.visitor.client.get("/readyz").json()["checks"]["index"]["ok"]

    shared = deeds.share(cast, title=LATER)
    assert shared.status == 200
    assert owed() > 0
    assert sorted(found(cast.neighbour, QUESTION)) == sorted([TITLE, LATER])
    recall(cast, TITLE)
    assert found(cast.neighbour, QUESTION) == [LATER]
    with later(90):
        assert queueing.seconds_behind() > 60
    assert not Message.objects.filter(topic=queueing.TOPIC, failed_at__isnull=False).exists()

    node.start()
    with later(worker.AWAY + 1):
        worker.drain()
    assert owed() == 0
    assert checking.check(mend=False).none
    assert dict(engine().versions()) == dict(EmbeddedEngine(tmp_path / "standby").versions())
    time.sleep(PAUSE)  # so long the server is not asked again
    after = cast.neighbour.open("/search/", q=QUESTION)
    assert after.titles == [LATER]
    assert AWAY not in after.said
