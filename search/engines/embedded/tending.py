"""Idle time: old tombstones are taken away, the full text's pieces merged; each step is one short write."""

import sqlite3
import time

from search.engines.limits import REMEMBERED

BURY = 500  # tombstones of one step
MERGE = 500  # pages moved in one step of merging


def tend_some(connection: sqlite3.Connection) -> bool:
    """One step, in the open transaction; False when nothing is left to do."""
    return bury_some(connection) or merge_some(connection)


def bury_some(connection: sqlite3.Connection) -> bool:
    """One step of taking away tombstones so old that no late write can come any more; False when there was none."""
    old = "SELECT id FROM tombstone WHERE gone < ? LIMIT ?"
    done = connection.execute(f"DELETE FROM tombstone WHERE id IN ({old})", (int(time.time()) - REMEMBERED, BURY))
    return done.rowcount > 0


def merge_some(connection: sqlite3.Connection, *, unite: bool = False) -> bool:
    """One step of merging the full text's segments, in the open transaction; False when there is none left.

    unite  begin with making one of all of them; the steps after it go on with that
    """
    before = connection.total_changes
    connection.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", (-MERGE if unite else MERGE,))
    # As SQLite's documentation has it: fewer than two changes mean that nothing was merged.
    return connection.total_changes - before >= 2
