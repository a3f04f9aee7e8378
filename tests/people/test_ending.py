"""A membership that ends by its date ends everywhere, though nobody does anything that day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from cms.organisations.models import Organisation
from cms.outbox import worker
from cms.outbox.models import Message
from cms.people import tasks
from cms.people.accounts import set_findable
from cms.people.models import Membership, User
from cms.people.signals import memberships_changed
from cms.spaces.queries import personal_space
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 4, tzinfo=UTC)


def look() -> None:
    """The outbox is at work, and the look at what has ended is due."""
    Message.objects.filter(topic=tasks.ENDED, done_at=None).update(due_at=NOW - timedelta(days=9))
    worker.actions.keep_recurring(tasks.ENDED, every=tasks.OFTEN)
    worker.drain()


def place_of_space(user: User) -> Organisation | None:
    space = personal_space(user)
    assert space is not None
    return space.organisation


def until(user: User, moment: datetime) -> None:
    Membership.objects.filter(user=user).update(until=moment)


@pytest.fixture
def told() -> Iterator[list[int]]:
    heard: list[int] = []

    def hear(sender: object, user: User, **kwargs: object) -> None:
        heard.append(user.pk)

    memberships_changed.connect(hear)
    yield heard
    memberships_changed.disconnect(hear)


def test_person_and_space_are_what_they_are_after_the_last_day() -> None:
    with time_machine.travel(NOW):
        place = factories.province()
        person = factories.teacher(place)
        set_findable(person, findable=True)
        until(person, NOW + timedelta(hours=5))
        look()
        assert place_of_space(person) == place.school
    with time_machine.travel(NOW + timedelta(hours=6)):
        Message.objects.filter(topic="search.index").delete()
        look()
        assert Message.objects.filter(topic="search.index", ref=f"person:{person.pk}").exists()
        assert place_of_space(person) is None


def test_end_is_told_of_once_it_came_though_nobody_looked_for_days(told: list[int]) -> None:
    with time_machine.travel(NOW):
        place = factories.province()
        soon, later = factories.teacher(place), factories.teacher(place)
        until(soon, NOW + timedelta(days=2))
        until(later, NOW + timedelta(days=8))
        look()
        assert told == []
    with time_machine.travel(NOW + timedelta(days=5)):
        look()
        assert told == [soon.pk]
    with time_machine.travel(NOW + timedelta(days=5, hours=3)):
        look()
    assert told == [soon.pk]
    with time_machine.travel(NOW + timedelta(days=9)):
        look()
    assert told == [soon.pk, later.pk]


def test_many_ends_of_one_day_are_told_in_parts(told: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "PART", 2)
    with time_machine.travel(NOW):
        place = factories.province()
        people = [factories.teacher(place) for _ in range(5)]
        for person in people:
            until(person, NOW + timedelta(hours=2))
        look()
    with time_machine.travel(NOW + timedelta(hours=4)):
        look()
    assert told == [person.pk for person in people]
    assert Message.objects.filter(topic=tasks.ENDED_PART).count() == 3
