"""Permission and facets of all documents, side by side: what holds the words is sifted without opening its rows.

A sheet has acl and combo of 500 neighbouring rows, as pairs of four bytes; it fills one page of the file, so a change
writes one page. Reading all sheets of 200,000 documents takes half a millisecond, looking up 8,000 of their rows six.
What `doc` holds is the truth; a row that is gone has acl 0, which nobody may see.
"""

import sqlite3
from array import array
from collections.abc import Sequence

from search.engines.embedded.schema import WRITES, meta

ROWS = 500
WIDTH = len(array("I", (0, 0)).tobytes())
EMPTY = bytes(ROWS * WIDTH)

NOBODY = 0  # the numbers of acls begin with 1


def write(connection: sqlite3.Connection, row: int, acl: int, combo: int) -> None:
    """The sheets say this of the row from now on."""
    sheet, place = divmod(row, ROWS)
    if connection.execute("SELECT 1 FROM sheet WHERE id = ?", (sheet,)).fetchone() is None:
        connection.execute("INSERT INTO sheet VALUES (?, ?)", (sheet, EMPTY))
    with connection.blobopen("sheet", "pairs", sheet) as pairs:
        pairs.seek(place * WIDTH)
        pairs.write(array("I", (acl, combo)).tobytes())


def erase(connection: sqlite3.Connection, row: int) -> None:
    """Nobody may see the row from now on."""
    write(connection, row, NOBODY, 0)


class Sheets:
    """The sheets of one file as they were read last, for all threads; read again once something was written."""

    def __init__(self) -> None:
        self._of: tuple[str, tuple[Sequence[int], Sequence[int]]] = ("", ((), ()))

    def read(self, connection: sqlite3.Connection) -> tuple[Sequence[int], Sequence[int]]:
        """The acl of every row, and its combo, in the view of the open transaction."""
        writes = meta(connection, WRITES)
        held, numbers = self._of
        if held != writes:
            numbers = _read(connection)
            self._of = (writes, numbers)
        return numbers


def _read(connection: sqlite3.Connection) -> tuple[Sequence[int], Sequence[int]]:
    # No sheet is left out: a new row stands behind the last one there is.
    pairs = b"".join(data for (data,) in connection.execute("SELECT pairs FROM sheet ORDER BY id"))
    numbers = memoryview(pairs).cast("I")  # looked at, never copied: copying takes five times as long as reading
    return numbers[0::2], numbers[1::2]
