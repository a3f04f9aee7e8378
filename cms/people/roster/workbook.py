"""An .xlsx workbook as lines of cells, read as a stream and within bounds."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from openpyxl import load_workbook

MAX_UNPACKED = 80 * 1024 * 1024  # bytes: a small file may unpack to a large one on purpose
MAX_COLUMNS = 60
LOOK = 10  # lines of a sheet in which the headings are looked for


@dataclass(frozen=True)
class Cell:
    """A cell as text. number: it was stored as a number, which keeps 15 digits; error: #N/A and the like."""

    text: str
    formula: bool = False
    number: bool = False
    error: bool = False


def cells_of(data: bytes, *, has_headings: Callable[[list[Cell]], bool]) -> Iterator[list[Cell]]:
    """The lines of the first sheet that has headings, of the first sheet when none has.

    Raises  whatever zip, zlib, the XML parser and openpyxl raise for a broken or encrypted file
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
            raise ValueError("unpacks to too much")
        if "[Content_Types].xml" not in packed.namelist():
            raise ValueError("a zip archive, no workbook")
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        sheets = book.worksheets
        chosen = next((s for s in sheets if any(has_headings(line) for line in islice(_lines(s), LOOK))), sheets[0])
        yield from _lines(chosen)
    finally:
        book.close()


def _lines(sheet: Any) -> Iterator[list[Cell]]:
    sheet.reset_dimensions()  # what a file says about its size need not be true
    for line in sheet.iter_rows(max_col=MAX_COLUMNS):
        yield [_cell(cell) for cell in line]


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell("")
    if cell.data_type == "f" or not isinstance(value, str | int | float | bool | dt.date | dt.time | dt.timedelta):
        return Cell("=", formula=True)
    if cell.data_type == "e":
        return Cell(str(value), error=True)
    if isinstance(value, bool):
        return Cell("是" if value else "否")
    if isinstance(value, float) and value.is_integer():
        return Cell(str(int(value)), number=True)
    return Cell(str(value), number=isinstance(value, int | float))
