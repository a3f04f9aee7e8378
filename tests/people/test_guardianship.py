"""Who is nobody's parent any more sees no child: the guardianship was ended, or the role of a parent was."""

import pytest
from django.test import Client
from django.urls import reverse

from cms.audit.models import Entry
from cms.people.accounts import end_membership
from cms.people.models import Guardianship, Membership, User
from cms.people.queries import wards
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.people.rosters import line
from tests.people.test_roster_import import load, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def child(place: Province) -> User:
    return factories.person("pupil", place.school, name="吴思远")


@pytest.fixture
def parent(place: Province, child: User) -> User:
    return factories.parent(place, child)


@pytest.fixture
def head(place: Province) -> User:
    return factories.person("administrator", place.school, name="周正")


def ending(pupil: User, guardian: User) -> str:
    guardianship = Guardianship.objects.get(guardian=guardian, pupil__name="吴思远")
    return reverse("people_admin:end_guardianship", args=[pupil.uuid, guardianship.pk])


def sees(parent: User, child: User) -> bool:
    client = signed_in(parent)
    listed = "吴思远" in client.get("/children/").content.decode()
    assert (client.get(f"/children/{child.uuid}/").status_code == 200) is listed
    return listed


def test_administrator_ends_a_guardianship_on_the_page_of_the_pupil(
    head: User, child: User, parent: User, place: Province
) -> None:
    other = factories.parent(place, child)
    page = reverse("people_admin:person", args=[child.uuid])
    client = signed_in(head)
    assert ending(child, parent) in client.get(page).content.decode()
    assert sees(parent, child)
    answer = client.post(ending(child, parent), follow=True).content.decode()
    assert f"已结束：{parent.name}不再能看到吴思远的学习情况" in answer
    assert ending(child, parent) not in answer
    assert ending(child, other) in answer
    assert f"结束了监护关系：{parent.username}" in answer
    assert (sees(parent, child), sees(other, child)) == (False, True)
    client.post(ending(child, parent))
    (entry,) = Entry.objects.filter(verb="guardianship:end")
    assert (entry.actor, entry.subject_id, entry.data) == (head, str(child.uuid), {"guardian": parent.username})


def test_nobody_else_ends_a_guardianship(place: Province, head: User, child: User, parent: User) -> None:
    address = ending(child, parent)
    strangers = [
        factories.person("administrator", place.other_school), factories.person("operator", place.province),
        factories.teacher(place), parent,
    ]  # fmt: skip
    for user in strangers:
        assert signed_in(user).post(address).status_code in (302, 404), user  # a parent has no workbench
    assert signed_in(head).post(ending(factories.pupil(place), parent)).status_code == 404  # the address of another
    Membership.objects.create(user=child, organisation=place.other_school, role="pupil")
    page = signed_in(head).get(reverse("people_admin:person", args=[child.uuid])).content.decode()
    assert parent.username in page
    assert address not in page
    assert signed_in(head).post(address).status_code == 404
    assert sees(parent, child)


def test_parent_whose_role_is_over_sees_no_child(head: User, child: User, parent: User) -> None:
    end_membership(parent.memberships.get(), by=head)
    assert not sees(parent, child)
    assert list(wards(parent)) == []
    assert "吴思远" not in Client().get("/children/", follow=True).content.decode()


def test_roster_says_that_it_brings_back_what_was_ended(place: Province, head: User) -> None:
    mother = line(姓名="林婉清", 登录名="linwq", 角色="家长")
    row = line(姓名="吴思远", 登录名="wusy", 角色="学生", 监护人登录名="LINWQ", 监护关系="母亲")
    load(head, place.school, mother, row)
    child = User.objects.get(username="wusy")
    signed_in(head).post(ending(child, User.objects.get(username="linwq")))
    assert [planned.changes for planned in plan(head, place.school, row).rows] == [["恢复已结束的监护：linwq"]]
    assert list(wards(User.objects.get(username="linwq"))) == []
    load(head, place.school, row)
    assert list(wards(User.objects.get(username="linwq"))) == [child]
    row[-1] = "其他监护人"
    assert [planned.changes for planned in plan(head, place.school, row).rows] == [["更新监护关系：linwq"]]
