"""A grant stands once, on SQLite as on PostgreSQL, for an organisation as for visitors."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from cms.library.models import Grant
from tests import factories

pytestmark = pytest.mark.django_db


def test_grant_stands_once_for_visitors_and_for_each_organisation() -> None:
    place = factories.province()
    work = factories.resource(place, factories.teacher(place))
    for organisation in (None, place.school):
        Grant.objects.create(work=work, organisation=organisation)
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(work=work, organisation=organisation)
    assert work.grants.count() == 2


def test_twins_of_before_are_dropped() -> None:
    place = factories.province()
    work = factories.resource(place, factories.teacher(place))
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX grant_once_for_visitors")  # as it was on SQLite; rolled back with the test
    first, _second = (Grant.objects.create(work=work, organisation=None) for _ in range(2))
    import_module("cms.library.migrations.0003_grant_once_on_both_databases").drop_twins(apps, None)
    assert list(work.grants.all()) == [first]
