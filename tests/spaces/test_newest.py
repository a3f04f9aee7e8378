"""The first pages of an inbox are found among the last pushes, and are what all of it, dated, would say."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from cms.library.models import Work
from cms.people.models import User
from cms.people.queries import standing
from cms.spaces import inbox
from cms.spaces.actions import add_interest, ensure_personal_space, set_hidden
from cms.spaces.delivering import deliver, widen
from cms.spaces.inbox import NEWEST, delivered, delivered_number, inbox_page
from cms.spaces.models import Space
from tests import factories
from tests.factories.province import Province
from tests.search.effort import COUNTED, steps

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 9, 1, tzinfo=UTC)
Who = tuple[User, Space, str]


@pytest.fixture
def who(place: Province) -> Who:
    user = factories.teacher(place)
    space = ensure_personal_space(user)
    return user, space, f"i{add_interest(space, by=user, subject_id=place.subject.pk).pk}"


def came(place: Province, who: Who, days: Iterable[int]) -> None:
    """A work a day, for what is wanted and for everybody of the county."""
    author = factories.teacher(place)
    for day in days:
        work = factories.published(place, author).work
        at = FIRST + timedelta(days=day)
        deliver(work, [(who[2], "interest"), (f"o{place.county.pk}", "tier")], at=at)
        widen(work, at=at)


def everything(who: Who, *, tiers: bool) -> list[tuple[int, datetime]]:
    return list(delivered(who[1], who[0], tiers=tiers).values_list("work", "delivered_at"))


def pages(who: Who, limit: int, *, tiers: bool) -> list[tuple[int, datetime]]:
    user, space, _token = who
    starts = range(0, 9, limit)
    found = [inbox_page(space, user, offset=start, limit=limit, tiers=tiers) for start in starts]
    return [(item.work.pk, item.at) for page in found for item in page]


@pytest.mark.parametrize("days", [range(8), [0, 1, 1, 2, 3, 3, 3, 4], [5] * 8])
@pytest.mark.parametrize(
    ("again", "hidden"), [([], []), ([0, 1, 2, 3, 4, 5, 6], []), ([1, 5], [7, 6, 3]), ([], [7, 6, 5, 4])]
)
def test_pages_are_what_all_of_it_dated_says(
    place: Province,
    who: Who,
    monkeypatch: pytest.MonkeyPatch,
    days: Iterable[int],
    again: list[int],
    hidden: list[int],
) -> None:
    """Works that came at once; works pushed again to others, among the last pushes and nothing new; hidden ones."""
    came(place, who, days)
    user, space, _token = who
    oldest_first = [Work.objects.get(pk=pk) for pk, _at in reversed(everything(who, tiers=True))]
    for nth in again:
        widen(oldest_first[nth], at=FIRST + timedelta(days=20 + nth))
    for nth in hidden:
        set_hidden(space, oldest_first[nth], by=user, hidden=True)

    for tiers, steps_of in product([False, True], [(1,), (1, 2)]):
        monkeypatch.setattr(inbox, "NEWEST", steps_of)
        expected = everything(who, tiers=tiers)
        assert len(expected) == 8 - len(hidden)
        for limit in (1, 3):
            assert pages(who, limit, tiers=tiers) == expected


def test_what_is_older_than_the_newest_thousand_is_found_by_search(
    place: Province, who: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counting all of it would cost every page what ever came."""
    monkeypatch.setattr(inbox, "MOST_PAGED", 4)
    came(place, who, range(6))
    user, space, _token = who
    newest = everything(who, tiers=False)[:4]

    assert delivered_number(space, user) == 4
    assert pages(who, 3, tiers=False) == newest


def test_empty_inbox_is_asked_once(who: Who, django_assert_num_queries: Any) -> None:
    user, space, _token = who
    standing(user).memberships  # noqa: B018  read once a request anyway
    with django_assert_num_queries(3):  # what is read, the last push, all of it
        assert inbox_page(space, user, tiers=False) == []


@COUNTED
def test_first_page_costs_the_same_however_much_came_before(
    place: Province, who: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_PAGED", 5)
    user, space, _token = who
    cost = []
    for days in (range(NEWEST[0] + 3), range(NEWEST[0] + 3, 40)):
        came(place, who, days)
        with steps() as done:
            assert len(inbox_page(space, user, limit=1, tiers=False)) == 1
            assert delivered_number(space, user, tiers=False) == 5
        cost.append(done[0])

    assert cost[1] <= 1.2 * cost[0]
