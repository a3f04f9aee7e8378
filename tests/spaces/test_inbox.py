"""The inbox on the site: what came, why, and what one does with it."""

import re

import pytest

from cms.people.models import User
from cms.spaces.models import Mark, ShelfItem, Space
from tests import factories
from tests.browsing import queries_of, signed_in
from tests.spaces.inboxes import in_inbox
from workflows.sharing.models import Adoption

pytestmark = pytest.mark.django_db


def test_inbox_shows_the_own_deliveries_with_their_reason() -> None:
    place = factories.province()
    user, other = factories.teacher(place), factories.teacher(place, place.other_school)
    in_inbox(place, user, title="分月饼说分数")
    page = signed_in(user).get("/space/inbox/").content.decode()
    assert "分月饼说分数" in page
    assert f"关注的内容：{place.subject.name}" in page
    other_subject = factories.person("teacher", place.school)
    assert "分月饼说分数" not in signed_in(other_subject).get("/space/inbox/?all=0").content.decode()
    page = signed_in(other_subject).get("/space/inbox/?all=1").content.decode()
    assert "分月饼说分数" in page
    assert "上级推送" in page
    for address in ("/space/inbox/", "/space/inbox/?all=1"):
        assert "分月饼说分数" not in signed_in(other).get(address).content.decode()
    assert "还没有符合您的作品" in signed_in(other).get("/space/inbox/").content.decode()


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
    monkeypatch.setattr("cms.spaces.inbox_views.PER_PAGE", 2)
    client = signed_in(user)
    first, second = (client.get(f"/space/inbox/?page={number}").content.decode() for number in (1, 2))
    assert [title in first for title in titles] == [False, True, True]
    assert [title in second for title in titles] == [True, False, False]
    assert client.get("/space/inbox/?page=999").status_code == client.get("/space/inbox/?page=x").status_code == 200


def test_inbox_lists_its_newest_and_says_where_older_ones_are(monkeypatch: pytest.MonkeyPatch) -> None:
    place = factories.province()
    user = factories.teacher(place)
    for number in range(3):
        in_inbox(place, user, title=f"第{number}件推送的课")
    client = signed_in(user)
    for most, said in ((4, "共 3 件"), (2, "这里最多列 2 件")):
        monkeypatch.setattr("cms.spaces.inbox.MOST_PAGED", most)
        monkeypatch.setattr("cms.spaces.inbox_views.MOST_PAGED", most)
        page = client.get("/space/inbox/").content.decode()
        assert said in page
        assert ("第0件" in page) == (most > 3)
        assert ("到搜索里找" in page) == (most < 3)


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


def test_what_comes_in_place_of_a_button_takes_the_focus_and_leaves_a_list_a_list() -> None:
    """htmx gives the focus to `autofocus`; that it does is seen in tests/journeys/test_pages_in_a_browser.py."""
    place = factories.province()
    client = signed_in(factories.teacher(place), headers={"HX-Request": "true"})
    work = in_inbox(place, User.objects.get(pk=client.session["_auth_user_id"]))
    hide, adopt = f"/space/inbox/{work.uuid}/hide/", f"/works/{work.uuid}/adopt/"
    for address, data, focused in (
        (hide, {}, r"<button [^>]*autofocus>放回来"),
        (hide, {"undo": "1"}, r"<button [^>]*autofocus>打开"),
        (adopt, {}, r'<span [^>]*role="status" tabindex="-1" autofocus>.*已放到书架'),
    ):
        answer = client.post(address, data).content.decode()
        assert len(re.findall(focused, answer)) == answer.count("autofocus") == 1
        assert 'role="status"' in answer
        assert not re.search(r"<li[^>]* role=", answer)
    own = factories.published(place, User.objects.get(pk=client.session["_auth_user_id"])).work
    refused = client.post(f"/works/{own.uuid}/adopt/").content.decode()
    assert re.search(r'<span [^>]*role="alert" tabindex="-1" autofocus>', refused)


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
