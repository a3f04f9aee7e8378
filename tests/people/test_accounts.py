"""Signing in and out, lock-out, the first password, one's own pages."""

import re

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from cms.audit.models import Entry
from cms.people.accounts import end_membership, reset_password
from cms.people.models import ApiToken, TeachingProfile, User
from cms.people.signals import profile_changed
from cms.people.tokens import issue_token, person_of, revoke_token
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
CHANGE = "/accounts/password/change/"


def test_login_by_username_without_mail(place: Province) -> None:
    pupil = factories.pupil(place)
    User.objects.filter(pk=pupil.pk).update(email="")
    client = Client()
    answer = client.post(LOGIN, {"login": pupil.username, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("given", "led_to"),
    [
        ("/me/tokens/", "/me/tokens/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_login_leads_only_to_addresses_of_the_site(place: Province, given: str, led_to: str) -> None:
    user = factories.teacher(place)
    answer = Client().post(LOGIN, {"login": user.username, "password": PASSWORD, "next": given})
    assert answer["Location"] == led_to


def test_login_with_a_wrong_password_says_so_in_chinese_without_telling_whether_the_account_exists(
    place: Province,
) -> None:
    user = factories.teacher(place)
    known = Client().post(LOGIN, {"login": user.username, "password": "wrong"}).content.decode()
    unknown = Client().post(LOGIN, {"login": "nobody-here", "password": "wrong"}).content.decode()
    sentence = re.compile(r'role="alert" tabindex="-1" data-focus>.*?<p>(.*?)</p>', re.S)
    known_words, unknown_words = sentence.search(known), sentence.search(unknown)
    assert known_words is not None
    assert unknown_words is not None
    assert known_words[1] == unknown_words[1]
    assert re.search(r"[\u4e00-\u9fff]", known_words[1])


def test_five_wrong_passwords_lock_the_account_out_and_leave_evidence(place: Province) -> None:
    user = factories.teacher(place)
    client = Client()
    statuses = [client.post(LOGIN, {"login": user.username, "password": "wrong"}).status_code for _n in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    answer = client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    assert answer.status_code == 429
    assert "登录暂停一会儿" in answer.content.decode()
    attempt = AccessAttempt.objects.get(username=user.username)
    assert attempt.failures_since_start >= 5
    assert "wrong" not in attempt.post_data.replace("********************", "")
    other = factories.teacher(place)
    assert client.post(LOGIN, {"login": other.username, "password": PASSWORD}).status_code == 302


def test_the_old_password_is_guessed_as_seldom_as_at_the_door(place: Province) -> None:
    user = factories.teacher(place)
    client = signed_in(user)
    wish = {"password1": "Xin-mima-2026", "password2": "Xin-mima-2026"}
    for _n in range(5):
        client.post(CHANGE, {"oldpassword": "wrong", **wish})
    assert AccessAttempt.objects.get(username=user.username).failures_since_start == 5
    refused = client.post(CHANGE, {"oldpassword": PASSWORD, **wish})
    assert "请稍后重试" in refused.content.decode()
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    reset = reset_password(user, by=factories.person("administrator", place.school))
    again = signed_in(User.objects.get(pk=user.pk))
    assert again.post(CHANGE, {"oldpassword": reset, **wish}).status_code == 302


def test_reset_password_lifts_the_lock_out(place: Province) -> None:
    user = factories.teacher(place)
    client = Client()
    for _n in range(6):
        client.post(LOGIN, {"login": user.username, "password": "wrong"})
    password = reset_password(user, by=factories.person("administrator", place.school))
    assert client.post(LOGIN, {"login": user.username, "password": password}).status_code == 302


def test_sign_up_is_closed(db: None) -> None:
    page = Client().get("/accounts/signup/")
    assert b"password1" not in page.content
    Client().post("/accounts/signup/", {"username": "new", "password1": "Aa-12345678", "password2": "Aa-12345678"})
    assert not User.objects.filter(username="new").exists()


def test_logout_needs_a_post(place: Province) -> None:
    client = signed_in(factories.teacher(place))
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/me/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/me/").status_code == 302


def test_first_password_must_be_replaced_before_anything_else(place: Province) -> None:
    pupil = factories.pupil(place)
    first = reset_password(pupil, by=factories.person("administrator", place.school))
    client = Client()
    assert client.post(LOGIN, {"login": pupil.username, "password": first}).status_code == 302
    for address in ("/", "/me/", "/notices/", "/admin/"):
        assert client.get(address)["Location"] == CHANGE
    assert client.post("/notices/read/")["Location"] == CHANGE
    assert client.get("/me/", headers={"HX-Request": "true"})["HX-Redirect"] == CHANGE
    assert client.get("/api/v1/works").json()["code"] == "password_change_required"
    assert client.get(CHANGE).status_code == 200
    same = client.post(CHANGE, {"oldpassword": first, "password1": first, "password2": first})
    assert "新密码和现在的密码一样" in same.content.decode()
    client.post(CHANGE, {"oldpassword": first, "password1": "Mo-Gan-2026", "password2": "Mo-Gan-2026"})
    pupil.refresh_from_db()
    assert not pupil.must_change_password
    assert client.get("/me/").status_code == 200  # still signed in
    assert pupil.check_password("Mo-Gan-2026")


def test_new_password_of_ones_own_ends_all_tokens(place: Province) -> None:
    """Whoever knew the old one may have made some."""
    user = factories.teacher(place)
    token, _text = issue_token(user, name="教务系统")
    client = signed_in(user)
    client.post(CHANGE, {"oldpassword": PASSWORD, "password1": "Mo-Gan-2026", "password2": "Mo-Gan-2026"})
    user.refresh_from_db()
    assert user.check_password("Mo-Gan-2026")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_first_password_page_can_be_left_by_signing_out(place: Province) -> None:
    user = factories.teacher(place)
    User.objects.update(must_change_password=True)
    client = signed_in(user)
    client.post("/accounts/logout/")
    assert client.get("/me/")["Location"].startswith(LOGIN)


def test_me_shows_roles_and_saves_what_i_teach(place: Province) -> None:
    user = factories.teacher(place)
    client = signed_in(user)
    page = client.get("/me/").content.decode()
    assert "西湖区求知小学" in page
    heard = []

    def listen(user: User, profile: TeachingProfile, **kwargs: object) -> None:
        heard.append(profile.subject)

    profile_changed.connect(listen)
    try:
        data = {"stage": place.stage.pk, "subject": place.other_subject.pk, "grades": [place.grade.pk]}
        assert client.post("/me/", data).status_code == 302
        assert client.post("/me/", data).status_code == 302
    finally:
        profile_changed.disconnect(listen)
    assert heard == [place.other_subject]
    assert TeachingProfile.objects.get(user=user).edition is None
    assert client.post("/me/", {"stage": "x", "grades": ["-1"]}).status_code == 422


def test_me_of_a_pupil_or_parent_has_nothing_to_teach(place: Province) -> None:
    child = factories.pupil(place, place.school)
    for user in (child, factories.parent(place, child)):
        client = signed_in(user)
        assert "我教什么" not in client.get("/me/").content.decode()
        assert client.post("/me/", {}).status_code == 404
        assert client.get("/me/tokens/").status_code == 404


def test_token_is_shown_once_and_can_be_revoked(place: Province) -> None:
    user = factories.teacher(place)
    client = signed_in(user)
    page = client.post("/me/tokens/", {"name": "成绩平台", "days": "90", "password": PASSWORD})
    found = re.search(r"gj_[\w-]+", page.content.decode())
    assert found is not None
    assert "no-store" in page["Cache-Control"]
    text = found[0]
    assert text not in client.get("/me/tokens/").content.decode()
    api = {"Authorization": f"Bearer {text}"}
    assert client.get("/api/v1/works", headers=api).status_code == 200
    token = ApiToken.objects.get()
    stranger = signed_in(factories.teacher(place))
    assert stranger.post(f"/me/tokens/{token.pk}/revoke/").status_code == 404
    assert "成绩平台" not in stranger.get("/me/tokens/").content.decode()
    client.post(f"/me/tokens/{token.pk}/revoke/")
    assert Client().get("/api/v1/works", headers=api).status_code == 401


def test_a_token_asks_for_the_password_and_counts_wrong_ones(place: Province) -> None:
    user = factories.teacher(place)
    client = signed_in(user)
    wanted = {"name": "成绩平台", "days": "90"}
    assert client.post("/me/tokens/", wanted).status_code == 422
    for _n in range(4):
        assert "密码不对" in client.post("/me/tokens/", {**wanted, "password": "wrong"}).content.decode()
    assert client.post("/me/tokens/", {**wanted, "password": "wrong"}).status_code == 429
    page = client.post("/me/tokens/", {**wanted, "password": PASSWORD})
    assert "请稍后重试" in page.content.decode()
    assert not ApiToken.objects.exists()


def test_tokens_are_refused_with_bad_input_and_limited_in_number(place: Province) -> None:
    user = factories.teacher(place)
    client = signed_in(user)
    assert client.post("/me/tokens/", {"name": "", "days": "9999", "password": PASSWORD}).status_code == 422
    for n in range(20):
        issue_token(user, name=str(n))
    assert (
        "最多同时有 20 个"
        in client.post("/me/tokens/", {"name": "多", "days": "30", "password": PASSWORD}).content.decode()
    )


def test_own_pages_lead_visitors_to_sign_in(db: None) -> None:
    for address in ("/me/", "/me/tokens/", "/notices/", "/notices/preferences/"):
        assert Client().get(address)["Location"] == f"{LOGIN}?next={address}"


def test_own_page_gives_and_withdraws_the_consent_to_be_found() -> None:
    place = factories.province()
    person, pupil = factories.teacher(place), factories.pupil(place)
    client = Client()
    client.force_login(person)
    assert "允许同行在检索中找到我" in client.get("/me/").content.decode()
    assert client.post("/me/findable/", {"on": "1"}).status_code == 302
    assert User.objects.get(pk=person.pk).findable_since is not None
    assert "不再让同行找到我" in client.get("/me/").content.decode()
    assert client.get("/me/findable/").status_code == 405
    client.post("/me/findable/", {})
    assert User.objects.get(pk=person.pk).findable_since is None
    client.force_login(pupil)
    assert "检索中找到我" not in client.get("/me/").content.decode()
    assert client.post("/me/findable/", {"on": "1"}).status_code == 404
    assert User.objects.get(pk=pupil.pk).findable_since is None


def test_reset_password_ends_the_tokens_and_says_so(place: Province) -> None:
    user, head = factories.teacher(place), factories.person("administrator", place.school)
    _token, text = issue_token(user, name="脚本")
    page = signed_in(head).post(reverse("people_admin:reset_password", args=[user.uuid])).content.decode()
    assert "原来的登录和接口令牌都已失效" in page
    assert person_of(text) is None
    assert Entry.objects.filter(verb="token:revoke", actor=head).count() == 1


def test_who_works_here_no_longer_revokes_tokens_and_makes_none(place: Province) -> None:
    user, head = factories.teacher(place), factories.person("administrator", place.school)
    token, text = issue_token(user, name="成绩平台")
    end_membership(user.memberships.get(), by=head)
    client = signed_in(User.objects.get(pk=user.pk))
    page = client.get("/me/tokens/").content.decode()
    assert "成绩平台" in page
    assert "生成令牌" not in page
    assert client.post("/me/tokens/", {"name": "又一个", "days": "90", "password": PASSWORD}).status_code == 404
    client.post(f"/me/tokens/{token.pk}/revoke/")
    assert person_of(text) is None


def test_lock_out_counts_the_account_and_not_how_its_login_is_written(place: Province) -> None:
    user = factories.teacher(place)
    User.objects.filter(pk=user.pk).update(username="Teacher-T8")
    client = Client()
    spellings = ("Teacher-T8", "teacher-t8", "TEACHER-T8", " teacher-T8", "tEacher-t8")
    statuses = [client.post(LOGIN, {"login": one, "password": "wrong"}).status_code for one in spellings]
    assert statuses[-1] == 429
    user.refresh_from_db()
    password = reset_password(user, by=factories.person("administrator", place.school))
    assert client.post(LOGIN, {"login": "teacher-T8", "password": password}).status_code == 302


def test_valid_tokens_stand_before_the_revoked(place: Province) -> None:
    user = factories.teacher(place)
    issue_token(user, name="还在用的")
    for number in range(45):
        revoke_token(issue_token(user, name=f"旧{number}")[0], by=user)
    assert "还在用的" in signed_in(user).get("/me/tokens/").content.decode()
