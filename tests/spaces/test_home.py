"""The header of every page, and the home of each role."""

from typing import Any

import pytest
from django.test import Client

from cms.people.models import PupilProfile
from cms.people.queries import standing
from cms.spaces.actions import (
    ensure_personal_space,
    mark_inbox_seen,
    set_hidden,
)
from cms.spaces.delivering import deliver
from cms.spaces.models import Follow
from cms.spaces.queries import newest_open
from cms.spaces.unseen import unseen_count, unseen_in_own_space
from fixtures.loading.statistics import take_statistics
from tests import factories
from tests.browsing import queries_of, signed_in
from tests.search.effort import COUNTED, steps
from tests.spaces.inboxes import in_inbox
from workflows.sharing.actions import recall_share

pytestmark = pytest.mark.django_db


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


@COUNTED
def test_newest_open_works_cost_the_same_however_many_there_are() -> None:
    place = factories.province()
    author = factories.teacher(place)
    cost = []
    for number in (6, 24):
        for _ in range(number):
            factories.shared(place, author, openly=True)
        take_statistics()
        with steps() as done:
            assert len(newest_open(2)) == 2
        cost.append(done[0])
    assert cost[1] <= cost[0]


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
