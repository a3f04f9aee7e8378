"""Fixtures of the whole suite."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from cms.audit import triggers
from tests import factories, services
from tests.factories import Province

# A busy machine is slow, not wrong: no example has a deadline, the test's own timeout stands.
hypothesis_settings.register_profile("wandering", deadline=None)
# CI takes the same examples each time: what it refuses is the change, not the luck of the draw.
hypothesis_settings.register_profile("settled", deadline=None, derandomize=True)
hypothesis_settings.load_profile("settled" if services.required() else "wandering")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test whose service is missing is skipped, or fails under REQUIRE_SERVICES=1."""
    services.need_of_marks(item)


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Nothing that an earlier test left in the cache, such as labels of rows that are gone."""
    cache.clear()


@pytest.fixture(autouse=True)
def own_language() -> None:
    """The language of the last request of an earlier test is not this one's."""
    translation.deactivate()


@pytest.fixture
def committed_db(transactional_db: None) -> Iterator[None]:
    """A database whose transactions really commit. Append-only triggers step aside while it is emptied."""
    yield
    triggers.drop()  # the flush that follows makes them again


@pytest.fixture
def place(db: None) -> Province:
    """A province with one of everything."""
    return factories.province()
