"""中文 / English in the footer: kept by the browser, for visitors too, and never mixed into pages that are kept."""

import pytest
from django.test import Client

from tests import factories
from tests.browsing import signed_in

pytestmark = pytest.mark.django_db
HERE = {"referer": "http://testserver/courses/"}


def test_a_visitor_chooses_a_language_and_stays_on_the_page() -> None:
    client = Client(enforce_csrf_checks=True)  # a page that is kept for all has no token
    page = client.get("/").content.decode()
    assert 'lang="zh-Hans"' in page
    assert '<button type="submit" name="language" value="en" lang="en">English</button>' in page
    answer = client.post("/language/", {"language": "en"}, headers=HERE)
    assert answer.status_code == 302
    assert answer["Location"].removeprefix("http://testserver") == "/courses/"
    assert '<html lang="en">' in client.get("/courses/").content.decode()
    assert "Saved searches" in signed_in_english().get("/").content.decode()


def signed_in_english() -> Client:
    client = signed_in(factories.teacher(factories.province()))
    client.post("/language/", {"language": "en"}, headers=HERE)
    return client


def test_the_choice_goes_before_what_the_browser_asks_for() -> None:
    client = Client(headers={"accept-language": "en"})
    assert '<html lang="en">' in client.get("/").content.decode()
    client.post("/language/", {"language": "zh-hans"}, headers=HERE)
    assert '<html lang="zh-Hans">' in client.get("/").content.decode()


def test_kept_pages_are_kept_for_each_language() -> None:
    share = factories.shared(factories.province(), openly=True)
    chinese, english = Client(), Client()
    english.post("/language/", {"language": "en"}, headers=HERE)
    for address in ("/", share.work.get_absolute_url()):
        for _again in range(2):
            assert '<html lang="zh-Hans">' in chinese.get(address).content.decode()
            assert '<html lang="en">' in english.get(address).content.decode()
        assert "Cookie" in chinese.get(address)["Vary"]


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", "/\\example.org"]
)
def test_nobody_is_led_elsewhere(elsewhere: str) -> None:
    for asked in ({"data": {"next": elsewhere}}, {"data": {}, "headers": {"referer": elsewhere}}):
        data = {"language": "en", **asked["data"]}
        answer = Client().post("/language/", data, headers=asked.get("headers", {}))
        assert answer["Location"] == "/"


@pytest.mark.parametrize("language", ["", "xx", "zh-hans'", "e" * 1000])
def test_no_other_language_is_taken(language: str) -> None:
    client = Client()
    assert client.post("/language/", {"language": language}, headers=HERE).status_code == 302
    assert '<html lang="zh-Hans">' in client.get("/").content.decode()


def test_a_link_opened_ahead_chooses_nothing() -> None:
    client = Client()
    client.get("/language/", {"language": "en"})
    assert '<html lang="zh-Hans">' in client.get("/").content.decode()
