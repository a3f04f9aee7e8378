"""A window of Chromium that remembers everything that went wrong in it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from cms.people.models import User
from tests.browser.serving import Site
from tests.factories.people import PASSWORD
from tests.services import path_of

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip
PHONE, DESK = 360, 1280


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that stays on this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path_of("chromium"), args=QUIET)
        try:
            yield browser
        finally:
            connections.close_all()  # Django keeps a set of its own for a thread whose loop runs; nobody else closes it
            browser.close()


class Window:
    """One person's window, with cookies of its own. `troubles` must be empty in the end."""

    def __init__(self, browser: Browser, site: Site, user: User | None, pictures: Path) -> None:
        self.user, self.site, self.pictures = user, site, pictures
        self.troubles: list[str] = []
        self.context = browser.new_context(
            viewport={"width": DESK, "height": 800}, locale="zh-CN", reduced_motion="reduce", base_url=site.url
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        if user is not None:
            self.sign_in(user)

    def sign_in(self, user: User) -> None:
        self.open("/accounts/login/")
        self.page.get_by_label("账号").fill(user.username)
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        self.page.locator("main").get_by_role("button", name="登录").click()
        self.page.wait_for_url(f"{self.site.url}/")

    def open(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def press(self, button: str) -> None:
        """A button that leads to another page."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button).first.click()

    def look(self, name: str, *, ours: bool = True) -> None:
        """Keep a picture at both widths; our own pages also pass axe and are no wider than the screen."""
        for width in (DESK, PHONE):
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.wait_for_load_state("load")
            if ours:
                self._judge(f"{name} at {width} px")
            self.page.screenshot(path=self.pictures / f"{name}-{width}.png", full_page=ours)
        self.page.set_viewport_size({"width": DESK, "height": 800})

    def _judge(self, where: str) -> None:
        found = Axe().run(self.page).response["violations"]
        self.troubles += [f"{where}: {v['id']} {[n['html'][:200] for n in v['nodes'][:4]]}" for v in found]
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            self.troubles.append(f"{where}: {wide} px wider than the screen")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and f"{address.scheme}://{address.netloc}" != self.site.url:
            self.troubles.append(f"{self.page.url} asked for {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status} {response.request.method} {response.url}")


def pictures_folder(scratch: Path) -> Path:
    """Where the pictures go: SCREENSHOTS keeps them, else pytest's own folder."""
    folder = Path(os.environ.get("SCREENSHOTS") or scratch / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
