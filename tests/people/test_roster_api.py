"""The roster over the API: what the screen checks, writes and refuses, for another system."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms.audit.models import Entry
from cms.organisations.models import Organisation
from cms.people.models import Guardianship, Membership, User
from cms.people.roster.reading import MAX_BYTES
from cms.people.tokens import issue_token
from tests import factories
from tests.factories import Province
from tests.people.rosters import line, number, text, workbook
from tests.people.test_roster_import import CHILD, MOTHER, TEACHER

pytestmark = pytest.mark.django_db

WRONG = line(姓名="沈安", 登录名="shenan", 角色="校长", 学段="小学", 学科="炼金术")


def send(user: User | None, data: bytes | None, name: str = "名册.xlsx", **fields: Any) -> Any:
    headers = {}
    if user is not None:
        headers["Authorization"] = f"Bearer {issue_token(user, name='test')[1]}"
    given = fields if data is None else {"file": SimpleUploadedFile(name, data), **fields}
    return Client().post("/api/v1/people/roster", given, headers=headers)


def head_of(organisation: Organisation) -> User:
    return factories.person("administrator", organisation)


def written(before: int) -> bool:
    return User.objects.count() != before or Entry.objects.filter(verb="roster:import").exists()


def test_dry_run_names_every_problem_by_row_and_column_and_writes_nothing(place: Province) -> None:
    head = head_of(place.school)
    before = User.objects.count()
    answer = send(head, workbook(TEACHER, WRONG, MOTHER, CHILD))
    found = answer.json()
    assert answer.status_code == 200
    assert found["dry_run"] is True  # unless it is said that it shall be written
    assert [found[name] for name in ("new", "changed", "unchanged", "wrong")] == [3, 0, 0, 1]
    assert [row["outcome"] for row in found["rows"]] == ["new", "wrong", "new", "new"]
    wrong = found["rows"][1]
    assert (wrong["row"], wrong["name"]) == (3, "沈安")
    assert [problem["column"] for problem in wrong["problems"]] == ["角色", "学科"]
    assert wrong["problems"][1]["message"] == "没有“炼金术”这个学科，请用课程表里的名称，例如 数学。"
    assert found["passwords"] == []
    assert not written(before)


def test_all_or_only_the_clean_rows_and_twice_is_once(place: Province) -> None:
    head = head_of(place.school)
    before = User.objects.count()
    file = workbook(TEACHER, WRONG, MOTHER, CHILD)
    refused = send(head, file, dry_run="false")
    assert refused.status_code == 422
    assert refused.json()["code"] == "roster_has_problems"
    assert "1 行" in refused.json()["message"]
    assert [row["row"] for row in refused.json()["rows"] if row["problems"]] == [3]
    assert not written(before)

    done = send(head, file, dry_run="false", only_clean="true")
    found = done.json()
    assert done.status_code == 200
    assert (found["dry_run"], found["new"], found["wrong"]) == (False, 3, 1)
    assert {given["login"] for given in found["passwords"]} == {"guqr", "linwq", "p20260001"}
    assert done["Cache-Control"] == "no-store"
    assert User.objects.get(username="guqr").check_password(found["passwords"][0]["password"])
    assert User.objects.count() == before + 3
    assert Guardianship.objects.filter(guardian__username="linwq", pupil__username="p20260001").exists()

    people, roles = User.objects.count(), Membership.objects.count()
    again = send(head, file, dry_run="false", only_clean="true")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_import")
    assert send(head, file).json()["unchanged"] == 3
    assert (User.objects.count(), Membership.objects.count()) == (people, roles)
    assert Entry.objects.filter(verb="roster:import").count() == 1


def test_clean_file_is_written_whole(place: Province) -> None:
    done = send(head_of(place.school), workbook(TEACHER), dry_run="false")
    assert (done.status_code, done.json()["new"], done.json()["wrong"]) == (200, 1, 0)


def test_strangers_learn_nothing(place: Province) -> None:
    file = workbook(TEACHER)
    assert send(None, file).status_code == 401
    for role in ("teacher", "pupil", "review_manager"):
        stranger = factories.person(role, place.school)
        for dry_run in ("true", "false"):
            assert send(stranger, file, dry_run=dry_run).status_code == 404
    token = issue_token(factories.teacher(place), name="test")[1]
    address = "/api/v1/people/roster/template"
    assert Client().get(address, headers={"Authorization": f"Bearer {token}"}).status_code == 404
    assert not User.objects.filter(username="guqr").exists()


def test_organisation_is_the_own_one_or_one_below_and_others_do_not_exist(place: Province) -> None:
    head = head_of(place.county)
    below = send(head, workbook(TEACHER), organisation=place.school.code, dry_run="false")
    assert below.status_code == 200
    assert Membership.objects.filter(user__username="guqr", organisation=place.school).exists()
    for code in (place.other_county.code, place.city.code, "nowhere", "'; --"):
        refused = send(head, workbook(MOTHER), organisation=code)
        assert refused.status_code == 422
        assert "归您管理" in refused.json()["fields"]["organisation"]


def test_gbk_text_formulas_and_duplicates_are_told_like_on_the_screen(place: Province) -> None:
    head = head_of(place.school)
    gbk = send(head, text(TEACHER, encoding="gbk"), name="名册.csv")
    assert (gbk.json()["new"], gbk.json()["rows"][0]["name"]) == (1, "顾清如")

    twin = line(姓名="顾清", 登录名="guq", 身份证件号=number(1), 角色="教师")
    formula = line(姓名="=A1&B1", 登录名="formula", 角色="教师")
    rows = send(head, workbook(TEACHER, twin, formula)).json()["rows"]
    told = [(row["row"], problem["column"]) for row in rows for problem in row["problems"]]
    assert told == [(2, "身份证件号"), (3, "身份证件号"), (4, "姓名")]
    assert "公式" in rows[2]["problems"][0]["message"]
    assert number(1) not in str(rows)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "空", id="empty"),
        pytest.param(b"x" * (MAX_BYTES + 10), "5 MB", id="oversize"),
        pytest.param(b"PK\x03\x04broken", "xlsx", id="broken"),
        pytest.param(b"%PDF-1.7 \xff\xfe\x00", "不是表格", id="pdf"),
        pytest.param("没有,表头\n甲,乙".encode(), "表头", id="no headings"),
    ],
)
def test_file_that_is_no_roster_is_refused_in_one_sentence(place: Province, data: bytes, said: str) -> None:
    refused = send(head_of(place.school), data)
    assert refused.status_code == 422
    assert said in refused.json()["message"]
    assert refused.json()["message"].endswith("。")


def test_bad_requests_are_no_accidents(place: Province) -> None:
    head = head_of(place.school)
    assert send(head, None).status_code == 422
    assert send(head, workbook(TEACHER), dry_run="perhaps").status_code == 422
    token = issue_token(head, name="test")[1]
    sent = Client().post(
        "/api/v1/people/roster", "{", content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )
    assert sent.status_code in (400, 422)


def test_template_can_be_sent_back_and_the_description_names_the_address(place: Province) -> None:
    head = head_of(place.school)
    token = issue_token(head, name="test")[1]
    empty = Client().get("/api/v1/people/roster/template", headers={"Authorization": f"Bearer {token}"})
    assert empty.content.startswith(b"PK")
    assert "没有人员" in send(head, empty.content).json()["message"]
    described = Client().get("/api/v1/openapi.json").json()["paths"]
    fields = described["/api/v1/people/roster"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert fields
