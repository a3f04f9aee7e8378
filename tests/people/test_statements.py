"""What is asked in words that were composed before: the same rows as the ORM's, for the same people, at any hour."""

import gc
import weakref
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from cms.library.models import Work
from cms.organisations.models import Organisation
from cms.people.by_standing import ComposedByStanding
from cms.people.enums import Role
from cms.people.models import Membership, User
from cms.people.queries import Anybody
from cms.people.statements import KEPT, Composed
from cms.spaces import unseen
from search import showing
from tests import factories
from workflows.review import queries as review
from workflows.sharing import queries as sharing

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 9, 1, tzinfo=UTC)


def fresh(user: Anybody) -> Anybody:
    """The person as the next request meets them."""
    return User.objects.get(pk=user.pk) if isinstance(user, User) else AnonymousUser()


def every_one() -> list[Composed | ComposedByStanding]:
    """All that the product composes."""
    return [found for found in gc.get_objects() if type(found) in (Composed, ComposedByStanding)]


def asked_by(composed: Composed | ComposedByStanding, user: Anybody, keys: list[int]) -> QuerySet[Any, Any]:
    if isinstance(composed, Composed):
        return composed._build(keys)
    day = [DAY] if composed is unseen._UNSEEN else []  # which its key knows
    return composed._build(user, keys, *day)


def written(composed: Composed | ComposedByStanding, user: Anybody, keys: int = 3) -> tuple[str, list[str]]:
    sql, params = asked_by(composed, user, list(range(keys))).query.sql_with_params()
    return sql, [repr(each) for each in params]


def some_shared(place: factories.Province, number: int) -> list[Work]:
    author = factories.teacher(place)
    return [
        factories.shared(place, author, factories.resource(place, author, title=f"分数 {n}"), openly=n % 2 == 0).work
        for n in range(number)
    ]


def test_rows_are_those_of_the_orm_whatever_the_number_of_keys() -> None:
    place = factories.province()
    pks = [work.pk for work in some_shared(place, 12)]
    here, above = factories.teacher(place), factories.person("school_reviewer", place.county)
    people: list[Anybody] = [AnonymousUser(), here, above]
    for keys in (pks[:1], pks[:3], pks[:10], pks[:11], pks, [*pks[:2], *pks[:2]], [pks[0], 10**12]):
        for user in people:
            assert sorted(showing._WORKS.rows(user, keys)) == sorted(showing._WORKS._build(user, keys))
        for composed in (review.SEALED, sharing._ADOPTED):
            assert sorted(composed.rows(keys)) == sorted(composed._build(keys))
    visitors = showing._WORKS.rows(AnonymousUser(), pks)
    assert len(visitors) == 6  # what is open to everybody, nothing else
    assert len(showing._WORKS.rows(here, pks)) == 12


def test_values_are_read_as_the_orm_reads_them() -> None:
    (work,) = some_shared(factories.province(), 1)
    ((pk, uuid, _version, _tier, _rubric, _by, at),) = review.SEALED.rows([work.pk])
    assert (pk, uuid) == (work.pk, work.uuid)
    assert isinstance(uuid, UUID)
    assert isinstance(at, datetime)
    assert at.tzinfo is not None


def test_keys_are_filled_into_any_column_of_integers() -> None:
    place = factories.province()
    at_depth = Composed(lambda keys: Organisation.objects.filter(depth__in=keys).order_by().values_list("pk"))
    assert (place.school.pk,) in at_depth.rows([place.school.depth])
    assert at_depth.rows([0]) == []


def test_nothing_is_asked_for_no_keys() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert review.SEALED.rows() == []
        assert showing._WORKS.rows(AnonymousUser(), []) == []
    assert len(asked) == 0


def test_one_statement_does_for_a_person_who_stays_where_they_are() -> None:
    place = factories.province()
    reader = factories.teacher(place)
    pks = [work.pk for work in some_shared(place, 11)]
    showing._WORKS.statement.cache_clear()
    for keys in (pks[:1], pks[:10], pks[3:5]):
        showing._WORKS.rows(fresh(reader), keys)
    assert showing._WORKS.statement.cache_info().misses == 1
    showing._WORKS.rows(fresh(reader), pks)
    assert showing._WORKS.statement.cache_info().misses == 2
    Membership.objects.create(user=reader, organisation=place.county, role=Role.SCHOOL_REVIEWER)
    showing._WORKS.rows(fresh(reader), pks)
    assert showing._WORKS.statement.cache_info().misses == 3
    assert showing._WORKS.statement.cache_info().maxsize == KEPT


def test_nothing_of_a_request_stays_with_a_statement() -> None:
    reader = factories.teacher(factories.province())
    request = HttpRequest()
    user: Any = SimpleLazyObject(partial(lambda _request: fresh(reader), request))  # as the middleware makes it
    gone = weakref.ref(request)
    showing._WORKS.statement.cache_clear()
    showing._WORKS.rows(user, [1])
    assert showing._WORKS.statement.cache_info().currsize == 1
    del request, user
    gc.collect()
    assert gone() is None


def test_who_stands_elsewhere_has_rows_of_their_own() -> None:
    place = factories.province()
    reader = factories.teacher(place)
    pks = [work.pk for work in some_shared(place, 2)]
    assert len(showing._WORKS.rows(fresh(reader), pks)) == 2
    now = datetime.now(UTC)
    Membership.objects.filter(user=reader).update(since=now - timedelta(days=9), until=now - timedelta(days=1))
    assert len(showing._WORKS.rows(fresh(reader), pks)) == 1
    Membership.objects.filter(user=reader).update(until=None)
    assert len(showing._WORKS.rows(fresh(reader), pks)) == 2
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert len(showing._WORKS.rows(fresh(reader), pks)) == 1


@pytest.mark.parametrize("role", [None, *Role.values])
def test_statements_say_nothing_that_their_key_does_not_know(role: str | None) -> None:
    """What else went into one, the hour, the language, a setting of the person, would be asked with yesterday's."""
    place = factories.province()
    person = factories.person(role or "teacher", place.school)
    if role is None:
        Membership.objects.filter(user=person).delete()
    every = every_one()
    assert len(every) >= 8
    first = [written(composed, fresh(person)) for composed in every]
    User.objects.filter(pk=person.pk).update(
        name="改名", findable_since=datetime.now(UTC), last_login=datetime.now(UTC)
    )
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=9)), translation.override("en"):
        now = fresh(person)
        with CaptureQueriesContext(connection) as asked:
            assert [written(composed, now) for composed in every] == first
    assert len(asked) == 1  # where they stand, as for every page
