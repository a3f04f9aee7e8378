"""Whoever lost the phone and kept no recovery code comes in again with the help of an administrator."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from cms.audit.models import Entry
from cms.notices.models import Notice
from cms.people.models import Membership, User
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked_out(place: Province) -> User:
    """Somebody with a second factor, whose device is gone."""
    person = factories.teacher(place)
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    return person


@pytest.fixture
def head(place: Province) -> User:
    return factories.person("administrator", place.school, name="周正")


def removing(person: User) -> str:
    return reverse("people_admin:remove_second_factor", args=[person.uuid])


def led_to(person: User, password: str = PASSWORD) -> str:
    return str(Client().post("/accounts/login/", {"login": person.username, "password": password})["Location"])


def test_administrator_takes_the_second_factor_away_and_the_person_is_told(head: User, locked_out: User) -> None:
    client = signed_in(head)
    assert led_to(locked_out) == reverse("mfa_authenticate")
    page = reverse("people_admin:person", args=[locked_out.uuid])
    assert removing(locked_out) in client.get(page).content.decode()
    answer = client.post(removing(locked_out), follow=True).content.decode()
    assert f"已解除{locked_out.name}的两步验证" in answer
    assert removing(locked_out) not in answer
    assert "解除了两步验证" in answer
    assert led_to(locked_out) == "/"
    client.post(removing(locked_out))  # a second time changes nothing
    (entry,) = Entry.objects.filter(verb="account:second_factor_removed")
    assert (entry.actor, entry.subject_id) == (head, str(locked_out.uuid))
    (notice,) = Notice.objects.filter(recipient=locked_out)
    assert "周正" in notice.text
    assert "两步验证" in notice.text


def test_new_password_alone_leaves_the_second_factor(head: User, locked_out: User) -> None:
    signed_in(head).post(reverse("people_admin:reset_password", args=[locked_out.uuid]))
    assert Authenticator.objects.filter(user=locked_out).count() == 2


def test_second_factor_is_taken_away_by_nobody_else(place: Province, head: User, locked_out: User) -> None:
    strangers = [
        factories.person("administrator", place.other_school), factories.person("operator", place.province),
        factories.school_reviewer(place), factories.teacher(place), locked_out,
    ]  # fmt: skip
    for user in strangers:
        assert signed_in(user).post(removing(locked_out)).status_code == 404, user
    Membership.objects.create(user=locked_out, organisation=place.county, role="expert")
    client = signed_in(head)
    assert (
        removing(locked_out) not in client.get(reverse("people_admin:person", args=[locked_out.uuid])).content.decode()
    )
    assert client.post(removing(locked_out)).status_code == 404
    assert Authenticator.objects.filter(user=locked_out).count() == 2
    assert not Entry.objects.filter(verb="account:second_factor_removed").exists()
