"""What is new in an inbox: home, header, overview and inbox say one thing, and only what was shown is new no longer."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cms.people.models import User
from cms.spaces.actions import ensure_personal_space, ensure_school_space
from cms.spaces.delivering import deliver
from cms.spaces.models import Mark, Space
from cms.spaces.unseen import unseen_in_own_space
from cms.spaces.visits import VISIT
from tests import factories
from tests.browsing import queries_of, signed_in
from tests.factories.province import Province
from tests.spaces.inboxes import in_inbox

pytestmark = pytest.mark.django_db
INBOX, SEEN = "/space/inbox/", "/space/inbox/seen/"
FLAG = '<span class="inbox-flag">'


def read(client: Client, address: str = INBOX) -> str:
    return client.get(address).content.decode()


def shown(page: str) -> dict[str, Any]:
    """What the page sends by itself once it is loaded."""
    form = re.search(r'<form hidden hx-post="/space/inbox/seen/".*?</form>', page)
    found: dict[str, Any] = {}
    for name, value in re.findall(r'name="(work|until)" value="([^"]+)"', form[0] if form else ""):
        found.setdefault(name, []).append(value)
    return found


def load(client: Client, address: str = INBOX) -> str:
    """As a browser does: the page, and what it sends."""
    page = read(client, address)
    if sent := shown(page):
        assert client.post(SEEN, sent, headers={"HX-Request": "true"}).status_code == 204
    return page


def number(user: User) -> int:
    return unseen_in_own_space(User.objects.get(pk=user.pk))


def pushed_to_all(place: Province) -> None:
    deliver(factories.shared(place).work, [(f"o{place.county.pk}", "tier")])


def somebody_with(place: Province, works: int) -> tuple[User, Client]:
    """A teacher who has not looked yet at so many works, signed in."""
    user = factories.teacher(place)
    for _number in range(works):
        in_inbox(place, user)
    return user, signed_in(user)


# --- one rule -------------------------------------------------------------------------------------------------------


def test_who_has_chosen_nothing_hears_the_same_everywhere() -> None:
    """Home said that the inbox was empty, the inbox showed what is pushed to all and called it new."""
    place = factories.province()
    user = factories.person("teacher", place.school)
    client = signed_in(user)
    for _number in range(2):
        pushed_to_all(place)
    for address in ("/", "/space/"):
        page = read(client, address)
        assert "收件箱里有 2 件本级和上级推送的作品；选好关注的内容，就只看合适的。" in page
        assert 'href="/space/interests/"' in page
        assert "收件箱是空的" not in page
        assert "没有新送来的作品" not in page
    page = read(client)
    assert "共 2 件" in page
    assert FLAG not in page
    assert number(user) == 0


def test_what_fits_is_new_everywhere_and_what_is_pushed_to_all_nowhere() -> None:
    place = factories.province()
    user = factories.teacher(place)
    in_inbox(place, user)
    pushed_to_all(place)
    client = signed_in(user)
    assert "1 件新的" in read(client, "/")
    assert "有 1 件新送来的作品" in read(client, "/space/")
    for address in (INBOX, f"{INBOX}?all=1"):
        assert read(client, address).count(FLAG) == number(user) == 1


def test_home_of_whom_nothing_fits_leads_to_what_is_pushed() -> None:
    place = factories.province()
    user = factories.teacher(place)
    pushed_to_all(place)
    page = read(signed_in(user), "/")
    assert "还没有符合您的作品" in page
    assert 'href="/space/inbox/?all=1"' in page


def test_inbox_of_a_school_leads_to_the_interests_of_the_school() -> None:
    """They were the own interests of whoever tends it."""
    place = factories.province()
    space = ensure_school_space(place.school)
    client = signed_in(factories.person("administrator", place.school))
    for view in ("all=0", "all=1", "hidden=1"):
        page = read(client, f"{INBOX}?space={space.uuid}&{view}")
        assert 'href="/space/interests/"' not in page
        assert f'href="/space/interests/?space={space.uuid}"' in page
        assert f'href="{INBOX}?space={space.uuid}&amp;hidden=1"' in page


# --- what was shown -------------------------------------------------------------------------------------------------


def test_page_that_shows_all_that_is_new_notes_one_moment() -> None:
    place = factories.province()
    user, client = somebody_with(place, 3)
    assert load(client).count(FLAG) == 3
    assert number(user) == 0
    assert not Mark.objects.exists()
    in_inbox(place, user)
    assert number(user) == 1


def test_pages_that_were_not_shown_stay_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first load of any page made all of it old."""
    monkeypatch.setattr("cms.spaces.inbox_views.PER_PAGE", 2)
    place = factories.province()
    user, client = somebody_with(place, 5)
    for address, left in ((f"{INBOX}?page=2", 3), (f"{INBOX}?page=2", 3), (INBOX, 1), (f"{INBOX}?page=3", 0)):
        load(client, address)
        assert number(user) == left
    assert Mark.objects.filter(seen_at__isnull=False).count() == 5
    assert Space.objects.get(owner=user).inbox_seen_at is None


