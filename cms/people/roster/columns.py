"""The columns of a roster and their order in the template; a file may have them in any order."""

import re
import unicodedata
from enum import StrEnum

from cms.people.enums import Relation, Role


class Column(StrEnum):
    """A column, by the heading people write."""

    NAME = "姓名"
    LOGIN = "登录名"
    IDENTITY = "身份证件号"
    ROLE = "角色"
    ORGANISATION = "机构代码"
    DEPARTMENT = "部门"
    STAGE = "学段"
    SUBJECT = "学科"
    GRADE = "年级"
    CLASS = "班级"
    EMAIL = "邮箱"
    GUARDIAN = "监护人登录名"
    RELATION = "监护关系"


ALIASES = {
    "账号": Column.LOGIN,
    "帐号": Column.LOGIN,
    "用户名": Column.LOGIN,
    "身份证号": Column.IDENTITY,
    "身份证号码": Column.IDENTITY,
    "身份证": Column.IDENTITY,
    "证件号码": Column.IDENTITY,
    "身份证件号码": Column.IDENTITY,
    "身份": Column.ROLE,
    "学校代码": Column.ORGANISATION,
    "单位代码": Column.ORGANISATION,
    "机构编码": Column.ORGANISATION,
    "学校标识码": Column.ORGANISATION,
    "科室": Column.DEPARTMENT,
    "任教学段": Column.STAGE,
    "任教学科": Column.SUBJECT,
    "任教年级": Column.GRADE,
    "电子邮箱": Column.EMAIL,
    "电子邮件": Column.EMAIL,
    "邮箱地址": Column.EMAIL,
    "监护人账号": Column.GUARDIAN,
    "家长登录名": Column.GUARDIAN,
    "与学生关系": Column.RELATION,
}

REQUIRED = (Column.NAME, Column.ROLE)

ROLES: dict[str, Role] = {
    "教师": Role.TEACHER,
    "校级审核员": Role.SCHOOL_REVIEWER,
    "评审专家": Role.EXPERT,
    "评审管理员": Role.REVIEW_MANAGER,
    "发布员": Role.PUBLISHER,
    "栏目编辑": Role.EDITOR,
    "管理员": Role.ADMINISTRATOR,
    "运维人员": Role.OPERATOR,
    "学生": Role.PUPIL,
    "家长": Role.PARENT,
}
"""What a file calls the roles: Chinese in every language of the screens."""

ROLE_WORDS = ROLES | {
    "老师": Role.TEACHER,
    "任课教师": Role.TEACHER,
    "校级审核": Role.SCHOOL_REVIEWER,
    "专家": Role.EXPERT,
    "监护人": Role.PARENT,
}

RELATIONS: dict[str, Relation] = {
    "父亲": Relation.FATHER,
    "母亲": Relation.MOTHER,
    "祖辈": Relation.GRANDPARENT,
    "其他监护人": Relation.OTHER,
}

RELATION_WORDS = RELATIONS | {
    "爸爸": Relation.FATHER,
    "妈妈": Relation.MOTHER,
    "祖父": Relation.GRANDPARENT,
    "祖母": Relation.GRANDPARENT,
    "外祖父": Relation.GRANDPARENT,
    "外祖母": Relation.GRANDPARENT,
    "爷爷": Relation.GRANDPARENT,
    "奶奶": Relation.GRANDPARENT,
    "其他": Relation.OTHER,
}

_LIST = re.compile(r"[、,，;；/\s]+")
_NOTE = re.compile(r"\(.*?\)|（.*?）|[*＊:：\s]")


def column_of(heading: str) -> Column | None:
    """The column a heading means, whatever spaces, stars and notes in brackets stand around it."""
    word = _NOTE.sub("", unicodedata.normalize("NFKC", heading))
    try:
        return Column(word)
    except ValueError:
        return ALIASES.get(word)


def several(text: str) -> list[str]:
    """The parts of a cell that holds several values: 教师、专家."""
    return [part for part in _LIST.split(text) if part]
