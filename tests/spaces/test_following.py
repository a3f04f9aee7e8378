"""Following authors and spaces, on the site and over the API."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection

from cms.people.models import User
from cms.spaces.actions import (
    ensure_personal_space,
    ensure_school_space,
    follow,
)
from cms.spaces.models import Follow, Space
from tests import factories
from tests.api.test_chain_over_api import Caller
from tests.browsing import signed_in

pytestmark = pytest.mark.django_db


def test_follow_and_unfollow_an_author_and_a_space() -> None:
    place = factories.province()
    user, author = factories.teacher(place), factories.teacher(place)
    space, school = ensure_personal_space(author), ensure_school_space(place.school)
    client = signed_in(user)
    for data, name, known in (
        ({"author": author.uuid}, author.name, False),
        ({"followed": space.uuid}, author.name, True),
        ({"followed": school.uuid}, school.name, False),
    ):
        for again in (known, True):
            answer = client.post("/space/follow/", data, follow=True).content.decode()
            said = f"{'已在关注' if again else '已关注'}{name}：新作品会送到收件箱。"
            assert f'{said} <a href="/space/inbox/">打开收件箱</a>' in answer
    assert set(Follow.objects.values_list("author", "followed")) == {(author.pk, None), (None, school.pk)}
    page = client.get("/space/").content.decode()
    assert author.name in page
    assert school.name in page
    for data in ({"author": author.uuid}, {"followed": school.uuid}, {"followed": school.uuid}):
        client.post("/space/follow/", {**data, "undo": "1"})
    assert f"已取消关注{school.name}。" in client.get("/space/").content.decode()
    assert not Follow.objects.exists()


def test_follow_refuses_oneself_nobody_and_whoever_is_hidden() -> None:
    place = factories.province()
    user = factories.teacher(place)
    hidden = ensure_personal_space(factories.pupil(place))
    client = signed_in(user)
    answer = client.post("/space/follow/", {"author": user.uuid, "next": "/space/"}, follow=True)
    assert "不用关注自己" in answer.content.decode()
    for data in ({}, {"author": uuid4()}, {"author": "x"}, {"followed": hidden.uuid}):
        assert client.post("/space/follow/", data).status_code == 404
    assert not Follow.objects.exists()


@pytest.mark.parametrize("by", ["site", "api"])
def test_who_follows_a_persons_space_follows_the_person_once(by: str) -> None:
    place = factories.province()
    user, author = factories.teacher(place), factories.teacher(place)
    mine, other = ensure_personal_space(user), ensure_personal_space(author)
    client, caller = signed_in(user), Caller(user)

    def send(method: str, **whom: object) -> None:
        (name,) = whom
        if by == "site":
            given = {"followed" if name == "space" else name: whom[name], **({"undo": "1"} if method != "post" else {})}
            assert client.post("/space/follow/", given).status_code == 302
        else:
            said = {name: str(whom[name])}
            assert caller.send(method, f"/spaces/{mine.uuid}/follows", said).status_code == 204

    send("post", space=other.uuid)
    send("post", author=author.uuid)
    assert [(row.author_id, row.followed_id) for row in Follow.objects.all()] == [(author.pk, None)]
    assert "取消关注" in client.get(f"/spaces/{other.uuid}/").content.decode()
    send("delete", space=other.uuid)
    assert not Follow.objects.exists()
    client.get("/")  # the message that it is over is read
    assert "取消关注" not in client.get(f"/spaces/{other.uuid}/").content.decode()


def test_own_space_is_not_followed_over_the_api_either() -> None:
    user = factories.teacher(factories.province())
    mine = ensure_personal_space(user)
    answer = Caller(user).post(f"/spaces/{mine.uuid}/follows", {"space": str(mine.uuid)})
    assert (answer.status_code, answer.json()["code"]) == (422, "following_yourself")


@pytest.mark.parametrize("method", ["post", "delete"])
@pytest.mark.parametrize("given", ["neither", "both", "nulls"])
def test_api_asks_for_exactly_one_whom_to_follow(method: str, given: str) -> None:
    place = factories.province()
    user, author = factories.teacher(place), factories.teacher(place)
    mine, school = ensure_personal_space(user), ensure_school_space(place.school)
    body = {
        "neither": {},
        "both": {"author": str(author.uuid), "space": str(school.uuid)},
        "nulls": {"author": None, "space": None},
    }[given]
    answer = Caller(user).send(method, f"/spaces/{mine.uuid}/follows", body)
    assert answer.status_code == 422
    assert list(answer.json()["fields"].values()) == ["请在 author 和 space 中填且只填一项。"]
    assert not Follow.objects.exists()


def test_personal_spaces_followed_before_are_followed_by_their_people() -> None:
    place = factories.province()
    one, two, author = (factories.teacher(place) for _number in range(3))
    own, school = ensure_personal_space(author), ensure_school_space(place.school)
    for user in (one, two, author):
        space = ensure_personal_space(user)
        Follow.objects.create(space=space, followed=own)
        Follow.objects.create(space=space, followed=school)
    follow(ensure_personal_space(one), by=one, author=author)
    import_module("cms.spaces.migrations.0016_people_for_their_spaces").follow_people(apps, connection.schema_editor())
    kept = {(row.space.owner_id, row.author_id, row.followed_id) for row in Follow.objects.select_related("space")}
    assert kept == {(user.pk, None, school.pk) for user in (one, two, author)} | {
        (user.pk, author.pk, None) for user in (one, two)
    }


def test_follows_have_a_most_and_each_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.spaces.actions.MOST_FOLLOWS", 3)
    monkeypatch.setattr("cms.spaces.views.FOLLOWS_PER_PAGE", 2)
    place = factories.province()
    user = factories.teacher(place)
    mine = ensure_personal_space(user)
    authors = [factories.teacher(place) for _number in range(4)]
    for author in (*authors, authors[0]):
        ensure_personal_space(author)
        if author != authors[3]:
            follow(mine, by=user, author=author)
    client = signed_in(user)
    answer = client.post("/space/follow/", {"author": authors[3].uuid, "next": "/space/"}, follow=True)
    assert "最多关注 3 位作者和空间" in answer.content.decode()
    refused = Caller(user).post(f"/spaces/{mine.uuid}/follows", {"author": str(authors[3].uuid)})
    assert (refused.status_code, refused.json()["code"]) == (422, "too_many_follows")
    first, second = (client.get(f"/space/?page={number}").content.decode() for number in (1, 2))
    assert [author.name in first for author in authors] == [False, True, True, False]
    assert [author.name in second for author in authors] == [True, False, False, False]
    assert 'href="?page=2"' in first


@pytest.mark.parametrize("by", ["site", "api"])
def test_one_may_follow_only_an_author_whom_one_may_see(by: str) -> None:
    place = factories.province()
    user = factories.teacher(place)
    mine = ensure_personal_space(user)
    writer, coauthor, beginner, with_space, known, left = (factories.teacher(place) for _number in range(6))
    factories.resource(place, beginner)
    work = factories.resource(place, writer)
    work.coauthors.create(user=coauthor)
    factories.shared(place, writer, work)
    Space.objects.filter(owner=writer).update(is_private=True)  # as of somebody who has become a mere parent
    ensure_personal_space(with_space)
    follow(mine, by=user, author=known)
    User.objects.filter(pk=left.pk).update(is_active=False)
    follow(mine, by=user, author=left)
    pupil, private = factories.pupil(place, place.other_school), factories.pupil(place)
    ensure_personal_space(private)
    seen = (writer, coauthor, with_space, known)
    unseen = (pupil, private, beginner, left, factories.parent(place, pupil))
    before = set(Follow.objects.values_list("author", flat=True))
    client, caller = signed_in(user), Caller(user)
    for author in (*seen, *unseen):
        if by == "site":
            answer = client.post("/space/follow/", {"author": author.uuid, "next": "/space/"})
        else:
            answer = caller.post(f"/spaces/{mine.uuid}/follows", {"author": str(author.uuid)})
        assert (answer.status_code != 404) == (author in seen), author
    assert set(Follow.objects.values_list("author", flat=True)) == before | {author.pk for author in seen}
    page = client.get("/space/").content.decode()
    assert not any(author.name in page for author in unseen if author != left)


@pytest.mark.parametrize("by", ["site", "api"])
def test_whom_one_follows_one_may_cease_to_follow_though_nobody_sees_them_any_more(by: str) -> None:
    place = factories.province()
    user, author = factories.teacher(place), factories.teacher(place)
    school = ensure_school_space(place.school)
    mine = ensure_personal_space(user)
    follow(mine, by=user, author=author)
    follow(mine, by=user, followed=school)
    User.objects.filter(pk=author.pk).update(is_active=False)
    Space.objects.filter(pk=school.pk).update(is_private=True)
    client, caller = signed_in(user), Caller(user)
    for whom, name in ((author.uuid, "author"), (school.uuid, "followed"), (uuid4(), "author")):
        if by == "site":
            assert client.post("/space/follow/", {name: whom}).status_code == 404
            assert client.post("/space/follow/", {name: whom, "undo": "1"}).status_code == 302
        else:
            said = {"author" if name == "author" else "space": str(whom)}
            assert caller.send("delete", f"/spaces/{mine.uuid}/follows", said).status_code == 204
    assert not Follow.objects.exists()
