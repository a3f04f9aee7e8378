"""Whoever was signed out meanwhile comes back to the page where the button stood; whoever tries passwords is told apart
by the device."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from cms.people.addresses import client_address
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("http://testserver/search/?q=x&page=2", "?next=%2Fsearch%2F%3Fq%3Dx%26page%3D2"),
        ("http://testserver/space/", "?next=%2Fspace%2F"),
        ("https://evil.example/search/", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_button_leads_through_signing_in_to_its_own_page(page: str, back: str) -> None:
    for address in ("/search/saved/add/", "/space/follow/", "/space/inbox/seen/"):
        client = Client()
        answer = client.post(address, headers={"Referer": page})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/accounts/login/{back}")
        by_script = Client().post(address, headers={"HX-Request": "true", "HX-Current-URL": page})
        assert (by_script.status_code, by_script.headers["HX-Redirect"]) == (200, f"/accounts/login/{back}")
        assert "再点一次刚才的按钮" in client.get("/accounts/login/").content.decode()


def test_signing_in_leads_back_and_pages_that_are_read_lead_to_themselves() -> None:
    user = factories.teacher(factories.province())
    client = Client()
    address = client.post("/search/saved/add/", headers={"Referer": "http://testserver/search/?q=x"}).headers[
        "Location"
    ]
    given = {"login": user.username, "password": factories.people.PASSWORD}
    assert client.post(address, given).headers["Location"] == "/search/?q=x"
    assert Client().get("/space/").headers["Location"] == "/accounts/login/?next=/space/"


@pytest.mark.parametrize(
    ("proxies", "heard", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),  # what stands further left was written by the device itself
        (2, "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "10.0.0.2", "10.0.0.1"),
        (1, "nonsense", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_device_is_told_behind_as_many_proxies_as_are_ours(
    settings: Any, rf: RequestFactory, proxies: int, heard: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert client_address(rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=heard)) == address


def test_one_device_does_not_lock_out_another(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    user = factories.teacher(factories.province())
    good = {"login": user.username, "password": factories.people.PASSWORD}
    for _try in range(6):
        Client().post("/accounts/login/", {**good, "password": "wrong"}, HTTP_X_FORWARDED_FOR="198.51.100.7")
    assert Client().post("/accounts/login/", good, HTTP_X_FORWARDED_FOR="198.51.100.7").status_code != 302
    assert Client().post("/accounts/login/", good, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 302
