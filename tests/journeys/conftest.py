"""What every story has: an index of its own, and people who have not signed in yet."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from cms.people.models import User
from search.engines import engine
from tests.browser.serving import Site
from tests.browser.watching import Window, chromium, pictures_folder
from tests.journeys.people import Cast
from tests.journeys.visiting import Visitor, seated


@pytest.fixture(autouse=True)
def own_index(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path / "index")}
    with engine().rebuild():
        pass  # the first filling, of a database without works
    yield
    engine().close()


@pytest.fixture
def cast(db: None) -> Cast[Visitor]:
    return Cast(seated)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's own loop runs in this thread, so Django takes every query for one made in a coroutine.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium() as found:
        yield found
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(db: None) -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def seat(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Callable[[User | None], Window]]:
    """Opens windows; in the end none of them may have had trouble."""
    windows: list[Window] = []

    def open_window(user: User | None) -> Window:
        windows.append(Window(browser, site, user, pictures_folder(tmp_path)))
        return windows[-1]

    yield open_window
    troubles = [trouble for window in windows for trouble in window.troubles]
    for window in windows:
        window.context.close()
    assert troubles == [], "\n".join(troubles)


@pytest.fixture
def people(seat: Callable[[User | None], Window]) -> Cast[Window]:
    return Cast(seat)
