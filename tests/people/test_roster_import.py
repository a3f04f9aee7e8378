"""A roster is checked by row and column, and written whole, in part, or not at all; twice is once."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from cms.audit.models import Entry
from cms.organisations.models import Department, Organisation
from cms.people.errors import NothingToImport, RosterHasProblems
from cms.people.history import lines_for
from cms.people.models import Guardianship, Membership, PupilProfile, RosterDraft, TeachingProfile, User
from cms.people.roster import drafts
from cms.people.roster.applying import Imported, import_roster
from cms.people.roster.checking import check
from cms.people.roster.identity import fingerprint
from cms.people.roster.planned import Outcome, Plan
from cms.people.roster.reading import read
from cms.people.signals import profile_changed
from tests import factories
from tests.factories import Province
from tests.people.rosters import line, number, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(place: Province) -> User:
    """The administrator of the school."""
    return factories.person("administrator", place.school)


def plan(by: User, place: Organisation, *rows: list[Any]) -> Plan:
    return check(read(workbook(*rows)), by=by, organisation=place)


def problems(by: User, place: Organisation, *rows: list[Any]) -> list[tuple[int, str]]:
    return [(p.row.line, flaw.column) for p in plan(by, place, *rows).rows for flaw in p.problems]


def load(by: User, place: Organisation, *rows: list[Any], only_clean: bool = False) -> Imported:
    return import_roster(read(workbook(*rows)), by=by, organisation=place, only_clean=only_clean)


TEACHER = line(
    姓名="顾清如", 登录名="guqr", 身份证件号=number(1), 角色="教师、校级审核员", 学段="小学", 学科="数学",
    年级="三年级", 邮箱="gu@example.org",
)  # fmt: skip
MOTHER = line(姓名="林婉清", 登录名="linwq", 角色="家长")
CHILD = line(
    姓名="顾小满", 登录名="p20260001", 身份证件号=number(2, born="33010620170301"), 角色="学生", 学段="小学",
    年级="三年级", 班级="三（2）班", 监护人登录名="linwq", 监护关系="母亲",
)  # fmt: skip


def test_import_makes_people_roles_profiles_and_guardians(place: Province, head: User) -> None:
    done = load(head, place.school, CHILD, TEACHER, MOTHER)  # the guardian may stand below the child
    assert (done.new, done.changed, done.unchanged, done.left_out) == (3, 0, 0, 0)
    teacher, child, mother = (User.objects.get(username=name) for name in ("guqr", "p20260001", "linwq"))
    assert sorted(Membership.objects.filter(user=teacher).values_list("role", "organisation")) == [
        ("school_reviewer", place.school.pk),
        ("teacher", place.school.pk),
    ]
    profile = TeachingProfile.objects.get(user=teacher)
    assert (profile.stage, profile.subject, list(profile.grades.all())) == (place.stage, place.subject, [place.grade])
    assert PupilProfile.objects.get(user=child).class_name == "三（2）班"
    assert Guardianship.objects.get().relation == "mother"
    assert list(Guardianship.objects.values_list("guardian", "pupil")) == [(mother.pk, child.pk)]
    assert teacher.identity_hash == fingerprint(number(1))
    first = {given.login: given.password for given in done.passwords}
    assert teacher.check_password(first["guqr"])
    assert teacher.must_change_password
    assert len(set(first.values())) == 3


def test_import_leaves_one_audit_entry_without_identity_numbers_or_passwords(place: Province, head: User) -> None:
    done = load(head, place.school, TEACHER, MOTHER)
    (entry,) = Entry.objects.filter(verb="roster:import")
    assert (entry.actor, entry.organisation_id, entry.data["new"]) == (head, place.school.pk, 2)
    assert entry.data["appointed"] == [{"login": "guqr", "role": "school_reviewer", "organisation": "3301060001"}]
    assert number(1) not in str(entry.data)
    assert done.passwords[0].password not in str(entry.data)


def test_import_leaves_an_audit_entry_of_each_person_that_tells_what_changed_and_not_to_what(
    place: Province, head: User
) -> None:
    load(head, place.school, TEACHER, MOTHER, CHILD)
    added = {entry.subject_id: entry for entry in Entry.objects.filter(verb="roster:add")}
    people = {login: User.objects.get(username=login) for login in ("guqr", "linwq", "p20260001")}
    assert set(added) == {str(person.uuid) for person in people.values()}
    assert {(entry.actor_id, entry.organisation_id) for entry in added.values()} == {(head.pk, place.school.pk)}
    of_child = added[str(people["p20260001"].uuid)].data["changes"]
    assert of_child == {"fields": ["pupil"], "roles": ["pupil"], "guardians": ["linwq"]}
    changed = line(姓名="顾清儒", 身份证件号=number(1), 角色="教师、栏目编辑", 邮箱="qr@example.org")
    load(head, place.school, changed, CHILD)
    (entry,) = Entry.objects.filter(verb="roster:change")
    assert entry.subject_id == str(people["guqr"].uuid)
    assert entry.data["changes"] == {"fields": ["name", "email"], "roles": ["editor"]}
    assert "qr@example.org" not in str(list(Entry.objects.values()))
    told = [line.text for line in lines_for(people["guqr"], reader=head)]
    assert told == [
        "按名册作了更改（西湖区求知小学）：更新姓名；更新邮箱；增加角色：栏目编辑",
        "按名册建立了账号（西湖区求知小学）：更新任教信息；增加角色：教师；增加角色：校级审核员",
    ]


def test_second_import_changes_nothing(place: Province, head: User) -> None:
    load(head, place.school, TEACHER, MOTHER, CHILD)
    before = list(User.objects.order_by("pk").values())
    with pytest.raises(NothingToImport):
        load(head, place.school, TEACHER, MOTHER, CHILD)
    assert list(User.objects.order_by("pk").values()) == before
    assert Membership.objects.filter(user__username="guqr").count() == 2
    assert plan(head, place.school, TEACHER, MOTHER, CHILD).count(Outcome.UNCHANGED) == 3


def test_import_updates_only_what_the_file_gives(place: Province, head: User) -> None:
    load(head, place.school, TEACHER, MOTHER, CHILD)
    heard = []

    def listen(user: User, profile: TeachingProfile, **kwargs: object) -> None:
        heard.append((user.username, profile.subject))

    profile_changed.connect(listen)
    try:
        done = load(
            head, place.school, line(姓名="顾清儒", 身份证件号=number(1), 角色="教师", 学科="语文"),
            line(姓名="顾小满", 登录名="P20260001", 角色="学生", 班级="三3班"),
        )  # fmt: skip
    finally:
        profile_changed.disconnect(listen)
    assert (done.new, done.changed, done.passwords) == (0, 2, [])
    teacher = User.objects.get(username="guqr")
    profile = TeachingProfile.objects.get(user=teacher)
    assert (teacher.name, teacher.email) == ("顾清儒", "gu@example.org")
    assert (profile.stage, profile.subject, list(profile.grades.all())) == (
        place.stage,
        place.other_subject,
        [place.grade],
    )
    assert Membership.objects.filter(user=teacher).count() == 2
    pupil = PupilProfile.objects.get()
    assert (pupil.grade, pupil.class_name) == (place.grade, "三3班")
    assert heard == [("guqr", place.other_subject)]


def test_import_refuses_the_whole_file_or_takes_only_clean_rows(place: Province, head: User) -> None:
    wrong = line(姓名="无名", 登录名="wuming", 角色="校长")
    with pytest.raises(RosterHasProblems) as caught:
        load(head, place.school, TEACHER, wrong)
    assert caught.value.wrong == 1
    assert not User.objects.filter(username__in=["guqr", "wuming"]).exists()
    done = load(head, place.school, TEACHER, wrong, only_clean=True)
    assert (done.new, done.left_out) == (1, 1)
    assert not User.objects.filter(username="wuming").exists()


def test_check_names_each_problem_by_row_and_column(place: Province, head: User) -> None:
    Department.objects.create(organisation=place.school, kind="research", name="教研室")
    found = problems(
        head,
        place.school,
        line(姓名="甲", 登录名="a1", 身份证件号=number(1), 角色="教师", 部门="教研室"),  # 2
        line(姓名="乙", 登录名="A1", 角色="教师"),  # 3: the login of row 2
        line(姓名="丙", 登录名="c1", 身份证件号=number(1), 角色="教师"),  # 4: the identity of row 2
        line(姓名="", 登录名="", 角色=""),  # an empty line is no person
        line(姓名="<b>丁</b>", 登录名="d 1", 角色="校长"),  # 6
        line(姓名="戊", 登录名="e1", 角色="教师", 机构代码="9999999999"),  # 7
        line(姓名="己", 登录名="f1", 角色="教师", 机构代码="3301050001"),  # 8: not in the care of this person
        line(姓名="庚", 登录名="g1", 角色="教师", 部门="炊事班", 学段="大学堂", 邮箱="no mail"),  # 9
        line(姓名="辛", 登录名="h1", 角色="教师", 学段="小学", 学科="炼丹", 年级="十年级", 班级="一班"),  # 10
        line(姓名="壬", 登录名="i1", 角色="学生、教师"),  # 11
        line(姓名="癸", 登录名="j1", 角色="学生", 监护人登录名="j1"),  # 12
        line(姓名="子", 登录名="k1", 角色="学生", 监护人登录名="nobody"),  # 13
        line(姓名="丑", 登录名="l1", 角色="学生", 学科="数学", 监护人登录名="a1、zz", 监护关系="父亲"),  # 14
        line(姓名="寅", 登录名="", 角色="教师"),  # 15: new, without a login
    )
    assert sorted(found) == sorted([
        (2, "身份证件号"), (2, "登录名"), (3, "登录名"), (4, "身份证件号"),
        (6, "姓名"), (6, "登录名"), (6, "角色"), (7, "机构代码"), (8, "机构代码"),
        (9, "部门"), (9, "学段"), (9, "邮箱"), (10, "学科"), (10, "年级"), (10, "班级"),
        (11, "角色"), (12, "监护人登录名"), (13, "监护人登录名"), (14, "学科"), (14, "监护关系"), (15, "登录名"),
    ])  # fmt: skip


def test_guardian_must_be_a_parent_in_a_clean_row_or_in_the_system(place: Province, head: User) -> None:
    teacher = factories.teacher(place)
    child = line(姓名="顾小满", 登录名="p1", 角色="学生", 监护人登录名=teacher.username)
    assert problems(head, place.school, child) == [(2, "监护人登录名")]
    upgraded = line(姓名=teacher.name.replace("1", "一"), 登录名=teacher.username, 角色="家长")
    upgraded[0] = "教师某"
    assert problems(head, place.school, child, upgraded) == []
    broken = line(姓名="教师某", 登录名=teacher.username, 角色="家长", 邮箱="x")
    assert problems(head, place.school, child, broken) == [(2, "监护人登录名"), (3, "邮箱")]
    assert problems(head, place.school, line(姓名="满", 登录名="p1", 角色="学生", 监护人登录名="p1")) == [
        (2, "监护人登录名")
    ]


def test_identity_and_login_must_be_of_one_person(place: Province, head: User) -> None:
    load(head, place.school, TEACHER, MOTHER)
    assert problems(head, place.school, line(姓名="顾清如", 登录名="linwq", 身份证件号=number(1), 角色="教师")) == [
        (2, "身份证件号")
    ]
    assert problems(head, place.school, line(姓名="顾清如", 登录名="guqr", 身份证件号=number(3), 角色="教师")) == [
        (2, "登录名")
    ]
    assert problems(head, place.school, line(姓名="新人", 登录名="xinren", 身份证件号=number(1), 角色="教师")) == [
        (2, "身份证件号")
    ]


def test_somebody_of_another_place_is_found_by_identity_and_otherwise_left_alone(place: Province, head: User) -> None:
    """A login alone must not let a school rewrite the mail, and so take the account, of the province's people."""
    chief = factories.person("administrator", place.province, name="许明远")
    chief.identity_hash = fingerprint(number(7))
    chief.save()
    taken = line(姓名="许明远", 登录名=chief.username, 角色="教师", 邮箱="mine@example.org")
    assert problems(head, place.school, taken) == [(2, "登录名")]
    other_mail = line(姓名="许明远", 身份证件号=number(7), 角色="教师", 邮箱="mine@example.org")
    assert problems(head, place.school, other_mail) == [(2, "邮箱")]
    other_name = line(姓名="许远", 身份证件号=number(7), 角色="教师")
    assert problems(head, place.school, other_name) == [(2, "姓名")]
    load(head, place.school, line(姓名="许明远", 身份证件号=number(7), 角色="教师"))
    chief.refresh_from_db()
    assert chief.email != "mine@example.org"
    assert {m.organisation_id for m in chief.memberships.all()} == {place.province.pk, place.school.pk}


