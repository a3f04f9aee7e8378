"""From the bytes of a file to rows of text, with what is wrong in single cells. Knows no database.

An .xlsx workbook (its first sheet that has the headings) or a CSV text in UTF-8, UTF-16 or GB18030. What the file is
is told by its content. No formula is believed: the value that Excel last stored beside it may be old.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cms.people.roster import identity
from cms.people.roster.columns import REQUIRED, Column, column_of
from cms.people.roster.workbook import Cell, cells_of

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000
MAX_LINES = 50_000  # of the sheet, empty ones included
MAX_CELL = 150  # characters
NARROW = frozenset({Column.LOGIN, Column.IDENTITY, Column.ORGANISATION, Column.EMAIL, Column.GUARDIAN})
HEADING_WITHIN = 10  # first lines in which the headings are looked for, below a title


class UnreadableRoster(Exception):
    """The file as a whole cannot be taken; the text is the sentence for its owner."""


@dataclass(frozen=True)
class Flaw:
    """What is wrong with one cell (`column` empty: with the whole row)."""

    column: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """One person of the file. `identity` is the hash of the number; the number itself is in no field."""

    line: int
    cells: dict[str, str]
    identity: str = ""
    flaws: list[Flaw] = field(default_factory=list)

    def text(self, column: Column) -> str:
        return self.cells.get(column.value, "")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Row":
        return cls(data["line"], data["cells"], data["identity"], [Flaw(**flaw) for flaw in data["flaws"]])


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, the columns it has, and headings that mean nothing to us."""

    rows: list[Row]
    columns: list[str]
    ignored: list[str] = field(default_factory=list)


def read(data: bytes) -> Sheet:
    """The rows of the file. Raises UnreadableRoster."""
    if not data:
        raise UnreadableRoster(_("文件是空的，请选择填好的名册。"))
    if len(data) > MAX_BYTES:
        raise UnreadableRoster(_("文件超过 5 MB。名册里请只放文字，不放图片；人数多时请分成几份。"))
    lines = _filled(_lines(data))
    headings, columns = _headings(lines)
    rows: list[Row] = []
    for line, cells in lines:
        if len(rows) == MAX_ROWS:
            raise UnreadableRoster(_("一份名册最多 %d 人，请分成几份导入。") % MAX_ROWS)
        rows.append(_row(line, columns, cells))
    if not rows:
        raise UnreadableRoster(_("表头下面没有人员。请每人填一行后重新上传。"))
    ignored = [heading for heading, column in zip(headings, columns, strict=True) if heading and column is None]
    return Sheet(rows, [column.value for column in columns if column], ignored)


def _filled(lines: Iterable[tuple[int, list[Cell]]]) -> Iterator[tuple[int, list[Cell]]]:
    """The lines that have something in them."""
    for line, cells in lines:
        if line > MAX_LINES:
            raise UnreadableRoster(_("表格超过 %d 行。请删去名册下面的空白行后重新上传。") % MAX_LINES)
        if any(cell.text.strip() for cell in cells):
            yield line, cells


def _headings(lines: Iterator[tuple[int, list[Cell]]]) -> tuple[list[str], list[Column | None]]:
    """The first line that is one, below a title perhaps: its words and the columns they mean."""
    for line, cells in lines:
        if line > HEADING_WITHIN:
            break
        columns = [column_of(cell.text) for cell in cells]
        if Column.NAME in columns and len([column for column in columns if column]) > 1:
            _require_sound(columns)
            return [cell.text.strip() for cell in cells], columns
    raise UnreadableRoster(
        _("没有找到表头。请在第一行写列名，至少有“姓名”和“角色”；最省事的办法是下载模板，把人员粘贴进去。")
    )


