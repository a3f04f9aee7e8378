"""First passwords of a roster that nobody received: new ones, for exactly those who never came in with theirs."""

import base64
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.audit.models import Entry
from cms.people.models import Membership, User
from cms.people.roster.first import renew
from cms.people.roster.reading import read
from cms.people.rules import administered
from cms.people.tokens import issue_token
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.people.rosters import line, number, workbook

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
LOGINS = ("guqr", "shenan", "luhj")
ROWS = [line(姓名="某某", 登录名=login, 身份证件号=number(n), 角色="教师") for n, login in enumerate(LOGINS)]


@pytest.fixture
def head(place: Province) -> User:
    return factories.person("administrator", place.school)


def upload(client: Client, place: Province) -> str:
    """The address of the dry run."""
    file = SimpleUploadedFile("名册.xlsx", workbook(*ROWS))
    return str(client.post("/admin/people/roster/", {"organisation": place.school.pk, "file": file})["Location"])


def given(page: str) -> dict[str, str]:
    """login -> password, of the list that is downloaded."""
    listed = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', page)
    assert listed is not None
    lines = base64.b64decode(listed[1]).decode("utf-8-sig").splitlines()[1:]
    return {login: password for _name, login, password in (each.split(",") for each in lines)}


def comes_in(login: str, password: str) -> bool:
    return bool(Client().post(LOGIN, {"login": login, "password": password}).status_code == 302)


def test_second_click_leads_to_new_passwords_for_those_who_never_came_in(head: User, place: Province) -> None:
    client = signed_in(head)
    address = upload(client, place)
    lost = given(client.post(address).content.decode())
    assert comes_in("luhj", lost["luhj"])
    page = client.post(address, follow=True).content.decode()  # what the browser shows after a double click
    renewing = re.search(r'action="(/admin/people/roster/[^"]+/passwords/)"', page)
    assert renewing is not None
    assert "为 2 人重新生成初始密码" in page
    answer = client.post(renewing[1])
    new = given(answer.content.decode())
    assert set(new) == {"guqr", "shenan"}
    assert "no-store" in answer["Cache-Control"]
    assert not comes_in("guqr", lost["guqr"])
    assert comes_in("guqr", new["guqr"])
    assert comes_in("luhj", lost["luhj"])
    assert User.objects.get(username="shenan").must_change_password
    entries = Entry.objects.filter(verb="account:first_password")
    people = User.objects.filter(username__in=["guqr", "shenan"])
    assert {entry.subject_id for entry in entries} == {str(person.uuid) for person in people}
    assert {entry.actor for entry in entries} == {head}
    assert new["shenan"] not in str(list(Entry.objects.values()))
    assert comes_in("shenan", new["shenan"])
    assert "都已经登录过" in client.post(renewing[1], follow=True).content.decode()


def test_passwords_are_made_anew_only_for_those_in_care(head: User, place: Province) -> None:
    client = signed_in(head)
    address = upload(client, place)
    client.post(address)
    Membership.objects.create(
        user=User.objects.get(username="guqr"), organisation=place.other_school, role="teacher"
    )  # not this administrator's alone any more
    User.objects.filter(username="shenan").update(is_active=False)
    User.objects.filter(username="luhj").update(must_change_password=False)
    before = list(User.objects.order_by("pk").values_list("password"))
    assert "重新生成" not in client.get(address).content.decode()
    client.post(f"{address}passwords/")
    assert list(User.objects.order_by("pk").values_list("password")) == before
    stranger = signed_in(factories.person("administrator", place.school))
    assert stranger.post(f"{address}passwords/").status_code == 404  # a draft is its uploader's
    assert client.get(f"{address}passwords/").status_code == 405


def test_many_passwords_are_made_anew_with_few_queries(head: User, place: Province) -> None:
    client, counts = signed_in(head), []
    assert administered(head)  # read once
    for many in (3, 60):
        rows = [line(姓名="某某", 登录名=f"t{many}x{n}", 角色="教师") for n in range(many)]
        file = SimpleUploadedFile("名册.xlsx", workbook(*rows))
        form = {"organisation": place.school.pk, "file": file}
        client.post(str(client.post("/admin/people/roster/", form)["Location"]))
        with CaptureQueriesContext(connection) as asked:
            assert len(renew(read(workbook(*rows)), by=head, organisation=place.school)) == many
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_other_systems_have_them_made_anew_with_the_same_file(head: User, place: Province) -> None:
    token = {"Authorization": f"Bearer {issue_token(head, name='test')[1]}"}

    def send(path: str, **fields: str) -> dict[str, list[dict[str, str]]]:
        form = {"file": SimpleUploadedFile("名册.xlsx", workbook(*ROWS)), **fields}
        answer = Client().post(f"/api/v1/people/{path}", form, headers=token)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        found: dict[str, list[dict[str, str]]] = answer.json()
        return found

    send("roster", dry_run="false")
    new = {one["login"]: one["password"] for one in send("roster/passwords")["passwords"]}
    assert set(new) == set(LOGINS)
    assert all(comes_in(login, password) for login, password in new.items())
    assert send("roster/passwords")["passwords"] == []
    outsider = factories.teacher(place)
    refused = Client().post(
        "/api/v1/people/roster/passwords",
        {"file": SimpleUploadedFile("名册.xlsx", workbook(*ROWS))},
        headers={"Authorization": f"Bearer {issue_token(outsider, name='test')[1]}"},
    )
    assert refused.status_code == 404


def test_screens_load_the_guard_against_a_second_click(head: User, place: Province) -> None:
    client = signed_in(head)
    for address in (upload(client, place), reverse("people_admin:person", args=[factories.teacher(place).uuid])):
        page = client.get(address).content.decode()
        assert re.search(r'<script type="module" src="/static/theme/js/site(\.\w+)?\.js">', page)