@pytest.mark.parametrize(
    ("tier", "target", "role", "allowed"),
    [
        ("school", "school", "管理员", True),
        ("county", "school", "管理员", False),
        ("county", "county", "发布员", True),
        ("county", "school", "教师", True),
        ("county", "county", "学生", False),
        ("county", "county", "校级审核员", False),
        ("county", "other_school", "教师", False),
        ("province", "school", "管理员", True),
        ("province", "county", "发布员", True),
        ("province", "province", "运维人员", True),
        ("city", "city", "运维人员", False),
    ],
)
def test_roles_are_given_by_whoever_may(place: Province, tier: str, target: str, role: str, allowed: bool) -> None:
    by = factories.person("administrator", getattr(place, tier))
    row = line(姓名="新人", 登录名="xinren", 角色=role, 机构代码=getattr(place, target).code)
    assert (problems(by, getattr(place, tier), row) == []) is allowed


def test_import_is_refused_to_whoever_does_not_administer_the_place(place: Province, head: User) -> None:
    for user in (factories.teacher(place), factories.person("administrator", place.other_county), head):
        target = place.county if user == head else place.school
        with pytest.raises(PermissionDenied):
            load(user, target, MOTHER)


def test_deactivated_people_are_not_written(place: Province, head: User) -> None:
    teacher = factories.teacher(place)
    User.objects.filter(pk=teacher.pk).update(is_active=False)
    assert problems(head, place.school, line(姓名="教师", 登录名=teacher.username, 角色="教师")) == [(2, "登录名")]


