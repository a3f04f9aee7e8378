"""The gallery, the error pages and the account pages: they render, and a strict CSP leaves them whole."""

import datetime as dt
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings

pytestmark = pytest.mark.urls("tests.theme.urls")


class Reader(HTMLParser):
    """Collects addresses, ids and what a strict CSP would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.refused: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.addresses += [given[name] for name in ("href", "src", "action", "poster", "data-script") if name in given]
        self.ids += [given["id"]] if "id" in given else []
        self.refused += [f"<{tag} {name}>" for name in given if name.startswith("on")]
        self.refused += [f"<{tag} href={v}>" for n, v in given.items() if n == "href" and v.startswith("javascript:")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.refused.append(f"<{tag}>")


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def fine(html: str) -> None:
    page = read(html)
    assert page.refused == []
    assert [a for a in page.addresses if re.match(r"[a-z]+:|//", a)] == []  # nothing from another host
    assert len(page.ids) == len(set(page.ids))
    assert "{%" not in html
    assert "{{" not in html


def request_of_visitor(path: str = "/") -> Any:
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize("colours", ["", "light", "dark"])
def test_the_gallery(client: Client, colours: str) -> None:
    response = client.get("/theme/", {"colours": colours})
    assert response.status_code == 200
    html = response.content.decode()
    fine(html)
    assert '<html lang="zh-Hans">' in html
    assert html.index('class="skip"') < html.index("<header")
    assert html.count("<h1") == 1
    dark = 'tokens-dark.css" media="screen and (prefers-color-scheme: dark)"'
    assert (dark in html) == (colours == "")


@pytest.mark.django_db
@pytest.mark.urls("cms.config.urls")
def test_the_demo_shows_the_gallery_too(client: Client) -> None:
    response = client.get("/theme/")
    assert response.status_code == 200
    fine(response.content.decode())


@pytest.mark.parametrize("name", ["400", "403", "404", "403_csrf"])
def test_errors_say_what_happened_what_was_kept_and_what_to_do(name: str) -> None:
    html = render_to_string(f"{name}.html", {}, request_of_visitor())
    fine(html)
    assert 'href="/"' in html


def test_the_500_page_needs_nothing_but_itself() -> None:
    with override_settings(STORAGES={"staticfiles": {"BACKEND": "no.such.Storage"}}):
        html = render_to_string("500.html")
    fine(html)
    assert read(html).addresses == ["/"]
    assert "已经保存的内容都在" in html


def test_locked_out_says_how_long_and_whom_to_ask() -> None:
    context = {"failure_limit": 5, "cooloff_timedelta": dt.timedelta(minutes=15), "username": "shen"}
    html = render_to_string("people/locked_out.html", context, request_of_visitor("/accounts/login/"))
    fine(html)
    assert "15 分钟后可以再试" in html
    assert "管理员" in html


def test_signing_in(client: Client) -> None:
    html = client.get("/accounts/login/").content.decode()
    fine(html)
    assert 'name="csrfmiddlewaretoken"' in html
    assert "忘记密码" not in html  # schools reset passwords; there is no mail to send
    assert ">账号" in html
