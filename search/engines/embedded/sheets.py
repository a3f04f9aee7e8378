"""What sifting and ranking ask of every document, side by side: what holds the words is gone through without opening
its rows.

A sheet has the records of 160 neighbouring rows; it fills one page of the file, so a change writes one page. Reading
all sheets of 200,000 documents takes two milliseconds, looking up 8,000 of their rows in `doc` twenty.
What `doc` holds is the truth; a row that is gone has acl 0, which nobody may see.
"""

import sqlite3
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.engines.embedded.schema import WRITES, meta

RECORD = np.dtype([("acl", "<u4"), ("combo", "<u4"), ("adoptions", "<i8"), ("published", "<i8")])
WRITTEN = struct.Struct("<IIqq")  # the same
ROWS = 160
EMPTY = bytes(ROWS * WRITTEN.size)

NOBODY = 0  # the numbers of acls begin with 1
NEVER = -(2**63)  # published: sorted behind all that was

Records = NDArray[Any]
"""A RECORD for every row; the place is the row's number."""


def write(
    connection: sqlite3.Connection, row: int, acl: int, combo: int, adoptions: int, published: int | None
) -> None:
    """The sheets say this of the row from now on."""
    sheet, place = divmod(row, ROWS)
    if connection.execute("SELECT 1 FROM sheet WHERE id = ?", (sheet,)).fetchone() is None:
        connection.execute("INSERT INTO sheet VALUES (?, ?)", (sheet, EMPTY))
    with connection.blobopen("sheet", "records", sheet) as records:
        records.seek(place * WRITTEN.size)
        records.write(WRITTEN.pack(acl, combo, adoptions, NEVER if published is None else published))


def erase(connection: sqlite3.Connection, row: int) -> None:
    """Nobody may see the row from now on."""
    write(connection, row, NOBODY, 0, 0, None)


class Sheets:
    """The sheets of one file as they were read last, for all threads; read again once something was written."""

    def __init__(self) -> None:
        self._of: tuple[str, Records] = ("", np.empty(0, RECORD))

    def read(self, connection: sqlite3.Connection) -> Records:
        """The record of every row, in the view of the open transaction."""
        writes = meta(connection, WRITES)
        held, records = self._of
        if held != writes:
            records = _read(connection)
            self._of = (writes, records)
        return records


def _read(connection: sqlite3.Connection) -> Records:
    # No sheet is left out: a new row stands behind the last one there is.
    return np.frombuffer(
        b"".join(data for (data,) in connection.execute("SELECT records FROM sheet ORDER BY id")), RECORD
    )