def _lines(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """(line number from 1, cells) of the first sheet with headings, or of the text."""
    if data.startswith(b"PK\x03\x04"):
        return _workbook_lines(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableRoster(_("文件设了密码，无法读取。请在 Excel 里取消密码、另存后再上传。"))
        raise UnreadableRoster(_("这是旧版 Excel 文件（.xls）。请在 Excel 里另存为 .xlsx 后再上传。"))
    return _text_lines(_decoded(data))


def _workbook_lines(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    try:
        yield from enumerate(cells_of(data, has_headings=_has_headings), 1)
    except Exception as error:
        # Whatever zip, zlib, the XML parser and openpyxl come upon in bytes of strangers; none of them promises a list.
        raise UnreadableRoster(_("这不是完好的 .xlsx 文件。请用 Excel 或 WPS 打开、另存为 .xlsx 后再上传。")) from error


def _has_headings(line: Iterable[Cell]) -> bool:
    return any(column_of(cell.text) is Column.NAME for cell in line)


def _decoded(data: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with its mark, or GB18030, which holds GBK."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and not text.startswith("%PDF"):
            return text
    raise UnreadableRoster(_("这个文件不是表格。请上传 .xlsx 文件，或 UTF-8、GBK 编码的 .csv 文件。"))


def _text_lines(text: str) -> Iterator[tuple[int, list[Cell]]]:
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",\t;，", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [Cell(text=cell, formula=cell.lstrip().startswith("=")) for cell in cells]
    except csv.Error as error:
        raise UnreadableRoster(_("第 %d 行读不出来：引号没有成对。请改正后重新上传。") % reader.line_num) from error


def _require_sound(columns: list[Column | None]) -> None:
    for column in Column:
        if columns.count(column) > 1:
            raise UnreadableRoster(_("“%s”这一列出现了两次，请只留一列。") % column.value)
    missing = [column.value for column in REQUIRED if column not in columns]
    if missing:
        raise UnreadableRoster(_("表头里缺少“%s”这一列。若表头是合并单元格，请先取消合并。") % _("、").join(missing))


def _row(line: int, columns: list[Column | None], cells: list[Cell]) -> Row:
    texts: dict[str, str] = {}
    flaws: list[Flaw] = []
    hashed = ""
    for number, cell in enumerate(cells):
        column = columns[number] if number < len(columns) else None
        if column is None:
            continue
        text, sentence = _cleaned(cell, keep_width=column not in NARROW)
        if sentence:
            flaws.append(Flaw(column.value, sentence))
        elif column is Column.IDENTITY:
            hashed, sentence = _identity(text.upper().replace(" ", ""), cell)
            if sentence:
                flaws.append(Flaw(column.value, sentence))
        elif text:
            texts[column.value] = text
    return Row(line, texts, hashed, flaws)


def _cleaned(cell: Cell, *, keep_width: bool) -> tuple[str, str]:
    """(text, what is wrong). Names keep their very characters; what is a key is brought to one width."""
    if cell.formula:
        return "", _("这是公式，不能确定结果。请改成文字：复制，再“选择性粘贴 - 数值”。")
    if cell.error:
        return "", _("单元格里是错误值，请改成文字。")
    text = (cell.text if keep_width else unicodedata.normalize("NFKC", cell.text)).strip()
    if any(unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs") for character in text):
        return "", _("含有换行或看不见的字符，请删去后重新输入。")
    if len(text) > MAX_CELL:
        return "", _("太长了，最多 %d 个字。") % MAX_CELL
    return text, ""


def _identity(number: str, cell: Cell) -> tuple[str, str]:
    """(hash, what is wrong) of an identity number; no sentence repeats the number."""
    if not number:
        return "", ""
    if cell.number and len(number) > 15:
        return "", _("身份证件号被存成了数字，后几位已经丢失。请把这一列设为“文本”格式再重新输入。")
    if not identity.is_valid(number):
        return "", _("身份证件号不对：应为 18 位，且最后一位要与前面的数字相符。请核对证件。")
    return identity.fingerprint(number), ""
