"""What every test of the outbox begins with."""

from collections.abc import Iterator

import pytest

from cms.outbox import handlers


@pytest.fixture(autouse=True)
def own_handlers() -> Iterator[None]:
    """Each test registers its own; what the product has stays."""
    before = dict(handlers._handlers)
    yield
    handlers._handlers.clear()
    handlers._handlers.update(before)
