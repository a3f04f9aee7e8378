"""Home, inbox, shelf, interests, follows and front pages on the site."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.outbox.worker import drain
from cms.people.models import PupilProfile
from cms.people.queries import standing
from cms.spaces.actions import (
    add_interest,
    canonical_interest,
    ensure_personal_space,
    ensure_school_space,
    mark_inbox_seen,
    set_hidden,
)
from cms.spaces.delivering import deliver
from cms.spaces.errors import EmptyInterest, InterestMismatch, TooManyInterests
from cms.spaces.models import Delivery, Follow, Mark, ShelfItem, Space
from cms.spaces.unseen import unseen_count, unseen_in_own_space
from cms.taxonomy.models import Grade, Stage
from tests import factories
from tests.factories.province import Province
from workflows.sharing.actions import adopt, recall_share
from workflows.sharing.models import Adoption

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def signed_in(user: Any, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(user)
    return client


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def in_inbox(place: Province, user: Any, **facts: Any) -> Any:
    """A work shared with the county, delivered to the county's people."""
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, **facts))
    interest = canonical_interest(subject_id=place.subject.pk)
    ensure_personal_space(user).interests.add(interest)
    deliver(share.work, [(f"i{interest.pk}", "interest"), (f"o{place.county.pk}", "tier")])
    return share.work


# --- the header -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/search/", "/courses/", "/space/shelf/", "/notices/", "/me/", "/work"])
def test_every_page_says_how_many_are_new_in_the_inbox(address: str) -> None:
    place = factories.province()
    teacher = factories.teacher(place)
    work = in_inbox(place, teacher)
    client = signed_in(teacher)
    address = work.get_absolute_url() if address == "/work" else address
    number = '<span class="count">1<span class="sr-only"> 件未读</span></span>'
    assert number in client.get(address).content.decode()
    mark_inbox_seen(ensure_personal_space(teacher), by=teacher)
    assert number not in client.get(address).content.decode()


def test_number_of_the_header_costs_one_query_and_is_the_inboxs_own(django_assert_num_queries: Any) -> None:
    place = factories.province()
    teacher, author = factories.teacher(place), factories.teacher(place)
    hidden = in_inbox(place, teacher)
    own = ensure_personal_space(teacher)
    set_hidden(own, hidden, by=teacher, hidden=True)
    Follow.objects.create(space=own, author=author)
    followed = factories.shared(place, author, factories.resource(place, author)).work
    deliver(followed, [(f"a{author.pk}", "followed_author")])
    far = factories.shared(place, author, factories.resource(place, author))
    deliver(far.work, [(f"a{author.pk}", "followed_author")])
    recall_share(far, by=far.shared_by, reason="教材改版")
    standing(teacher).memberships  # noqa: B018  read once a request anyway
    with django_assert_num_queries(1):
        number = unseen_in_own_space(teacher)
    assert number == unseen_count(own, teacher)
    assert unseen_in_own_space(factories.teacher(place)) == 0  # without a space


def test_visitors_are_not_led_to_a_space_of_their_own() -> None:
    place = factories.province()
    assert 'href="/space/"' not in Client().get("/").content.decode()
    assert 'href="/space/"' in signed_in(factories.teacher(place)).get("/").content.decode()


@pytest.mark.parametrize(
    ("role", "tier", "links"),
    [
        ("administrator", "county", ["/admin/people/roster/", "/admin/people/"]),
        ("operator", "province", ["/admin/outbox/"]),
        ("teacher", "county", []),
    ],
)
def test_home_leads_who_cares_for_people_or_machines_to_their_screens(role: str, tier: str, links: list[str]) -> None:
    place = factories.province()
    page = signed_in(factories.person(role, getattr(place, tier))).get("/").content.decode()
    assert ('id="home-care"' in page) == bool(links)
    for link in links:
        assert f'href="{link}"' in page


# --- home -----------------------------------------------------------------------------------------------------------


