"""Fixtures of the whole suite."""

from collections.abc import Iterator

import pytest

from cms.audit import triggers


@pytest.fixture
def committed_db(transactional_db: None) -> Iterator[None]:
    """A database whose transactions really commit. Append-only triggers step aside while it is emptied."""
    yield
    triggers.drop()  # the flush that follows makes them again
