"""Spaces of pupils and parents: the inbox opens on their grade, courses first; no shelf that can never be filled."""

from typing import Any

import pytest

from cms.people.models import PupilProfile, User
from cms.spaces.actions import ensure_personal_space, introduce
from cms.spaces.delivering import deliver
from cms.spaces.models import Follow, ShelfItem
from cms.taxonomy.models import Grade
from tests import factories
from tests.browsing import queries_of, signed_in
from tests.factories.province import Province

pytestmark = pytest.mark.django_db
INBOX = "/space/inbox/"


def pushed(place: Province, title: str, *, course: bool = False, grade: Grade | None = None) -> None:
    author = factories.teacher(place)
    make = factories.micro_course if course else factories.resource
    share = factories.shared(place, author, make(place, author, title=title, **of(grade)))
    deliver(share.work, [(f"o{place.county.pk}", "tier")])


def of(grade: Grade | None) -> dict[str, Any]:
    return {"grade": grade, "textbook": None, "chapter": None} if grade else {}


def learner(place: Province, *, parent: bool) -> User:
    child = factories.pupil(place)
    PupilProfile.objects.create(user=child, grade=place.grade)
    return factories.parent(place, child) if parent else child


def titles(user: User, address: str = INBOX) -> list[str]:
    page = signed_in(user).get(address).content.decode()
    named = ("三年级的资料", "三年级的课程", "六年级的资料")
    return sorted((title for title in named if title in page), key=page.index)


@pytest.mark.parametrize("parent", [False, True])
def test_inbox_opens_on_the_grade_with_courses_first(parent: bool) -> None:
    place = factories.province()
    user = learner(place, parent=parent)
    sixth = Grade.objects.create(stage=place.stage, name="六年级", order=6)
    pushed(place, "三年级的课程", course=True)
    pushed(place, "六年级的资料", grade=sixth)
    pushed(place, "三年级的资料")
    assert titles(user) == ["三年级的课程", "三年级的资料"]
    assert titles(user, f"{INBOX}?all=1") == ["三年级的资料", "六年级的资料", "三年级的课程"]
    page = signed_in(user).get(INBOX).content.decode()
    assert "适合三年级的" in page
    assert "共 2 件，课程在前。" in page
    assert "收件箱里有 2 件适合三年级的作品。" in signed_in(user).get("/space/").content.decode()
    Follow.objects.create(space=ensure_personal_space(user), author=factories.teacher(place))
    assert "适合三年级和我关注的" in signed_in(user).get(INBOX).content.decode()
    assert "适合三年级和您关注的作品。" in signed_in(user).get("/space/").content.decode()


@pytest.mark.parametrize("parent", [False, True])
def test_learners_are_offered_nothing_of_those_who_write(parent: bool) -> None:
    place = factories.province()
    client = signed_in(learner(place, parent=parent))
    page = client.get("/space/").content.decode()
    for words in ("我的积分", 'id="introduction"', "待我审核"):
        assert words not in page
    assert ("我的孩子" in page) == parent
    assert "评审" not in client.get("/notices/").content.decode()
    page = client.get("/notices/preferences/").content.decode()
    assert "推送给我的资源" in page
    for words in ("等我评审", "我的作品有进展"):
        assert words not in page
    page = signed_in(factories.teacher(place)).get("/space/").content.decode()
    for words in ("我的积分", 'id="introduction"'):
        assert words in page


def test_what_a_learners_space_once_said_can_be_taken_back() -> None:
    place = factories.province()
    user = learner(place, parent=False)
    introduce(ensure_personal_space(user), "我爱数学", by=user)
    assert "我爱数学" in signed_in(user).get("/space/").content.decode()


def test_pages_of_courses_and_of_all_else_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.spaces.inbox_views.PER_PAGE", 2)
    place = factories.province()
    user = learner(place, parent=False)
    for number in range(3):
        pushed(place, f"第{number}件资料")
        pushed(place, f"第{number}门课程", course=True)
    found = []
    for page in (1, 2, 3):
        text = signed_in(user).get(f"{INBOX}?page={page}").content.decode()
        named = [f"第{n}{what}" for what in ("门课程", "件资料") for n in range(3)]
        found += sorted((title for title in named if title in text), key=text.index)
    assert found == ["第2门课程", "第1门课程", "第0门课程", "第2件资料", "第1件资料", "第0件资料"]


def test_what_one_follows_comes_whatever_its_grade() -> None:
    place = factories.province()
    user, author = learner(place, parent=False), factories.teacher(place)
    sixth = Grade.objects.create(stage=place.stage, name="六年级", order=6)
    work = factories.resource(place, author, title="六年级的资料", **of(sixth))
    share = factories.shared(place, author, work)
    deliver(share.work, [(f"o{place.county.pk}", "tier"), (f"a{author.pk}", "followed_author")])
    assert titles(user) == []
    Follow.objects.create(space=ensure_personal_space(user), author=author)
    assert titles(user) == ["六年级的资料"]


def test_inbox_of_whom_the_roster_knows_no_grade_shows_all() -> None:
    place = factories.province()
    pushed(place, "三年级的资料")
    assert titles(factories.pupil(place)) == ["三年级的资料"]


def test_inbox_of_a_grade_costs_the_same_with_one_and_with_three() -> None:
    place = factories.province()
    user, counts = learner(place, parent=True), []
    for number in (1, 2):
        for _more in range(number):
            pushed(place, "三年级的课程", course=True)
            pushed(place, "三年级的资料")
        counts.append(queries_of(signed_in(user), INBOX))
    assert counts[0] == counts[1]


def test_shelf_and_points_stand_where_something_can_stand_there() -> None:
    place = factories.province()
    pupil, teacher = learner(place, parent=False), factories.teacher(place)
    was_teacher = learner(place, parent=True)
    work = factories.published(place).work
    ShelfItem.objects.create(space=ensure_personal_space(was_teacher), work=work, version=1, added_by=was_teacher)
    for user, stands in ((pupil, False), (teacher, True), (was_teacher, True)):
        for address in ("/space/", INBOX, "/space/interests/"):
            page = signed_in(user).get(address).content.decode()
            assert ('href="/space/shelf/"' in page) is stands
            assert ('<a href="/space/statement/"' in page.split('class="tabs"')[1]) is stands
        assert ('id="s-shelf"' in signed_in(user).get("/space/").content.decode()) is stands
