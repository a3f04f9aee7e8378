"""Interests that nobody has any more: deleted with what was delivered to them, and never under somebody's hands."""

from collections.abc import Callable

import pytest
import time_machine

from cms.outbox.models import Message
from cms.outbox.worker import drain
from cms.people.models import User
from cms.spaces.actions import add_interest, ensure_personal_space, interest_in, remove_interest
from cms.spaces.inbox import delivered
from cms.spaces.models import Delivery, Interest
from cms.spaces.unwanted import want_again
from search.push import unwanted
from search.saved.actions import save_search
from search.saved.following import follow_search, unfollow_search
from tests import factories
from tests.factories.province import Province

pytestmark = pytest.mark.django_db
FIRST, SAME_EVENING = "2030-09-01T08:00+08:00", "2030-09-01T20:00+08:00"
SECOND, FOURTH, SIXTH = (f"2030-09-{day:02}T09:00+08:00" for day in (2, 4, 6))


@pytest.fixture
def place() -> Province:
    with time_machine.travel("2026-08-31T08:00+08:00"):
        found = factories.province()
        factories.shared(found)
        drain()
        return found


def reader(place: Province) -> User:
    return factories.person("teacher", place.school)


def on(moment: str, *acts: Callable[[], object]) -> None:
    with time_machine.travel(moment):
        for act in acts:
            act()
        drain()


def sweep() -> None:
    unwanted.forget("")


def got(user: User) -> int:
    return delivered(ensure_personal_space(user), user, tiers=False).count()


def test_interest_that_nobody_has_goes_the_day_after_and_a_later_one_has_the_past(place: Province) -> None:
    one, later = reader(place), reader(place)
    wanted = {"subject_id": place.subject.pk}
    interest = add_interest(ensure_personal_space(one), by=one, **wanted)
    on(FIRST, lambda: None)
    assert got(one) == 1
    remove_interest(ensure_personal_space(one), interest, by=one)

    on(FIRST, sweep)
    on(SAME_EVENING, sweep)
    assert Interest.objects.filter(pk=interest.pk).exists()
    Message.objects.all().delete()
    with time_machine.travel(SECOND):
        sweep()
    assert not Interest.objects.filter(pk=interest.pk).exists()
    assert not Delivery.objects.filter(token=f"i{interest.pk}").exists()
    assert Message.objects.filter(topic=unwanted.GONE, ref=str(interest.pk), done_at=None).exists()

    on(FOURTH, lambda: add_interest(ensure_personal_space(later), by=later, **wanted))
    assert (got(one), got(later)) == (0, 1)


def test_interest_that_is_taken_up_again_stays(place: Province) -> None:
    one, other = reader(place), reader(place)
    wanted = {"subject_id": place.subject.pk}
    interest = add_interest(ensure_personal_space(one), by=one, **wanted)
    remove_interest(ensure_personal_space(one), interest, by=one)
    on(FIRST, sweep)
    on(SAME_EVENING, lambda: add_interest(ensure_personal_space(other), by=other, **wanted))
    for moment in (SECOND, FOURTH):
        on(moment, sweep)

    interest.refresh_from_db()
    assert interest.unwanted_since is None
    assert got(other) == 1


def test_interest_that_goes_between_the_look_and_the_wish_is_made_anew(place: Province) -> None:
    known = interest_in(words=["浮力"])
    on(FIRST, sweep)
    known.refresh_from_db()
    assert known.unwanted_since is not None
    assert want_again(known)
    on(FIRST, sweep)
    on(FOURTH, sweep)

    assert not want_again(known)
    assert interest_in(words=["浮力"]).pk != known.pk


def test_followed_search_keeps_its_interest_and_an_unfollowed_one_does_not(place: Province) -> None:
    one = reader(place)
    search = save_search(one, "浮力", chosen={})
    interest = follow_search(search)
    remove_interest(ensure_personal_space(one), interest, by=one)  # the search keeps it all the same
    for moment in (FIRST, SECOND, FOURTH):
        on(moment, sweep)
    assert Interest.objects.filter(pk=interest.pk).exists()
    unfollow_search(search)
    on(FOURTH, sweep)
    on(SIXTH, sweep)
    assert not Interest.objects.filter(pk=interest.pk).exists()


def test_many_go_in_parts(place: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.spaces.unwanted.MOST_AT_ONCE", 2)
    made = [interest_in(words=[f"浮力{number}"]).pk for number in range(5)]
    on(FIRST, sweep)
    on(FOURTH, sweep)

    assert not Interest.objects.filter(pk__in=made).exists()
