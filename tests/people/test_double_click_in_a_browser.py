"""An administrator clicks twice on 导入, in Chromium: the first passwords of the first click are what is shown."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from cms.people.models import User
from tests import factories
from tests.browser.serving import Site
from tests.browser.watching import Window, chromium
from tests.people.rosters import line, workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")  # before the test's connection: Django keeps another set of them while a loop runs
def browser() -> Iterator[Browser]:
    # Playwright's own loop runs in this thread, so Django takes every query for one made in a coroutine.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with chromium() as found:
            yield found


def test_second_click_on_import_loses_no_password(browser: Browser, tmp_path: Path) -> None:
    head = factories.person("administrator", factories.province().school)
    file = tmp_path / "名册.xlsx"
    file.write_bytes(workbook(line(姓名="顾清如", 登录名="guqr", 角色="教师")))
    with Site() as site:
        window = Window(browser, site, head, tmp_path)
        page = window.open("/admin/people/roster/")
        page.get_by_label("名册文件").set_input_files(file)
        window.press("上传并检查")
        box = page.get_by_role("button", name="导入 1 人").bounding_box()
        assert box is not None
        with site.quiet():  # no answer yet
            for _click in range(2):
                page.mouse.click(box["x"] + 5, box["y"] + 5)
                page.wait_for_timeout(500)  # of two at the same moment Chromium sends one by itself
        password = page.locator("td code")
        expect(password).to_be_visible()
        page.screenshot(path=tmp_path / "passwords.png")
        with site.quiet():
            assert User.objects.get(username="guqr").check_password(password.inner_text())
        assert window.troubles == []
