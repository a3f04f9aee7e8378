"""Other people's spaces, shelf and interests on the site; what holds for all of these pages."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client

from cms.outbox.worker import drain
from cms.spaces.actions import (
    add_interest,
    ensure_personal_space,
    ensure_school_space,
    mark_inbox_seen,
)
from cms.spaces.errors import EmptyInterest, InterestMismatch, TooManyInterests
from cms.spaces.models import Delivery, Mark, ShelfItem, Space
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


def test_shelf_names_what_was_taken_when_the_reader_no_longer_sees_the_work() -> None:
    place = factories.province()
    near = factories.person("teacher", place.county)
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, title="选用时的名字"))
    space = ensure_personal_space(near)
    adopt(share.work, space, by=near)
    shelf, caller = signed_in(near), Caller(near)
    (line,) = caller.get(f"/spaces/{space.uuid}/shelf").json()["items"]
    assert (line["work"]["title"], line["work"]["version"], line["visible"]) == ("选用时的名字", 1, True)
    recall_share(share, by=share.shared_by, reason="教材改版")
    factories.renamed(place, share.work, "只给本校看的新名字")
    page = shelf.get("/space/shelf/").content.decode()
    assert "选用时的名字" in page
    for newer in ("只给本校看的新名字", str(author), place.subject.name, "第 2 版"):
        assert newer not in page
    (line,) = caller.get(f"/spaces/{space.uuid}/shelf").json()["items"]
    assert (line["work"]["title"], line["work"]["version"]) == ("选用时的名字", 1)
    assert (line["version"], line["visible"]) == (1, False)
    shelf.post(f"/works/{share.work.uuid}/unadopt/", {"space": str(space.uuid)})
    assert not space.shelf.filter(removed_at=None).exists()


def test_shelves_of_before_are_given_the_title_of_the_adopted_version() -> None:
    place = factories.province()
    near = factories.person("teacher", place.county)
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, title="选用时的名字"))
    adopt(share.work, ensure_personal_space(near), by=near)
    factories.renamed(place, share.work, "后来的名字")
    ShelfItem.objects.update(title="")
    import_module("workflows.sharing.migrations.0003_titles_of_then").fill_in(apps, None)
    assert ShelfItem.objects.get().title == "选用时的名字"


# --- interests --------------------------------------------------------------------------------------------------------


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
