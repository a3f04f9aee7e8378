"""Who asked for a work by name is told of it, once, and looked up from what they asked for."""

from typing import Any

import pytest
from django.db import connection

from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.outbox.worker import drain
from cms.people.models import Membership, User
from cms.spaces.actions import add_interest, ensure_personal_space, follow, set_hidden
from cms.spaces.models import Space
from search.push import settling, telling
from tests import factories
from tests.factories.province import Province
from tests.search.effort import COUNTED, steps
from tests.search.pushing import add_school
from workflows.review.actions.publishing import retire
from workflows.sharing.actions import recall_share, share_work

pytestmark = pytest.mark.django_db


def reader(place: Province, **more: Any) -> tuple[User, Space]:
    user = factories.person("teacher", more.pop("at", place.school))
    User.objects.filter(pk=user.pk).update(email=f"t{user.pk}@example.cn")
    space = ensure_personal_space(user)
    if more:
        add_interest(space, by=user, **more)
    return user, space


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user, topic=Topic.PUSHED).values_list("text", flat=True))


def test_followers_are_told_once_and_only_those_who_may_see_it() -> None:
    place = factories.province()
    author = factories.teacher(place)
    follower, space = reader(place)
    stranger, elsewhere = reader(place, at=place.other_school)
    bystander, _space = reader(place, subject_id=place.subject.pk)
    follow(space, by=follower, author=author)
    follow(elsewhere, by=stranger, author=author)
    share = factories.shared(place, author)
    drain()
    settling.settle(share.work)
    assert told(follower) == [f"{author.name}分享了《{share.work.title}》，已送到您的收件箱。"]
    assert told(bystander) == []
    assert told(stranger) == []
    assert told(author) == []


def test_who_asked_not_to_see_it_is_not_told() -> None:
    place = factories.province()
    author = factories.teacher(place)
    colleague, its_space = reader(place)
    other, space = reader(place)
    for user, held in ((colleague, its_space), (other, space)):
        follow(held, by=user, author=author)
    work = factories.published(place, author).work
    set_hidden(its_space, work, by=colleague, hidden=True)  # the own school sees what is not shared yet
    share_work(work, scope=place.county, by=factories.person("publisher", place.county))
    drain()
    assert [len(told(user)) for user in (colleague, other)] == [0, 1]


def test_large_audience_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    place = factories.province()
    author = factories.teacher(place)
    followers = [reader(place) for _ in range(3)]
    for user, space in followers:
        follow(space, by=user, author=author)
    monkeypatch.setattr(telling, "MOST_TOLD", 2)
    factories.shared(place, author)
    drain()
    assert [told(user) for user, _space in followers] == [[], [], []]


@COUNTED
def test_who_is_told_is_looked_up_from_those_who_asked_whatever_the_number_of_members() -> None:
    place = factories.province()
    author = factories.teacher(place)
    follower, space = reader(place)
    follow(space, by=follower, author=author)
    share = factories.shared(place, author)
    audiences = list(settling.audiences(share.work, settling.standing_shares(share.work), []))
    needed = []
    for members in (0, 2_000):
        people = User.objects.bulk_create(User(username=f"m{number}", name="教师") for number in range(members))
        Membership.objects.bulk_create(
            Membership(user=person, organisation=place.school, role="teacher") for person in people
        )
        Space.objects.bulk_create(Space(kind="personal", owner=person, name="空间") for person in people)
        Notice.objects.filter(recipient=follower).delete()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # the plan is that of a large installation
        with steps() as found:
            assert telling.tell_of_push(share.work, audiences) == 1
        needed.append(found[0])
    assert needed[1] < needed[0] * 1.5


def unread(user: User) -> int:
    return Notice.objects.filter(recipient=user, topic=Topic.PUSHED, read_at=None).count()


def test_what_was_told_of_a_recalled_work_is_settled_for_whom_it_is_gone() -> None:
    place = factories.province()
    author = factories.teacher(place)
    neighbour, elsewhere = add_school(place), add_school(place, "3301060003", "西湖区古荡小学")
    near, its_space = reader(place, at=neighbour)
    far, other = reader(place, at=elsewhere)
    for user, space in ((near, its_space), (far, other)):
        follow(space, by=user, author=author)
    publisher = factories.person("publisher", place.county)
    work = factories.published(place, author).work
    shares = [share_work(work, scope=scope, by=publisher) for scope in (neighbour, place.county)]
    drain()
    assert [unread(user) for user in (near, far)] == [1, 1]
    recall_share(shares[1], by=publisher, reason="只给一所学校用")
    assert [unread(user) for user in (near, far)] == [1, 0]
    recall_share(shares[0], by=publisher, reason="有错")
    assert unread(near) == 0


def test_what_was_told_of_a_retired_work_is_settled() -> None:
    place = factories.province()
    author = factories.teacher(place)
    follower, space = reader(place)
    follow(space, by=follower, author=author)
    share = factories.shared(place, author)
    drain()
    retire(share.submission, by=factories.person("publisher", place.county), reason="有错")
    assert unread(follower) == 0
