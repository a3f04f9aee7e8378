"""Fixtures of the whole suite."""

import importlib.util
from collections.abc import Iterator
from types import ModuleType

import pytest
from django.core.cache import cache
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed
from hypothesis import settings as hypothesis_settings

from cms.audit import triggers
from cms.config.settings.base import BASE_DIR
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


@pytest.fixture(scope="session")
def messages() -> ModuleType:
    """bin/support/messages.py, which is a program and in no package."""
    spec = importlib.util.spec_from_file_location("messages", BASE_DIR / "bin" / "support" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def compiled(messages: ModuleType) -> None:
    """The catalogues as they are now, whatever Django has read before."""
    messages.compile_all()
    for source in messages.catalogues():
        translation_file_changed(None, source.with_suffix(".mo"))
