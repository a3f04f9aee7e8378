"""The pages on which a person reads notices and chooses mail."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.notices import actions
from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.notices.queries import preferences, said, unread_count
from cms.people.accounts import reset_password
from cms.people.models import User
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province

pytestmark = pytest.mark.django_db


def tell(user: User, number: int = 1) -> Notice:
    actions.tell([actions.News([user], Topic.MY_WORK, f"第{number}件：《<b>分数</b>》通过了。", "/me/", f"k{number}")])
    return Notice.objects.get(recipient=user, key=f"k{number}")


def test_list_shows_own_notices_newest_first_and_escapes_them(place: Province) -> None:
    user, other = factories.teacher(place), factories.teacher(place)
    tell(user, 1)
    tell(user, 2)
    tell(other, 3)
    page = signed_in(user).get("/notices/").content.decode()
    assert page.index("第2件") < page.index("第1件")
    assert "第3件" not in page
    assert "&lt;b&gt;分数" in page
    assert "2 条未读" in page


def test_following_a_notice_reads_it_and_leads_on(place: Province) -> None:
    user = factories.teacher(place)
    notice = tell(user)
    client = signed_in(user)
    assert client.get(f"/notices/{notice.pk}/").status_code == 405
    assert client.post(f"/notices/{notice.pk}/")["Location"] == "/me/"
    assert unread_count(user) == 0
    assert "没有未读的消息" in client.get("/notices/?unread=1").content.decode()


def test_following_never_leaves_the_site(place: Province) -> None:
    user = factories.teacher(place)
    notice = tell(user)
    Notice.objects.update(url="//evil.example/")
    assert signed_in(user).post(f"/notices/{notice.pk}/")["Location"] == "/notices/"


def test_notice_of_somebody_else_is_not_there(place: Province) -> None:
    notice = tell(factories.teacher(place))
    assert signed_in(factories.teacher(place)).post(f"/notices/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_read_all_reads_only_mine(place: Province) -> None:
    user, other = factories.teacher(place), factories.teacher(place)
    tell(user)
    tell(other)
    signed_in(user).post("/notices/read/")
    assert (unread_count(user), unread_count(other)) == (0, 1)


def test_preferences_are_saved_whole(place: Province) -> None:
    user = factories.teacher(place)
    client = signed_in(user)
    assert (
        client.get("/notices/preferences/").content.decode().count(" checked") == len(Topic) - 2
    )  # not what operators and parents are told
    client.post("/notices/preferences/", {"by_mail": ["to_review", "nonsense"]})
    assert [topic for topic, wanted in preferences(user).items() if wanted] == [Topic.TO_REVIEW]


def test_list_asks_the_same_queries_for_one_row_and_three(place: Province) -> None:
    user = factories.teacher(place)
    client = signed_in(user)
    tell(user, 1)
    client.get("/notices/")
    counts = []
    for number in (2, 3):
        with CaptureQueriesContext(connection) as asked:
            client.get("/notices/")
        counts.append(len(asked))
        tell(user, number)
    assert counts[0] == counts[1] <= 10


def test_owner_is_told_that_an_administrator_reset_the_password(place: Province) -> None:
    user = factories.teacher(place)
    password = reset_password(user, by=factories.person("administrator", place.school))
    (notice,) = Notice.objects.filter(recipient=user)
    assert "重设了您的密码" in notice.text
    assert password not in notice.text


@pytest.mark.parametrize("address", ["/", "/search/?q=分数", "/notices/"])
def test_the_menu_says_how_many_are_unread(place: Province, address: str) -> None:
    user = factories.teacher(place)
    client = signed_in(user)
    mark, number = '<span class="unread">', '<span class="count">{}<span class="sr-only"> 条未读</span></span>'
    assert mark not in client.get(address).content.decode()
    tell(user, 1)
    tell(user, 2)
    tell(factories.teacher(place), 3)
    page = client.get(address).content.decode()
    assert f'{mark}<span class="sr-only">2 条未读</span></span>' in page  # on the opener of the menu
    assert number.format(2) in page
    actions.mark_read(user)
    assert mark not in client.get(address).content.decode()


def test_unread_costs_one_query_and_is_counted_to_99(place: Province, django_assert_num_queries: Any) -> None:
    user = factories.teacher(place)
    for number in range(101):
        tell(user, number)
    with django_assert_num_queries(1):
        assert said(unread_count(user)) == "99+"
    actions.mark_read(user, ids=Notice.objects.filter(recipient=user)[:2].values_list("pk", flat=True))
    assert said(unread_count(user)) == "99"
    assert "99 条未读" in signed_in(user).get("/notices/").content.decode()
