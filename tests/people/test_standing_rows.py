"""Who somebody is and where they stand, read as plain rows: the same people and offices as the ORM reads."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.db.models import Q
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cms.people.backends import LockOutBackend
from cms.people.enums import Role
from cms.people.models import Membership, User
from cms.people.queries import governing, standing
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def fresh(user: User) -> User:
    found = LockOutBackend().get_user(user.pk)
    assert found is not None
    return found


def values(one: Membership | User) -> dict[str, object]:
    return {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}


def test_session_gives_the_whole_person_and_nobody_who_is_gone() -> None:
    place = factories.province()
    person = factories.teacher(place)
    other = factories.teacher(place)
    found = fresh(person)
    assert values(found) == values(User.objects.get(pk=person.pk))
    assert (found._state.adding, found._state.db, found.get_deferred_fields()) == (False, "default", set())
    found.name = "改过的名字"
    found.save(update_fields=["name"])
    assert fresh(person).name == "改过的名字"
    assert fresh(other).pk == other.pk
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert LockOutBackend().get_user(person.pk) is None
    assert LockOutBackend().get_user(10**12) is None


def test_session_of_somebody_shut_out_is_a_visitors() -> None:
    person = factories.teacher(factories.province())
    client = Client()
    client.force_login(person)
    assert client.get("/search/").wsgi_request.user == person
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert SESSION_KEY in client.session
    assert not client.get("/search/").wsgi_request.user.is_authenticated


def test_offices_are_those_that_hold_now_each_with_its_place(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    place = factories.province()
    person = factories.teacher(place)
    factories.teacher(place, place.other_school)
    Membership.objects.filter(user=person).update(since=NOW - timedelta(days=9))
    ends = (NOW - timedelta(days=1), NOW, NOW + timedelta(microseconds=1), None)
    for role, until in zip((Role.SCHOOL_REVIEWER, Role.ADMINISTRATOR, Role.EDITOR, Role.PUBLISHER), ends, strict=True):
        Membership.objects.create(
            user=person, organisation=place.county, role=role, since=NOW - timedelta(days=9), until=until
        )
    with time_machine.travel(NOW, tick=False):
        someone = fresh(person)
        with django_assert_num_queries(1):
            held = standing(someone).memberships
            places = [str(each.organisation.path) for each in held]
        expected = Membership.objects.filter(Q(until=None) | Q(until__gt=NOW), user=person).order_by("pk")
        assert [values(each) for each in held] == [values(each) for each in expected]
        assert places == [each.organisation.path for each in expected]
        assert len(held) == 3
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        assert len(standing(fresh(person)).memberships) == 2


def test_governing_people_are_those_whose_standing_governs() -> None:
    place = factories.province()
    for tier in (place.province, place.county, place.school):
        for role in ("operator", "administrator", "teacher"):
            factories.person(role, tier)
    gone = factories.person("operator", place.province)
    gone.memberships.update(until=datetime.now(UTC))
    User.objects.filter(pk=factories.person("operator", place.province).pk).update(is_active=False)

    assert set(governing()) == {user for user in User.objects.all() if standing(user).governs}
    assert governing().count() == 2


def test_rules_are_set_by_administrators_of_the_province_and_not_by_who_runs_it() -> None:
    place = factories.province()
    expected = {
        ("administrator", place.province): (True, True),
        ("operator", place.province): (True, False),
        ("administrator", place.county): (False, False),
        ("teacher", place.province): (False, False),
    }
    people = {of: standing(factories.person(*of)) for of in expected}
    assert {of: (who.governs, who.administers_the_province) for of, who in people.items()} == expected
