"""Fixtures of the review room's tests."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture
def parallel_db(committed_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads share: PostgreSQL as it is; SQLite as a file, for in memory one connection is all.

    The file is a copy of the freshly migrated test database; the connection's name is put back afterwards.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    kept, name = connection.connection, connection.settings_dict["NAME"]
    path = tmp_path / "parallel.sqlite3"
    with sqlite3.connect(path) as target:
        kept.backup(target)
    target.close()
    connection.connection = None
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        connection.connection = kept
