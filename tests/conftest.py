"""Fixtures of the whole suite."""

from collections.abc import Iterator

import pytest

from cms.audit import triggers
from tests.services import need_of_marks


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test whose service is missing is skipped, or fails under REQUIRE_SERVICES=1."""
    need_of_marks(item)


@pytest.fixture
def committed_db(transactional_db: None) -> Iterator[None]:
    """A database whose transactions really commit. Append-only triggers step aside while it is emptied."""
    yield
    triggers.drop()  # the flush that follows makes them again
