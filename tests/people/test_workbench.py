"""The administrator's screens: rosters, people; nobody else finds them."""

import base64
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.audit.models import Entry
from cms.people.models import Membership, RosterDraft, User
from cms.people.tokens import issue_token
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.factories.people import PASSWORD
from tests.people.rosters import line, number, text, workbook

pytestmark = pytest.mark.django_db
UPLOAD = "/admin/people/roster/"
GOOD = line(姓名="顾清如", 登录名="guqr", 身份证件号=number(1), 角色="教师")
WRONG = line(姓名="无名", 登录名="wuming", 角色="校长")


@pytest.fixture
def head(place: Province) -> Client:
    return signed_in(factories.person("administrator", place.school))


def send(client: Client, place: Province, data: bytes, name: str = "名册.xlsx") -> Any:
    return client.post(UPLOAD, {"organisation": place.school.pk, "file": SimpleUploadedFile(name, data)})


def test_roster_is_checked_then_imported_with_passwords_shown_once(head: Client, place: Province) -> None:
    answer = send(head, place, workbook(GOOD))
    assert answer.status_code == 302
    assert not User.objects.filter(username="guqr").exists()
    page = head.get(answer.url).content.decode()
    assert "全部无误，导入 1 人" in page
    assert not User.objects.filter(username="guqr").exists()
    done = head.post(answer.url).content.decode()
    listed = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', done)
    assert listed is not None
    _name, login, password = base64.b64decode(listed[1]).decode("utf-8-sig").splitlines()[1].split(",")
    assert User.objects.get(username=login).check_password(password)
    assert password in done
    again = head.post(answer.url, follow=True).content.decode()
    assert "已经和这份名册一致" in again
    assert password not in again
    assert number(1) not in page + done + again


