"""A teacher puts a link into the text, in Chromium: Wagtail's script works with our choosers."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.serving import Site
from tests.browser.watching import Window, chromium
from tests.library.admin.conftest import Cast, draft
from tests.library.admin.pages import draft_of, edit_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's own loop runs in this thread, so Django takes every query for one made in a coroutine.
    with pytest.MonkeyPatch.context() as patched, chromium() as found:
        patched.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield found


def test_link_is_chosen_and_kept(cast: Cast, browser: Browser, tmp_path: Path) -> None:
    work = draft(cast, "resource")
    with Site() as site:
        window = Window(browser, site, cast.owner, tmp_path)
        page = window.open(edit_url(work))
        editor = page.locator('[data-contentpath="body"] [role="textbox"]').first
        editor.click()
        page.keyboard.press("Control+a")
        page.locator('[data-contentpath="body"]').get_by_role("button", name="链接").first.click()
        modal = page.locator(".modal-body")
        modal.get_by_role("link", name="邮箱").click()
        expect(modal.get_by_label("邮件主题")).to_be_visible()
        page.screenshot(path=tmp_path / "email.png")
        modal.get_by_role("link", name="网址").click()
        modal.get_by_label("网址").fill("tel:110")
        modal.get_by_role("button", name="插入").click()
        expect(modal.locator(".error-message")).to_be_visible()
        modal.get_by_label("网址").fill("https://www.moe.gov.cn/")
        modal.get_by_role("button", name="插入").click()
        expect(modal).to_have_count(0)
        with page.expect_navigation():
            page.get_by_role("button", name="保存草稿").first.click()
        with site.quiet():
            assert 'href="https://www.moe.gov.cn/"' in draft_of(work).body
        assert window.troubles == []