def test_home_of_a_visitor_shows_what_is_open_and_nothing_else() -> None:
    place = factories.province()
    author = factories.teacher(place)
    factories.shared(place, author, factories.resource(place, author, title="人人可看"), openly=True)
    factories.shared(place, author, factories.resource(place, author, title="县内可看"))
    factories.resource(place, author, title="还是草稿")
    page = Client().get("/").content.decode()
    assert "人人可看" in page
    assert "县内可看" not in page
    assert "还是草稿" not in page
    assert f'<option value="{place.subject.pk}">数学' in page


def test_home_of_a_visitor_costs_one_query_once_kept_and_follows_a_recall(django_assert_num_queries: Any) -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, title="人人可看"), openly=True)
    Client().get("/")
    with django_assert_num_queries(1):
        Client().get("/")
    recall_share(share, by=share.shared_by, reason="教材改版")
    assert "人人可看" not in Client().get("/").content.decode()


def test_home_is_put_together_for_every_role() -> None:
    place = factories.province()
    pupil = factories.pupil(place)
    PupilProfile.objects.create(user=pupil, grade=place.grade)
    parent = factories.parent(place, pupil)
    seen = {
        factories.teacher(place): ("送到我这里的", "积分"),
        pupil: ("接着学",),
        parent: ("我的孩子", pupil.name),
        factories.person("publisher", place.county): ("送到我这里的",),
    }
    for user in seen:
        ensure_personal_space(user)
    for user, words in seen.items():
        for language in ("zh-hans", "en"):
            answer = signed_in(user, headers={"accept-language": language}).get("/")
            assert answer.status_code == 200
            assert user.name in answer.content.decode()
        page = signed_in(user).get("/").content.decode()
        assert [word for word in words if word not in page] == []


@pytest.mark.parametrize("role", ["teacher", "pupil", "publisher"])
def test_home_costs_the_same_with_one_and_with_three(role: str) -> None:
    place = factories.province()
    user = factories.person(role, place.county if role == "publisher" else place.school)
    counts = []
    for number in (1, 2):
        for _more in range(number):
            in_inbox(place, user)
        counts.append(queries_of(signed_in(user), "/"))
    assert counts[0] == counts[1]


# --- inbox ----------------------------------------------------------------------------------------------------------


def test_inbox_shows_the_own_deliveries_with_their_reason() -> None:
    place = factories.province()
    user, other = factories.teacher(place), factories.teacher(place, place.other_school)
    in_inbox(place, user, title="分月饼说分数")
    page = signed_in(user).get("/space/inbox/").content.decode()
    assert "分月饼说分数" in page
    assert "符合空间的学科、学段和版本" in page
    other_subject = factories.person("teacher", place.school)
    assert "分月饼说分数" not in signed_in(other_subject).get("/space/inbox/?all=0").content.decode()
    page = signed_in(other_subject).get("/space/inbox/?all=1").content.decode()
    assert "分月饼说分数" in page
    assert "上级推送" in page
    for address in ("/space/inbox/", "/space/inbox/?all=1"):
        assert "分月饼说分数" not in signed_in(other).get(address).content.decode()
    assert "收件箱是空的" in signed_in(other).get("/space/inbox/").content.decode()


def test_inbox_costs_the_same_with_one_and_with_three() -> None:
    place = factories.province()
    user = factories.teacher(place)
    counts = []
    for number in (1, 2):
        for _more in range(number):
            in_inbox(place, user)
        counts.append(queries_of(signed_in(user), "/space/inbox/"))
    assert counts[0] == counts[1]


def test_inbox_is_paged(monkeypatch: pytest.MonkeyPatch) -> None:
    place = factories.province()
    user = factories.teacher(place)
    titles = [f"第{number}件推送的课" for number in range(3)]
    for title in titles:
        in_inbox(place, user, title=title)
    monkeypatch.setattr("cms.spaces.views.PER_PAGE", 2)
    client = signed_in(user)
    first, second = (client.get(f"/space/inbox/?page={number}").content.decode() for number in (1, 2))
    assert [title in first for title in titles] == [False, True, True]
    assert [title in second for title in titles] == [True, False, False]
    assert client.get("/space/inbox/?page=999").status_code == client.get("/space/inbox/?page=x").status_code == 200


