"""Files become rows, or one clear sentence."""

import io
import random
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from cms.people.roster import identity, reading
from cms.people.roster.columns import Column
from cms.people.roster.reading import UnreadableRoster, read
from cms.people.roster.template import template
from tests.people.rosters import HEADINGS, line, number, text, workbook

ROW = line(姓名="沈若溪", 登录名="shenruoxi", 角色="教师")


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableRoster) as caught:
        read(data)
    return str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        workbook(ROW),
        text(ROW),
        text(ROW, encoding="utf-8-sig"),
        text(ROW, encoding="gbk"),
        text(ROW, encoding="gb18030"),
        text(ROW, encoding="utf-16"),
        "\t".join(HEADINGS).encode() + b"\n" + "\t".join(ROW).encode(),
    ],
    ids=["xlsx", "utf-8", "utf-8 with mark", "gbk", "gb18030", "utf-16", "tabs"],
)
def test_read_takes_workbooks_and_text_of_any_usual_encoding(data: bytes) -> None:
    (row,) = read(data).rows
    assert (row.line, row.cells, row.flaws) == (2, {"姓名": "沈若溪", "登录名": "shenruoxi", "角色": "教师"}, [])


def test_read_finds_headings_in_any_order_below_a_title() -> None:
    data = workbook(
        [1, " 教师 ", "沈若溪", "shenruoxi", "x"],
        [],
        [2, "教师", "陆怀瑾", "lu", ""],
        headings=["序号", "角 色（必填）", "*姓名", "账号：", "备注"],
        above=[["2026学年教师名册"], []],
    )
    sheet = read(data)
    assert [(row.line, row.text(Column.NAME), row.text(Column.ROLE)) for row in sheet.rows] == [
        (4, "沈若溪", "教师"),
        (6, "陆怀瑾", "教师"),
    ]
    assert sheet.ignored == ["序号", "备注"]


def test_read_takes_the_sheet_that_has_the_headings() -> None:
    book = Workbook()
    book.active.append(["填写说明"])
    book.create_sheet("名册").append(list(HEADINGS))
    book["名册"].append(ROW)
    packed = io.BytesIO()
    book.save(packed)
    assert len(read(packed.getvalue()).rows) == 1


def test_read_refuses_formulas_errors_and_what_cannot_be_seen() -> None:
    book = Workbook()
    book.active.append(list(HEADINGS))
    book.active.append(line(姓名="=A1", 登录名="#N/A", 角色="教\n师", 班级="\u202e三班", 邮箱="x" * 200))
    book.active["B2"].data_type = "e"
    packed = io.BytesIO()
    book.save(packed)
    (row,) = read(packed.getvalue()).rows
    assert [flaw.column for flaw in row.flaws] == ["姓名", "登录名", "角色", "班级", "邮箱"]
    assert "公式" in row.flaws[0].sentence
    assert row.cells == {}
    (row,) = read(text(line(姓名="=HYPERLINK(1)", 角色="教师"))).rows
    assert [flaw.column for flaw in row.flaws] == ["姓名"]


def test_read_keeps_identity_numbers_only_as_hashes() -> None:
    given = number(1)
    (row,) = read(workbook(line(姓名="沈若溪", 角色="教师", 身份证件号=given[:6] + " " + given[6:].lower()))).rows
    assert row.identity == identity.fingerprint(given)
    assert given not in repr(row)
    assert "身份证件号" not in row.cells


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (int(number(2)[:17] + "0"), "丢失"),
        (number(1)[:17] + ("0" if number(1)[17] != "0" else "1"), "18 位"),
        ("330106198013010011", "18 位"),
        ("330106299901010011", "18 位"),
        ("３３０", "18 位"),
        ("33010619800101001x9", "18 位"),
    ],
)
def test_read_refuses_wrong_identity_numbers_without_repeating_them(given: object, word: str) -> None:
    (row,) = read(workbook(line(姓名="沈若溪", 角色="教师", 身份证件号=given))).rows
    (flaw,) = row.flaws
    assert word in flaw.sentence
    assert str(given) not in repr(row)


def test_read_takes_numbers_as_they_were_meant() -> None:
    (row,) = read(workbook(line(姓名="张三", 登录名=20260101, 角色="学生", 机构代码=3301060001.0))).rows
    assert (row.text(Column.LOGIN), row.text(Column.ORGANISATION)) == ("20260101", "3301060001")


def zipped(**parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空的"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"\xd0\xcf\x11\xe0 Workbook", ".xls"),
        (b"PK\x03\x04 broken", ".xlsx"),
        (zipped(word="document"), ".xlsx"),
        (workbook(ROW)[:-400], ".xlsx"),
        (b"%PDF-1.7 \xe4", "不是表格"),
        (b"\x89PNG\r\n\x1a\n\0\0", "不是表格"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "不是表格"),
        ("<html>名册</html>".encode(), "表头"),
        (text(headings=HEADINGS), "没有人员"),
        (text(["沈若溪", "x"], headings=["姓名", "登录名"]), "缺少“角色”"),
        (text(ROW, headings=["姓名", "角色", "姓名"]), "两次"),
        (workbook(ROW, headings=["人员信息"]), "表头"),
        (b"x" * (reading.MAX_BYTES + 1), "5 MB"),
        ('姓名,角色\n"沈,\x00教师'.encode(), "不是表格"),
    ],
)
def test_read_refuses_with_a_sentence(data: bytes, word: str) -> None:
    assert word in refused(data)


def test_damaged_workbook_is_read_or_refused_in_a_sentence() -> None:
    sound, chance, said = workbook(ROW, ROW), random.Random(20260710), set()
    for _number in range(200):
        data = bytearray(sound)
        for _flip in range(chance.choice((1, 1, 2, 8))):
            data[chance.randrange(4, len(data))] ^= chance.randrange(1, 256)
        try:
            read(bytes(data))
        except UnreadableRoster as error:
            said.add(str(error)[-1])
    assert said == {"。"}


def test_workbook_with_a_password_of_the_archive_is_refused_in_a_sentence() -> None:
    data = bytearray(workbook(ROW))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1  # the flag that says so
            at = data.find(mark, at + 4)
    assert ".xlsx" in refused(bytes(data))


def test_read_is_bounded_in_rows_lines_and_unpacked_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    assert "最多 2 人" in refused(text(ROW, ROW, ROW))
    assert len(read(text(ROW, ROW)).rows) == 2
    book = Workbook()
    book.active.append(list(HEADINGS))
    book.active[f"{get_column_letter(1)}1048576"] = "沈若溪"
    packed = io.BytesIO()
    book.save(packed)
    assert "空白行" in refused(packed.getvalue())
    assert ".xlsx" in refused(zipped(**{"[Content_Types].xml": "0" * (90 * 1024 * 1024)}))


def test_template_reads_back_as_an_empty_roster_with_all_columns() -> None:
    assert "没有人员" in refused(template())
    from openpyxl import load_workbook

    assert [cell.value for cell in load_workbook(io.BytesIO(template()))["名册"][1]] == [c.value for c in Column]
