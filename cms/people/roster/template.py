"""The empty roster that is downloaded, filled in, and uploaded again."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from cms.people.roster.columns import RELATIONS, REQUIRED, ROLES, Column

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {Column.IDENTITY: 24, Column.ORGANISATION: 16, Column.EMAIL: 26, Column.GUARDIAN: 18}
HELP = (
    ("姓名", "必填。"),
    ("登录名", "新人员必填；已经在系统里的人，写登录名或身份证件号都能找到。字母、数字和 @ . + - _ 都可以。"),
    ("身份证件号", "18 位居民身份证号。系统只保存加密后的标识，不保存号码。可以不填。"),
    ("角色", f"必填，可以写几个，用“、”隔开：{'、'.join(ROLES)}。"),
    ("机构代码", "不填就是您导入时选择的机构。"),
    ("部门", "机构里已有的部门名称，例如 教研室。"),
    ("学段", "例如 小学、初中、高中。"),
    ("学科", "教师任教的学科，例如 数学。学生不填。"),
    ("年级", "教师可以写几个，例如 三年级、四年级；学生写一个。"),
    ("班级", "学生所在的班，例如 三（2）班。"),
    ("邮箱", "可以不填，不填就没有邮件通知。"),
    ("监护人登录名", "只有学生填。监护人要在系统里，或者也在这份名册里（角色写“家长”）。几位用“、”隔开。"),
    (
        "监护关系",
        f"与监护人一一对应：{'、'.join(RELATIONS)}。不填就是“其他监护人”。",
    ),
)


def template() -> bytes:
    """An .xlsx file with the headings, columns as text so that no digit is lost, and a sheet that explains."""
    book = Workbook()
    sheet = book.active
    sheet.title = "名册"
    sheet.freeze_panes = "A2"
    for number, column in enumerate(Column, 1):
        cell = sheet.cell(row=1, column=number, value=column.value)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFF1D6" if column in REQUIRED else "EFEDE8")
        letter = sheet.column_dimensions[get_column_letter(number)]
        letter.width = WIDTHS.get(column, 12)
        letter.number_format = "@"
        for line in range(2, 502):
            sheet.cell(row=line, column=number).number_format = "@"
    about = book.create_sheet("填写说明")
    about.column_dimensions["A"].width = 16
    about.column_dimensions["B"].width = 90
    for words in HELP:
        about.append(words)
    for cells in about.iter_rows():
        cells[1].alignment = Alignment(wrap_text=True, vertical="top")
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()