def test_roster_with_problems_imports_only_clean_rows_when_that_is_chosen(head: Client, place: Province) -> None:
    address = send(head, place, text(GOOD, WRONG, encoding="gbk"), "名册.csv").url
    page = head.get(address).content.decode()
    assert "没有“校长”这个角色" in page
    assert "只导入无误的 1 人，留下 1 行" in page
    assert "没有导入任何人" in head.post(address, follow=True).content.decode()
    assert not User.objects.filter(username="guqr").exists()
    assert "1 行有问题，没有导入" in head.post(address, {"only_clean": "1"}).content.decode()
    assert User.objects.filter(username__in=["guqr", "wuming"]).count() == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b"\x89PNG\0", "不是表格"),
        (b"%PDF-1.4", "不是表格"),
        (text(headings=["a"]), "没有找到表头"),
    ],
)
def test_roster_of_a_wrong_kind_is_refused_in_one_sentence(
    head: Client, place: Province, data: bytes, sentence: str
) -> None:
    answer = send(head, place, data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not RosterDraft.objects.exists()


def test_roster_upload_without_file_or_for_a_foreign_place_is_refused(head: Client, place: Province) -> None:
    assert head.post(UPLOAD, {"organisation": place.school.pk}).status_code == 422
    foreign = {"organisation": place.county.pk, "file": SimpleUploadedFile("a.xlsx", workbook(GOOD))}
    assert head.post(UPLOAD, foreign).status_code == 422
    assert head.post(UPLOAD, {"organisation": "x", "file": "y"}).status_code == 422


def test_roster_shows_markup_in_cells_as_text(head: Client, place: Province) -> None:
    row = line(姓名="<script>alert(1)</script>", 登录名="x1", 角色="<b>")
    page = head.get(send(head, place, workbook(row), "<i>.xlsx").url).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<i>" not in page.split("<main", 1)[1]


def addresses(person: User, draft: str) -> list[tuple[str, str]]:
    role = person.memberships.get()
    return [
        ("get", reverse("people_admin:list")),
        ("get", reverse("people_admin:roster")),
        ("post", reverse("people_admin:roster")),
        ("get", reverse("people_admin:roster_template")),
        ("get", draft),
        ("post", draft),
        ("post", f"{draft}passwords/"),
        ("get", reverse("people_admin:person", args=[person.uuid])),
        ("post", reverse("people_admin:end_role", args=[person.uuid, role.pk])),
        ("post", reverse("people_admin:remove_second_factor", args=[person.uuid])),
        ("post", reverse("people_admin:reset_password", args=[person.uuid])),
        ("post", reverse("people_admin:set_active", args=[person.uuid])),
    ]


def test_people_pages_are_not_there_for_anybody_else(head: Client, place: Province) -> None:
    victim = factories.teacher(place)
    before = User.objects.values().get(pk=victim.pk)
    draft = send(head, place, workbook(GOOD)).url
    for user in (
        factories.teacher(place),
        factories.school_reviewer(place),
        factories.person("operator", place.province),
    ):
        client = signed_in(user)
        for method, address in addresses(victim, draft):
            assert getattr(client, method)(address).status_code == 404, address
    foreigner = signed_in(factories.person("administrator", place.other_school))
    for method, address in addresses(victim, draft)[4:]:
        assert getattr(foreigner, method)(address).status_code == 404, address
    for client in (Client(), signed_in(factories.pupil(place))):
        for method, address in addresses(victim, draft):
            answer = getattr(client, method)(address)
            assert answer.status_code in (302, 404), address
            assert (
                "/accounts/login/" in answer.url or answer.url == "/admin/login/" if answer.status_code == 302 else True
            )
    assert User.objects.values().get(pk=victim.pk) == before
    assert Membership.objects.filter(user=victim, until=None).count() == 1
    assert not User.objects.filter(username="guqr").exists()


def test_list_shows_only_the_subtree_and_searches_by_name(place: Province) -> None:
    mine = factories.person("teacher", place.school, name="沈若溪")
    factories.person("teacher", place.other_school, name="沈若水")
    client = signed_in(factories.person("administrator", place.county))
    page = client.get("/admin/people/", {"q": "沈若"}).content.decode()
    assert mine.name in page
    assert "沈若水" not in page
    assert "没有找到" in client.get("/admin/people/", {"q": "没有此人"}).content.decode()
    assert client.get("/admin/people/", {"q": "\0' OR 1=1", "role": "x", "page": "-9"}).status_code == 200


def test_filter_that_means_nothing_is_told_and_the_rest_narrows(head: Client, place: Province) -> None:
    one, other = factories.teacher(place), factories.teacher(place)
    page = head.get(reverse("people_admin:list"), {"q": one.name, "role": "king"}).content.decode()
    assert one.name in page
    assert other.name not in page
    assert "errorlist" in page


def test_list_asks_the_same_queries_for_one_row_and_three(place: Province) -> None:
    client = signed_in(factories.person("administrator", place.school))
    client.get("/admin/people/")
    counts = []
    for _n in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/admin/people/")
        counts.append(len(asked))
        for _m in range(3):
            factories.teacher(place)
    assert counts[0] == counts[1] <= 14


def test_administrator_ends_roles_resets_passwords_and_deactivates(head: Client, place: Province) -> None:
    teacher = factories.teacher(place)
    session = signed_in(teacher)
    assert session.get("/me/").status_code == 200
    page = head.post(reverse("people_admin:reset_password", args=[teacher.uuid])).content.decode()
    password = re.search(r"<code>([a-z0-9-]{14})</code>", page)
    assert password is not None
    teacher.refresh_from_db()
    assert teacher.check_password(password[1])
    assert teacher.must_change_password
    assert session.get("/me/").status_code == 302  # signed out
    head.post(reverse("people_admin:set_active", args=[teacher.uuid]), {"active": "0"})
    teacher.refresh_from_db()
    assert not teacher.is_active
    head.post(reverse("people_admin:set_active", args=[teacher.uuid]), {"active": "1"})
    role = teacher.memberships.get()
    head.post(reverse("people_admin:end_role", args=[teacher.uuid, role.pk]))
    role.refresh_from_db()
    assert role.until is not None
    verbs = list(Entry.objects.filter(subject_id=str(teacher.uuid)).values_list("verb", flat=True))
    assert verbs == ["membership:end", "account:activate", "account:deactivate", "account:password_reset"]
    assert password[1] not in str(list(Entry.objects.values()))


def test_administrator_of_a_school_does_not_reset_somebody_who_also_serves_elsewhere(
    head: Client, place: Province
) -> None:
    chief = factories.person("administrator", place.province)
    Membership.objects.create(user=chief, organisation=place.school, role="teacher")
    assert head.get(reverse("people_admin:person", args=[chief.uuid])).status_code == 200
    assert head.post(reverse("people_admin:reset_password", args=[chief.uuid])).status_code == 404
    assert head.post(reverse("people_admin:set_active", args=[chief.uuid]), {"active": "0"}).status_code == 404
    chief.refresh_from_db()
    assert chief.is_active
    assert chief.check_password(PASSWORD)


def test_administrator_does_not_end_own_role_or_reset_own_password(place: Province) -> None:
    user = factories.person("administrator", place.school)
    client = signed_in(user)
    assert client.post(reverse("people_admin:end_role", args=[user.uuid, user.memberships.get().pk])).status_code == 404
    assert client.post(reverse("people_admin:reset_password", args=[user.uuid])).status_code == 404


def test_template_is_downloaded(head: Client) -> None:
    answer = head.get(reverse("people_admin:roster_template"))
    assert answer.content.startswith(b"PK")
    assert "attachment" in answer["Content-Disposition"]


def test_menu_shows_people_to_administrators_only(head: Client, place: Province) -> None:
    assert reverse("people_admin:roster") in head.get("/admin/").content.decode()
    assert reverse("people_admin:roster") not in signed_in(factories.teacher(place)).get("/admin/").content.decode()


def test_page_of_a_person_tells_what_was_done_to_the_account(place: Province) -> None:
    administrator = factories.person("administrator", place.school, name="周正")
    client = signed_in(administrator)
    person = factories.teacher(place)
    address = reverse("people_admin:person", args=[person.uuid])
    assert "做了什么" not in client.get(address).content.decode()
    client.post(reverse("people_admin:reset_password", args=[person.uuid]))
    client.post(reverse("people_admin:set_active", args=[person.uuid]), {"active": "0"})
    client.post(reverse("people_admin:end_role", args=[person.uuid, Membership.objects.get(user=person).pk]))
    issue_token(person, name="只给本人看的用途")
    page = client.get(address).content.decode()
    for words in ("重设了密码", "停用了账号", "结束了任职：教师 · 西湖区求知小学", "周正"):
        assert words in page
    assert "只给本人看的用途" not in page


def test_roles_that_hold_come_first_and_one_with_an_end_to_come_may_be_ended(head: Client, place: Province) -> None:
    now = timezone.now()
    teacher = factories.teacher(place)
    today, days = teacher.memberships.get(), timedelta(days=30)
    over = Membership.objects.create(
        user=teacher, organisation=place.school, role="editor", since=now - 2 * days, until=now - days
    )
    to_come = Membership.objects.create(user=teacher, organisation=place.school, role="parent", until=now + days)
    page = head.get(reverse("people_admin:person", args=[teacher.uuid]))
    assert [row["membership"].pk for row in page.context["memberships"]] == [today.pk, to_come.pk, over.pk]
    assert [row["ended"] for row in page.context["memberships"]] == [False, False, True]
    assert reverse("people_admin:end_role", args=[teacher.uuid, to_come.pk]) in page.content.decode()
