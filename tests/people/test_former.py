"""Whoever went to another school is no business of the former one, but for what they were there."""

import pytest
from django.urls import reverse

from cms.people.accounts import end_membership, reset_password, set_active
from cms.people.models import Guardianship, Membership, User
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.people.rosters import line
from tests.people.test_roster_import import load

pytestmark = pytest.mark.django_db


def page_of(person: User, reader: User) -> str:
    return signed_in(reader).get(reverse("people_admin:person", args=[person.uuid])).content.decode()


def row_of(person: User, reader: User) -> str:
    """The line of the person in the list."""
    page = signed_in(reader).get(reverse("people_admin:list"), {"q": person.username}).content.decode()
    return next(row for row in page.split("<tr>") if str(person.uuid) in row)


def test_former_school_sees_what_the_pupil_was_there_and_nothing_of_today(place: Province) -> None:
    old = factories.person("administrator", place.school, name="旧校主任")
    new = factories.person("administrator", place.other_school, name="新校主任")
    load(old, place.school, line(姓名="吴思远", 登录名="wusy", 角色="学生"))
    child = User.objects.get(username="wusy")
    factories.parent(place, child)
    reset_password(child, by=old)
    end_membership(child.memberships.get(), by=old)
    Membership.objects.create(user=child, organisation=place.other_school, role="pupil")
    load(new, place.other_school, line(姓名="吴思远", 登录名="wusy", 角色="学生", 邮箱="new@example.org"))
    guardian = Guardianship.objects.get().guardian
    reset_password(child, by=new)
    Membership.objects.create(user=new, organisation=place.school, role="teacher")  # who was not there at that time
    child.refresh_from_db()
    assert signed_in(child).get("/me/").status_code == 302  # signed in, with a first password
    child.refresh_from_db()
    assert child.last_login is not None
    day = child.last_login.strftime("%Y-")

    before = page_of(child, old)
    for seen in ("吴思远", "旧校主任", "按名册建立了账号", "结束了任职"):
        assert seen in before, seen
    for hidden in (
        "new@example.org", "新校主任", str(place.other_school), "更新邮箱", "还没有换掉初始密码", guardian.username
    ):  # fmt: skip
        assert hidden not in before, hidden
    assert before.count("重设了密码") == 1
    assert day not in row_of(child, old)

    for reader in (new, factories.person("administrator", place.province)):
        now = page_of(child, reader)
        for seen in ("new@example.org", "新校主任", "更新邮箱", "还没有换掉初始密码", guardian.username, "旧校主任"):
            assert seen in now, seen
        assert now.count("重设了密码") == 2
        assert day in row_of(child, reader)


def listed(person: User, reader: User, state: str) -> bool:
    page = signed_in(reader).get(reverse("people_admin:list"), {"q": person.username, "state": state})
    return str(person.uuid) in page.content.decode()


def test_former_school_does_not_learn_whether_the_account_is_in_use(place: Province) -> None:
    old, new = (factories.person("administrator", school) for school in (place.school, place.other_school))
    child = factories.person("pupil", place.school)
    end_membership(child.memberships.get(), by=old)
    Membership.objects.create(user=child, organisation=place.other_school, role="pupil")
    before = page_of(child, old), row_of(child, old)
    assert "此人已不在您管理的机构，账号由现在的学校管理。" in before[0]
    set_active(child, active=False, by=new)

    for hidden in ("账号已停用", "停用了", "（已停用）", "此人同时属于您管理范围以外的机构"):
        assert hidden not in page_of(child, old), hidden
    assert row_of(child, old) == before[1]
    assert [listed(child, old, state) for state in ("", "inactive", "all")] == [True, False, True]

    assert "账号已停用" in page_of(child, new)
    assert [listed(child, new, state) for state in ("", "inactive", "all")] == [False, True, True]
    page = signed_in(new).get(reverse("people_admin:list"), {"q": child.username, "state": "all"})
    assert "（已停用）" in page.content.decode()


def test_last_school_still_finds_whom_it_has_deactivated(place: Province) -> None:
    """Nobody else looks after whoever is nowhere now."""
    head = factories.person("administrator", place.school)
    teacher = factories.teacher(place)
    end_membership(teacher.memberships.get(), by=head)
    set_active(teacher, active=False, by=head)
    assert "账号已停用" in page_of(teacher, head)
    assert [listed(teacher, head, state) for state in ("", "inactive", "all")] == [False, True, True]


def test_school_sees_the_account_of_whoever_is_there_as_well_as_elsewhere(place: Province) -> None:
    head = factories.person("administrator", place.school)
    teacher = factories.teacher(place)
    Membership.objects.create(user=teacher, organisation=place.other_school, role="teacher")
    page = page_of(teacher, head)
    assert teacher.email in page
    assert "此人同时属于您管理范围以外的机构" in page
