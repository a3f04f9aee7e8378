"""Rosters as people really send them."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

HEADINGS = (
    "姓名", "登录名", "身份证件号", "角色", "机构代码", "部门", "学段", "学科", "年级", "班级", "邮箱",
    "监护人登录名", "监护关系",
)  # fmt: skip
BORN = "33010619800101"


def number(serial: int, *, born: str = BORN) -> str:
    """A valid identity number (invented; the area is real, the person is not)."""
    seventeen = f"{born}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return seventeen + "10X98765432"[sum(int(d) * w for d, w in zip(seventeen, weights, strict=True)) % 11]


def line(**cells: Any) -> list[Any]:
    """One row of the full table, by the heading of each cell."""
    return [cells.get(heading, "") for heading in HEADINGS]


def workbook(*rows: Sequence[Any], headings: Sequence[Any] = HEADINGS, above: Sequence[Sequence[Any]] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in (*above, headings, *rows):
        sheet.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def text(*rows: Sequence[Any], headings: Sequence[Any] = HEADINGS, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(str(cell) for cell in row) for row in (headings, *rows)).encode(encoding)
