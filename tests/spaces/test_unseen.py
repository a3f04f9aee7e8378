"""The number in the header follows all that changes it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

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


def test_statement_holds_for_a_day() -> None:
    """What is news begins with a day, or each request would compose a statement of its own."""
    reader = factories.teacher(factories.province())
    statement = unseen._UNSEEN.statement
    statement.cache_clear()
    for at, composed in (("04T08:00", 1), ("04T23:59", 1), ("05T00:01", 2), ("05T12:00", 2)):
        with time_machine.travel(datetime.fromisoformat(f"2026-09-{at}+08:00")):
            unseen_in_own_space(fresh(reader))
        assert statement.cache_info().misses == composed
