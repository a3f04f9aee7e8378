"""Of allauth's pages only those that the product offers are there: no stranger has the site mail anybody."""

import re
import time

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.test import Client

from cms.people.models import User
from tests import factories
from tests.browsing import signed_in
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
CLOSED = [
    "signup/",
    "email/",
    "confirm-email/",
    "confirm-email/key/",
    "password/set/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/1-key/",
    "password/reset/key/done/",
    "login/code/",
    "login/code/confirm/",
    "2fa/webauthn/",
    "",
]


@pytest.mark.parametrize("address", CLOSED)
def test_page_that_is_not_offered_is_not_found_by_anybody_and_mails_nobody(address: str) -> None:
    person = factories.teacher(factories.province())
    User.objects.filter(pk=person.pk).update(email="known@example.org")
    for client in (Client(), signed_in(person)):
        assert client.get(f"/accounts/{address}").status_code == 404
        for given in ("known@example.org", "stranger@example.org"):
            answer = client.post(f"/accounts/{address}", {"email": given, "action_add": "", "action_send": ""})
            assert answer.status_code == 404
    assert mail.outbox == []
    assert not EmailAddress.objects.exists()


def test_workbench_mails_no_password_either() -> None:
    """Wagtail's own page for that, in front of which nobody signs in."""
    person = factories.teacher(factories.province())
    for address in ("", "done/", "complete/", "confirm/MQ/key/"):
        assert Client().get(f"/admin/password_reset/{address}").status_code == 404
    assert Client().post("/admin/password_reset/", {"email": person.email}).status_code == 404
    assert mail.outbox == []


def test_pages_that_are_offered_answer() -> None:
    client = signed_in(factories.teacher(factories.province()))
    for address in ("login/", "inactive/", "logout/", "reauthenticate/", "password/change/", "2fa/"):
        assert client.get(f"/accounts/{address}").status_code == 200, address


def test_person_who_left_is_told_so_after_the_right_password() -> None:
    person = factories.teacher(factories.province())
    User.objects.filter(pk=person.pk).update(is_active=False)
    answer = Client().post(LOGIN, {"login": person.username, "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain == [("/accounts/inactive/", 302)]
    assert "请联系本校的管理员" in answer.content.decode()
    assert Client().post(LOGIN, {"login": person.username, "password": "wrong"}).status_code == 200


def test_person_without_a_password_is_led_to_no_accident() -> None:
    person = factories.teacher(factories.province())
    person.set_unusable_password()
    person.save()
    assert signed_in(person).get("/accounts/password/change/", follow=True).status_code == 404


def code_of(secret: str) -> str:
    """What the person's device shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def with_device(person: User) -> str:
    """The secret of the device with which the person signs in from now on."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def test_there_is_no_way_in_past_the_second_factor() -> None:
    person = factories.teacher(factories.province())
    with_device(person)
    client = Client()
    for address in ("/admin/login/", "/admin/login/?next=/admin/"):
        given = {"username": person.username, "login": person.username, "password": PASSWORD}
        assert client.post(address, given)["Location"].startswith(LOGIN)
        assert client.get("/me/")["Location"].startswith(LOGIN)
    assert client.get("/admin/login/?next=/admin/reports/")["Location"] == f"{LOGIN}?next=/admin/reports/"


def test_codes_cannot_be_guessed_for_long() -> None:
    """Whichever the browser and the process that answers: nothing of it is kept in a memory."""
    person = factories.teacher(factories.province())
    secret = with_device(person)
    with time_machine.travel(time.time(), tick=False) as clock:
        wrong = f"{(int(code_of(secret)) + 1) % 1_000_000:06}"
        clients = [Client(), Client()]
        for client in clients:
            client.post(LOGIN, {"login": person.username, "password": PASSWORD})
        for client in (clients[0], clients[0], clients[0], clients[1], clients[1]):
            cache.clear()
            answer = client.post("/accounts/2fa/authenticate/", {"code": wrong})
        assert "密码或验证码连续输错" in answer.content.decode()
        cache.clear()
        for client in clients:
            refused = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
            assert client.get("/me/")["Location"].startswith(LOGIN)
            assert "请稍后重试" in refused.content.decode()
        clock.shift(16 * 60)
        client.post(LOGIN, {"login": person.username, "password": PASSWORD})
        assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})["Location"] == "/"


def test_a_school_behind_one_address_signs_in_as_often_as_it_likes() -> None:
    person = factories.teacher(factories.province())
    for _ in range(40):
        assert Client().post(LOGIN, {"login": person.username, "password": PASSWORD})["Location"] == "/"


def test_two_factors_are_set_up_asked_for_and_taken_off_again() -> None:
    """Every page of it that leads to another finds it. An address that waits to be confirmed, of the time when people
    could enter one, keeps nobody from it: there is no page left on which to confirm it."""
    person = factories.teacher(factories.province())
    EmailAddress.objects.create(user=person, email="old@example.org", verified=False)
    client = Client()
    client.post(LOGIN, {"login": person.username, "password": PASSWORD})
    led = client.get("/accounts/2fa/totp/activate/")
    assert led["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2F2fa%2Ftotp%2Factivate%2F"
    again = {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"}
    page = client.post("/accounts/reauthenticate/", again, follow=True)
    secret = page.context["form"].secret

    with time_machine.travel(time.time(), tick=False):  # a code holds for half a minute, which may end just now
        done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
    assert done.redirect_chain == [("/accounts/2fa/recovery-codes/", 302)]
    kept = client.get("/accounts/2fa/recovery-codes/download/").content.decode().split()
    spare = [word for word in kept if re.fullmatch(r"\d{8}", word)]
    for address in ("", "totp/deactivate/", "recovery-codes/generate/", "reauthenticate/"):
        assert client.get(f"/accounts/2fa/{address}").status_code == 200, address

    client.post("/accounts/logout/")
    first = client.post(LOGIN, {"login": person.username, "password": PASSWORD})
    assert first["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/me/")["Location"].startswith(LOGIN)
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    client.post("/accounts/2fa/authenticate/", {"code": spare[0]})
    assert client.get("/me/").status_code == 200

    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")
    client.post("/accounts/logout/")
    assert client.post(LOGIN, {"login": person.username, "password": PASSWORD})["Location"] == "/"
    assert mail.outbox == []