def test_inbox_hide_and_put_back() -> None:
    place = factories.province()
    user = factories.teacher(place)
    work = in_inbox(place, user, title="不合适的课")
    client = signed_in(user)
    answer = client.post(f"/space/inbox/{work.uuid}/hide/", headers={"HX-Request": "true"})
    assert "放回来" in answer.content.decode()
    assert "不合适的课" not in client.get("/space/inbox/").content.decode()
    assert client.post(f"/space/inbox/{work.uuid}/hide/").status_code == 302
    assert Mark.objects.count() == 1
    client.post(f"/space/inbox/{work.uuid}/hide/", {"undo": "1"})
    assert "不合适的课" in client.get("/space/inbox/").content.decode()


def test_inbox_opening_leads_to_the_work_and_is_noted_once() -> None:
    place = factories.province()
    user = factories.teacher(place)
    work = in_inbox(place, user)
    client = signed_in(user)
    answer = client.post(f"/space/inbox/{work.uuid}/open/")
    assert answer.headers["Location"] == work.get_absolute_url()
    first = Mark.objects.get().opened_at
    assert client.post(f"/space/inbox/{work.uuid}/open/", {"quiet": "1"}).status_code == 204
    assert Mark.objects.get().opened_at == first
    client.post("/space/inbox/seen/")
    assert Space.objects.get(owner=user).inbox_seen_at is not None


def test_inbox_adopts_in_place() -> None:
    place = factories.province()
    user = factories.teacher(place)
    work = in_inbox(place, user)
    client = signed_in(user)
    for _time in range(2):
        answer = client.post(f"/works/{work.uuid}/adopt/", headers={"HX-Request": "true"})
        assert "已放到书架" in answer.content.decode()
    assert Adoption.objects.count() == ShelfItem.objects.count() == 1
    assert "已选用" in client.get("/space/inbox/").content.decode()
    answer = client.post(f"/works/{work.uuid}/unadopt/", {"next": "/space/shelf/"})
    assert answer.headers["Location"] == "/space/shelf/"
    assert client.post(f"/works/{work.uuid}/unadopt/").status_code == 302
    assert not Adoption.objects.filter(ended_at=None).exists()


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
    for _time in range(2):
        answer = client.post("/space/interests/", {"stage": place.stage.pk, "subject": place.subject.pk})
        assert answer.status_code == 302
    space = Space.objects.get(owner=user)
    (row,) = space.interests.all()
    page = client.get("/space/interests/").content.decode()
    assert "小学 · 数学 · 全部年级 · 全部版本" in page
    for _time in range(2):
        assert client.post(f"/space/interests/{row.pk}/drop/").status_code == 302
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
    for data in ({"author": author.uuid}, {"followed": space.uuid}, {"followed": school.uuid}):
        for _time in range(2):
            assert client.post("/space/follow/", data).status_code == 302
    assert set(Follow.objects.values_list("author", "followed")) == {(author.pk, None), (None, school.pk)}
    page = client.get("/space/").content.decode()
    assert author.name in page
    assert school.name in page
    for data in ({"author": author.uuid}, {"followed": school.uuid}, {"followed": school.uuid}):
        client.post("/space/follow/", {**data, "undo": "1"})
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


def test_next_leads_to_this_site_only() -> None:
    place = factories.province()
    user, author = factories.teacher(place), factories.teacher(place)
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


def test_pages_of_spaces_are_shown_in_english() -> None:
    place = factories.province()
    user = factories.teacher(place)
    in_inbox(place, user)
    space = ensure_personal_space(user)
    mark_inbox_seen(space, by=user)
    client = signed_in(user, headers={"accept-language": "en"})
    for address in (
        "/space/",
        "/space/inbox/",
        "/space/shelf/",
        "/space/interests/",
        f"/spaces/{space.uuid}/",
        "/space/statement/",
    ):
        assert client.get(address).status_code == 200
    assert Delivery.objects.exists()