def test_check_asks_the_same_number_of_queries_for_any_number_of_rows(
    place: Province, head: User, django_assert_max_num_queries: Any
) -> None:
    load(head, place.school, TEACHER, MOTHER, CHILD)
    many = [line(姓名="某某", 登录名=f"t{n}", 角色="教师", 学段="小学", 监护人登录名="") for n in range(40)]
    for rows in ([TEACHER], [TEACHER, MOTHER, CHILD, *many]):
        with django_assert_max_num_queries(15):
            plan(head, place.school, *rows)


def test_large_roster_is_written_with_few_queries(
    place: Province, head: User, django_assert_max_num_queries: Any
) -> None:
    rows = [line(姓名="某某", 登录名=f"t{n}", 角色="教师", 学段="小学", 学科="数学", 年级="三年级") for n in range(300)]
    sheet = read(workbook(*rows))
    with django_assert_max_num_queries(45):
        assert import_roster(sheet, by=head, organisation=place.school).new == 300


def test_draft_belongs_to_its_uploader_and_expires(place: Province, head: User) -> None:
    sheet = read(workbook(TEACHER))
    draft = drafts.keep(sheet, user=head, organisation=place.school, file_name="名册\u202e.xlsx")
    assert drafts.sheet_of(drafts.fetch(draft.uuid, user=head)) == sheet
    assert draft.file_name == "名册.xlsx"
    assert number(1) not in str(draft.sheet)
    with pytest.raises(Http404):
        drafts.fetch(draft.uuid, user=factories.person("administrator", place.school))
    RosterDraft.objects.update(created_at=timezone.now() - drafts.LIFE * 2)
    with pytest.raises(Http404):
        drafts.fetch(draft.uuid, user=head)
    drafts.keep(sheet, user=factories.person("administrator", place.county), organisation=place.county, file_name="x")
    assert not RosterDraft.objects.filter(user=head).exists()


def test_who_left_another_school_disabled_is_enabled_by_others(place: Province, head: User) -> None:
    """The list of the new school does not show such a person: it cannot be told to look there."""
    load(head, place.school, CHILD, MOTHER)
    child = User.objects.get(username="p20260001")
    User.objects.filter(pk=child.pk).update(is_active=False)
    (own,) = (row for row in plan(head, place.school, CHILD, MOTHER).rows if row.person is None)
    assert "请先在人员名单里启用" in own.problems[0].sentence
    Membership.objects.filter(user=child).update(until=timezone.now())
    (left,) = (row for row in plan(head, place.school, CHILD, MOTHER).rows if row.person is None)
    assert "请联系这个人原来的学校或上级管理员启用" in left.problems[0].sentence
