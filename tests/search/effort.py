"""What a statement costs, told by the database itself: the same on every machine, however busy."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

COUNTED = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite counts what it does")


@contextmanager
def steps() -> Iterator[list[int]]:
    """How many instructions SQLite carried out, in hundreds; [0] once it is over."""
    found = [0]

    def counted() -> int:
        found[0] += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(counted, 100)
    try:
        yield found
    finally:
        connection.connection.set_progress_handler(None, 0)
