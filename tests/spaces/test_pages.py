"""Other people's spaces, shelf, interests and follows on the site; what holds for all of these pages."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from cms.outbox.worker import drain
from cms.people.models import User
from cms.spaces.actions import (
    add_interest,
    ensure_personal_space,
    ensure_school_space,
    follow,
    mark_inbox_seen,
)
from cms.spaces.errors import EmptyInterest, InterestMismatch, TooManyInterests
from cms.spaces.models import Delivery, Follow, Mark, Space
from cms.taxonomy.models import Grade, Stage
from tests import factories
from tests.api.test_chain_over_api import Caller
from tests.browsing import queries_of, signed_in
from tests.english import read_in_english
from tests.spaces.inboxes import in_inbox
from workflows.sharing.actions import adopt, recall_share
from workflows.sharing.models import Adoption

pytestmark = pytest.mark.django_db


# --- other people's -------------------------------------------------------------------------------------------------


def test_space_of_a_school_is_tended_by_its_administrators_only() -> None:
    place = factories.province()
    space = ensure_school_space(place.school)
    tender = factories.person("administrator", place.school)
    others = [factories.teacher(place), factories.person("administrator", place.other_school), factories.pupil(place)]
    pages = ["/space/", "/space/inbox/", "/space/shelf/", "/space/interests/", "/space/statement/"]
    for page in pages:
        assert space.name in signed_in(tender).get(f"{page}?space={space.uuid}").content.decode()
        for user in others:
            assert signed_in(user).get(f"{page}?space={space.uuid}").status_code == 404
        assert signed_in(tender).get(f"{page}?space=nonsense").status_code == 404
        assert Client().get(page).status_code == 302


def test_pupils_space_is_not_found_by_others() -> None:
    place = factories.province()
    pupil = factories.person("pupil", place.school, name="沈嘉禾")
    space = ensure_personal_space(pupil)
    for user in (factories.teacher(place), factories.pupil(place), factories.person("administrator", place.province)):
        for address in (f"/spaces/{space.uuid}/", f"/authors/{pupil.uuid}/"):
            answer = signed_in(user).get(address)
            assert answer.status_code == 404
            assert "沈嘉禾" not in answer.content.decode()
    assert signed_in(pupil).get(f"/spaces/{space.uuid}/").status_code == 200


def test_front_page_shows_only_what_the_reader_may_see() -> None:
    place = factories.province()
    author = factories.teacher(place)
    factories.shared(place, author, factories.resource(place, author, title="共享的课"))
    factories.published(place, author, factories.resource(place, author, title="校内的课"))
    factories.resource(place, author, title="草稿的课")
    space = ensure_personal_space(author)
    near = factories.person("teacher", place.county)
    for user, seen in ((near, (True, False, False)), (author, (True, True, False))):
        page = signed_in(user).get(f"/spaces/{space.uuid}/").content.decode()
        assert tuple(title in page for title in ("共享的课", "校内的课", "草稿的课")) == seen
    assert signed_in(near).get(f"/authors/{author.uuid}/").headers["Location"] == f"/spaces/{space.uuid}/"
    assert signed_in(near).get(f"/authors/{uuid4()}/").status_code == 404


def test_front_page_of_a_shelf_hides_what_the_reader_may_not_see() -> None:
    place = factories.province()
    keeper = factories.teacher(place)
    author = factories.teacher(place)
    hidden = factories.published(place, author, factories.resource(place, author, title="只给本校")).work
    adopt(hidden, ensure_personal_space(keeper), by=keeper)
    address = f"/spaces/{ensure_personal_space(keeper).uuid}/"
    assert "只给本校" in signed_in(factories.teacher(place)).get(address).content.decode()
    assert "只给本校" not in signed_in(factories.teacher(place, place.other_school)).get(address).content.decode()


@pytest.mark.parametrize("page", ["/space/", "/space/shelf/", "front"])
def test_shelf_and_fronts_cost_the_same_with_one_and_with_three(page: str) -> None:
    place = factories.province()
    user = factories.teacher(place)
    space = ensure_personal_space(user)
    counts = []
    for number in (1, 2):
        for _more in range(number):
            adopt(in_inbox(place, user), space, by=user)
            factories.published(place, user)
        counts.append(queries_of(signed_in(user), f"/spaces/{space.uuid}/" if page == "front" else page))
    assert counts[0] == counts[1]


def test_shelf_says_what_is_gone_and_what_is_newer() -> None:
    place = factories.province()
    near = factories.person("teacher", place.county)
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, title="被收回的课"))
    adopt(share.work, ensure_personal_space(near), by=near)
    recall_share(share, by=share.shared_by, reason="教材改版")
    page = signed_in(near).get("/space/shelf/").content.decode()
    assert "被收回的课" in page
    assert "打不开了" in page


# --- interests and follows ------------------------------------------------------------------------------------------


def test_interests_are_added_and_dropped_once() -> None:
    place = factories.province()
    user = factories.person("teacher", place.school)
    client = signed_in(user)
    for said in ("已添加", "已在关注这些内容"):
        answer = client.post("/space/interests/", {"stage": place.stage.pk, "subject": place.subject.pk}, follow=True)
        assert said in answer.content.decode()
    space = Space.objects.get(owner=user)
    (row,) = space.interests.all()
    page = client.get("/space/interests/").content.decode()
    assert "小学 · 数学 · 年级不限 · 版本不限" in page
    for _time in range(2):
        assert client.post(f"/space/interests/{row.pk}/drop/").status_code == 302
    assert client.get("/space/interests/").content.decode().count("已去掉“小学·数学”") == 1
    assert not space.interests.exists()


def test_interests_that_say_nothing_or_do_not_fit_are_refused_with_a_sentence() -> None:
    place = factories.province()
    user = factories.person("teacher", place.school)
    space = ensure_personal_space(user)
    other = Stage.objects.create(code="junior", name="初中", sector="basic", order=3)
    client = signed_in(user)
    for data, words in (
        ({}, "请至少选择"),
        ({"stage": other.pk, "grade": place.grade.pk}, "不属于这个学段"),
        ({"stage": other.pk, "subject": place.subject.pk}, "不属于这个学段"),
        ({"stage": "99999"}, "id_stage"),
        ({"stage": "<b>"}, "id_stage"),
    ):
        answer = client.post("/space/interests/", data)
        assert answer.status_code == 400
        assert words in answer.content.decode()
    with pytest.raises(EmptyInterest):
        add_interest(space, by=user)
    with pytest.raises(InterestMismatch):
        add_interest(space, by=user, stage_id=other.pk, grade_id=place.grade.pk)
    assert not space.interests.exists()


def test_interests_have_a_most(monkeypatch: pytest.MonkeyPatch) -> None:
    place = factories.province()
    user = factories.person("teacher", place.school)
    space = ensure_personal_space(user)
    monkeypatch.setattr("cms.spaces.actions.MOST_INTERESTS", 1)
    add_interest(space, by=user, stage_id=place.stage.pk)
    add_interest(space, by=user, stage_id=place.stage.pk)
    grade = Grade.objects.create(stage=place.stage, name="四年级")
    with pytest.raises(TooManyInterests):
        add_interest(space, by=user, grade_id=grade.pk)


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


def test_next_leads_to_this_site_only() -> None:
    place = factories.province()
    user, author = factories.teacher(place), factories.teacher(place)
    ensure_personal_space(author)
    for wanted in ("//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"):
        answer = signed_in(user).post("/space/follow/", {"author": author.uuid, "next": wanted})
        assert answer.headers["Location"] == "/space/"


# --- all ------------------------------------------------------------------------------------------------------------


def test_every_post_of_spaces_and_sharing_refuses_get_and_needs_its_token() -> None:
    place = factories.province()
    user = factories.teacher(place)
    work = in_inbox(place, user)
    strict = signed_in(user, enforce_csrf_checks=True)
    for address in (
        "/space/inbox/seen/", f"/space/inbox/{work.uuid}/open/", f"/space/inbox/{work.uuid}/hide/", "/space/follow/",
        "/space/interests/1/drop/", f"/works/{work.uuid}/adopt/", f"/works/{work.uuid}/unadopt/",
        f"/works/{work.uuid}/remix/",
    ):  # fmt: skip
        assert signed_in(user).get(address).status_code == 405
        assert strict.post(address).status_code == 403
        assert Client().post(address).status_code == 302
    assert not Mark.objects.exists()
    assert not Adoption.objects.exists()


def test_posts_about_a_work_one_may_not_see_are_not_found() -> None:
    place = factories.province()
    work = factories.shared(place).work
    client = signed_in(factories.teacher(place, place.other_school))
    for deed in ("adopt", "remix"):
        assert client.post(f"/works/{work.uuid}/{deed}/").status_code == 404
    for deed in ("open", "hide"):
        assert client.post(f"/space/inbox/{work.uuid}/{deed}/").status_code == 404
    assert not Mark.objects.exists()


def test_titles_and_names_are_escaped_everywhere() -> None:
    place = factories.province()
    user = factories.person("teacher", place.school, name="<b>老师</b>")
    work = in_inbox(place, user, title="<script>alert(1)</script>课")
    space = ensure_personal_space(user)
    adopt(work, space, by=user)
    drain()
    client = signed_in(user)
    for address in ("/", "/space/", "/space/inbox/", "/space/shelf/", f"/spaces/{space.uuid}/", "/space/statement/"):
        page = client.get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "<b>老师" not in page
    page = client.post(f"/space/inbox/{work.uuid}/hide/", headers={"HX-Request": "true"}).content.decode()
    assert "<script>alert(1)" not in page


@pytest.mark.usefixtures("compiled")
def test_pages_of_spaces_are_shown_in_english() -> None:
    place = factories.province()
    user = factories.teacher(place)
    in_inbox(place, user)
    space = ensure_personal_space(user)
    mark_inbox_seen(space, by=user)
    client = signed_in(user)
    for address in (
        "/",
        "/space/",
        "/space/inbox/",
        "/space/shelf/",
        "/space/interests/",
        f"/spaces/{space.uuid}/",
        "/space/statement/",
    ):
        read_in_english(client, address)
    assert Delivery.objects.exists()
