"""The first pages of an inbox are found among the last pushes, and are what all of it, dated, would say."""

from datetime import UTC, datetime, timedelta

import pytest

from cms.library.models import Work
from cms.people.models import User
from cms.spaces.actions import add_interest, ensure_personal_space
from cms.spaces.delivering import deliver, widen
from cms.spaces.inbox import NEWEST, delivered, inbox_page
from cms.spaces.models import Space
from tests import factories
from tests.factories.province import Province
from tests.search.effort import COUNTED, steps

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 9, 1, tzinfo=UTC)
Who = tuple[User, Space, str]


@pytest.fixture
def place() -> Province:
    return factories.province()


@pytest.fixture
def who(place: Province) -> Who:
    user = factories.teacher(place)
    space = ensure_personal_space(user)
    return user, space, f"i{add_interest(space, by=user, subject_id=place.subject.pk).pk}"


def came(place: Province, who: Who, days: range) -> None:
    """A work a day."""
    author = factories.teacher(place)
    for day in days:
        work = factories.published(place, author).work
        at = FIRST + timedelta(days=day)
        deliver(work, [(who[2], "interest")], at=at)
        widen(work, at=at)


def pages(who: Who, number: int, limit: int) -> list[tuple[int, datetime]]:
    user, space, _token = who
    starts = range(0, number, limit)
    found = [inbox_page(space, user, offset=start, limit=limit, tiers=False) for start in starts]
    return [(item.work.pk, item.at) for page in found for item in page]


@pytest.mark.parametrize("pushed_again", [range(0), range(7), range(3, 8), range(8)])
def test_pages_are_what_all_of_it_dated_says(place: Province, who: Who, pushed_again: range) -> None:
    """A work that is pushed to others is among the last pushes, and nothing new here."""
    came(place, who, range(8))
    user, space, _token = who
    everything = list(delivered(space, user, tiers=False).values_list("work", "delivered_at"))
    oldest_first = [row[0] for row in reversed(everything)]
    for day in pushed_again:
        widen(Work.objects.get(pk=oldest_first[day]), at=FIRST + timedelta(days=20 + day))

    for limit in (1, 3, 20):
        assert pages(who, 8, limit) == everything


@COUNTED
def test_first_page_costs_the_same_however_much_came_before(place: Province, who: Who) -> None:
    user, space, _token = who
    cost = []
    for days in (range(NEWEST[0] + 3), range(NEWEST[0] + 3, 40)):
        came(place, who, days)
        with steps() as done:
            assert len(inbox_page(space, user, limit=1, tiers=False)) == 1
        cost.append(done[0])

    assert cost[1] <= 1.2 * cost[0]
