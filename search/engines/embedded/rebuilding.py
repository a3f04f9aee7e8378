"""A new file, filled beside the one in use."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from search.engines.base import Document, IndexOp
from search.engines.embedded.connections import Connections, transaction, unavailable
from search.engines.embedded.tending import merge_some
from search.engines.embedded.writing import Prepared, prepare, write

BATCH = 500  # documents of one transaction


class EmbeddedRebuild:
    """See `search.engines.base.Rebuild`."""

    def __init__(self, file: Path, connections: Connections) -> None:
        self.file = file
        self._connections = connections

    def fill(self, documents: Iterable[Document]) -> int:
        taken = 0
        for batch in _batches(prepare(IndexOp(document)) for document in documents):
            self._write(batch)
            taken += len(batch)
        return taken

    def remember(self, tombstones: Iterable[Prepared]) -> None:
        """No write that comes late undoes these deletions here either."""
        for batch in _batches(tombstones):
            self._write(batch)

    def complete(self) -> None:
        """The file says that it is whole, its full text is in one piece, and all of it is on disk."""
        connection = self._connections.get(self.file)
        unite = True
        while self._merge(unite=unite):  # in steps: who writes to both files meanwhile gets in between
            unite = False
        with transaction(connection, write=True):
            connection.execute("UPDATE meta SET value = '1' WHERE key = 'complete'")
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise unavailable(error) from error

    def _merge(self, *, unite: bool) -> bool:
        with transaction(self._connections.get(self.file), write=True) as connection:
            return merge_some(connection, unite=unite)

    def _write(self, batch: list[Prepared]) -> None:
        with transaction(self._connections.get(self.file), write=True) as connection:
            write(connection, batch)


def _batches(ops: Iterable[Prepared]) -> Iterator[list[Prepared]]:
    stream = iter(ops)
    while batch := list(islice(stream, BATCH)):
        yield batch
