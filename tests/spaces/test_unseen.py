"""The number in the header: its statement is kept, its answer never."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.people.enums import Role
from cms.people.models import Membership, User
from cms.spaces import unseen
from cms.spaces.actions import add_interest, ensure_personal_space, mark_inbox_seen, set_hidden
from cms.spaces.delivering import deliver
from cms.spaces.models import Follow
from cms.spaces.unseen import unseen_count, unseen_in_own_space
from tests import factories
from workflows.sharing.actions import recall_share

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    """The person as the next request meets them."""
    return User.objects.get(pk=user.pk)


def numbers(user: User) -> tuple[int, int]:
    """As the header says it, and as the inbox counts."""
    person = fresh(user)
    return unseen_in_own_space(person), unseen_count(ensure_personal_space(person), person)


def test_number_follows_everything_that_changes_it() -> None:
    place = factories.province()
    reader, author = factories.teacher(place), factories.teacher(place)
    space = ensure_personal_space(reader)
    shares = [factories.shared(place, author, factories.resource(place, author)) for _ in range(4)]
    assert numbers(reader) == (0, 0)
    interest = add_interest(space, by=reader, subject_id=place.subject.pk)
    deliver(shares[0].work, [(f"i{interest.pk}", "interest")])
    assert numbers(reader) == (1, 1)
    Follow.objects.create(space=space, author=author)
    deliver(shares[1].work, [(f"a{author.pk}", "followed_author")])
    deliver(shares[2].work, [(f"a{author.pk}", "followed_author")])
    assert numbers(reader) == (3, 3)
    set_hidden(space, shares[1].work, by=reader, hidden=True)
    assert numbers(reader) == (2, 2)
    recall_share(shares[2], by=shares[2].shared_by, reason="教材改版")
    assert numbers(reader) == (1, 1)
    now = datetime.now(UTC)
    Membership.objects.filter(user=reader).update(since=now - timedelta(days=9), until=now - timedelta(days=1))
    assert numbers(reader) == (0, 0)
    Membership.objects.filter(user=reader).update(until=None)
    assert numbers(reader) == (1, 1)
    mark_inbox_seen(ensure_personal_space(reader), by=reader)
    assert numbers(reader) == (0, 0)


def test_statement_is_composed_once_for_a_person_who_stays_where_they_are() -> None:
    place = factories.province()
    reader = factories.teacher(place)
    unseen._statement.cache_clear()
    for _ in range(3):
        unseen_in_own_space(fresh(reader))
    assert unseen._statement.cache_info().misses == 1
    Membership.objects.create(user=reader, organisation=place.county, role=Role.SCHOOL_REVIEWER)
    unseen_in_own_space(fresh(reader))
    assert unseen._statement.cache_info().misses == 2


@pytest.mark.parametrize("role", [None, *Role.values])
def test_statement_says_nothing_that_its_key_does_not_know(role: str | None) -> None:
    """What else went into it, the time or a setting of the person, would be asked with yesterday's value."""
    place = factories.province()
    person = factories.person(role, place.school) if role else factories.person("teacher", place.school)
    if role is None:
        Membership.objects.filter(user=person).delete()
    first = unseen._unseen(fresh(person)).query.sql_with_params()
    User.objects.filter(pk=person.pk).update(
        name="改名", findable_since=datetime.now(UTC), last_login=datetime.now(UTC)
    )
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=9)), CaptureQueriesContext(connection) as asked:
        assert unseen._unseen(fresh(person)).query.sql_with_params() == first
    assert len(asked) == 2  # the person and where they stand, as for every page