def test_flags_stay_for_the_visit_but_for_what_was_opened() -> None:
    place = factories.province()
    user = factories.teacher(place)
    works = [in_inbox(place, user) for _number in range(3)]
    client = signed_in(user)
    assert [load(client).count(FLAG) for _time in range(2)] == [3, 3]
    client.post(f"{INBOX}{works[0].uuid}/open/")
    assert load(client).count(FLAG) == 2
    with time_machine.travel(timezone.now() + VISIT + timedelta(minutes=1)):
        assert load(client).count(FLAG) == 0
        in_inbox(place, user)
        assert load(client).count(FLAG) == 1


def test_all_is_marked_as_seen_by_a_button_up_to_what_the_page_knew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.spaces.inbox_views.PER_PAGE", 2)
    place = factories.province()
    user, client = somebody_with(place, 3)
    page = load(client)
    until = re.search(r'name="until" value="([^"]+)"><button[^>]*name="all"', page)
    assert until
    in_inbox(place, user)  # meanwhile
    answer = client.post(SEEN, {"all": "1", "until": until[1]}, follow=True).content.decode()
    assert "都标为看过了" in answer
    assert number(user) == answer.count(FLAG) == 1
    client.post(SEEN, {"until": "2001-01-01T00:00:00+00:00"})  # what is noted stays
    client.post(SEEN, {"all": "1", "until": "2999-01-01T00:00:00+00:00"})
    assert number(user) == 0
    moment = Space.objects.get(owner=user).inbox_seen_at
    assert moment is not None
    assert moment <= timezone.now()
    assert "全部标为看过" not in read(client)


@pytest.mark.parametrize(
    "sent",
    [
        {"until": "x"},
        {"until": "2026-01-01"},
        {"until": "0001-01-01T00:00:00+14:00"},  # before any moment that a database holds
        {"until": "9999-12-31T23:59:59-14:00"},
        {"work": "x"},
        {"until": "\x00"},
    ],
)
def test_what_no_page_sends_is_refused(sent: dict[str, str]) -> None:
    place = factories.province()
    user = factories.teacher(place)
    in_inbox(place, user)
    assert signed_in(user).post(SEEN, sent).status_code == 404
    assert number(user) == 1


def test_works_one_may_not_see_are_not_marked() -> None:
    place = factories.province()
    user = factories.teacher(place, place.other_school)
    work = factories.published(place).work
    assert signed_in(user).post(SEEN, {"work": work.uuid}, headers={"HX-Request": "true"}).status_code == 204
    assert not Mark.objects.exists()


# --- what is hidden -------------------------------------------------------------------------------------------------


def test_hidden_work_is_found_again_and_put_back_without_scripts() -> None:
    place = factories.province()
    user = factories.teacher(place)
    work = in_inbox(place, user, title="《赵州桥》不合适")
    client = signed_in(user)
    answer = client.post(f"{INBOX}{work.uuid}/hide/", {"next": f"{INBOX}?all=1"}, follow=True)
    assert answer.redirect_chain[0][0] == f"{INBOX}?all=1"
    page = answer.content.decode()
    assert "《〈赵州桥〉不合适》不再推送到收件箱。" in page
    assert f'<a href="{INBOX}?hidden=1">放回来</a>' in page
    hidden = f"{INBOX}?hidden=1"
    assert 'title="《赵州桥》不合适"' in read(client, hidden)
    page = client.post(f"{INBOX}{work.uuid}/hide/", {"undo": "1", "next": hidden}, follow=True).content.decode()
    assert "又在收件箱里了" in page
    assert "没有隐藏的作品" in page
    assert "《赵州桥》不合适" in read(client)


def test_hidden_works_are_paged_and_cost_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    place = factories.province()
    user, other = factories.teacher(place), factories.teacher(place)
    space = ensure_personal_space(user)
    client, counts = signed_in(user), []
    for number_of in (1, 2):
        for _more in range(number_of):
            client.post(f"{INBOX}{in_inbox(place, user).uuid}/hide/")
        counts.append(queries_of(client, f"{INBOX}?hidden=1"))
    assert counts[0] == counts[1]
    monkeypatch.setattr("cms.spaces.inbox_views.PER_PAGE", 2)
    first, second = (read(client, f"{INBOX}?hidden=1&page={nth}") for nth in (1, 2))
    assert [page.count('name="undo"') for page in (first, second)] == [2, 1]
    assert space.marks.count() == 3
    assert "没有隐藏的作品" in read(signed_in(other), f"{INBOX}?hidden=1")


def test_script_gets_the_line_and_then_the_card_again() -> None:
    place = factories.province()
    user = factories.teacher(place)
    work = in_inbox(place, user, title="分月饼说分数")
    client = signed_in(user, headers={"HX-Request": "true"})
    line = client.post(f"{INBOX}{work.uuid}/hide/").content.decode()
    assert "<article" not in line
    card = client.post(f"{INBOX}{work.uuid}/hide/", {"undo": "1"}).content.decode()
    assert card.lstrip().startswith(f'<li id="in-{work.uuid}"')
    assert f"关注的内容：{place.subject.name}" in card
    assert "不再推送这件" in card
