"""What single cells of a row mean, and what is wrong with them. Each function fills in one part of the planned row."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from cms.organisations.enums import Tier
from cms.organisations.models import Organisation
from cms.people import rules
from cms.people.enums import Role
from cms.people.models import User
from cms.people.roster.columns import RELATION_WORDS, ROLE_WORDS, ROLES, Column, several
from cms.people.roster.directory import Directory, login_key
from cms.people.roster.planned import Planned

MAX_NAME = 50
MAX_CLASS = 40


def check_name(planned: Planned, directory: Directory, by: User, own: Organisation) -> None:
    """A name of letters."""
    name = planned.name
    if planned.has_flaw(Column.NAME):
        return
    if not name:
        planned.wrong(Column.NAME, _("请填写姓名。"))
    elif len(name) > MAX_NAME or not all(unicodedata.category(c)[0] == "L" or c in "·•.-' " for c in name):
        planned.wrong(Column.NAME, _("姓名只能用文字和间隔号“·”，最多 50 个字。"))


def check_organisation(planned: Planned, directory: Directory, by: User, own: Organisation) -> None:
    """The organisation, in the care of `by`, and a department of it."""
    if planned.has_flaw(Column.ORGANISATION):
        return
    code = planned.row.text(Column.ORGANISATION) or own.code
    place = directory.organisations.get(code)
    if place is None:
        planned.wrong(Column.ORGANISATION, _("没有代码为“%s”的机构，请核对学校标识码或行政区划代码。") % code)
        return
    if not rules.in_care(rules.administered(by), place):
        planned.wrong(Column.ORGANISATION, _("“%s”不归您管理，请由那里的管理员导入。") % place)
        return
    if not place.is_active:
        planned.wrong(Column.ORGANISATION, _("“%s”已停用。") % place)
        return
    planned.organisation = place
    name = planned.row.text(Column.DEPARTMENT)
    if name:
        planned.department = directory.departments.get((place.pk, name))
        if planned.department is None:
            planned.wrong(Column.DEPARTMENT, _("“%(place)s”没有“%(name)s”这个部门。") % {"place": place, "name": name})


def check_roles(planned: Planned, directory: Directory, by: User, own: Organisation) -> None:
    """Roles that exist, fit the tier, and that `by` may give."""
    if planned.has_flaw(Column.ROLE):
        return
    words = several(planned.row.text(Column.ROLE))
    if not words:
        planned.wrong(Column.ROLE, _("请填写角色，例如 教师。"))
    for word in dict.fromkeys(words):
        role = ROLE_WORDS.get(word)
        if role is None:
            known = "、".join(ROLES)
            planned.wrong(
                Column.ROLE, _("没有“%(word)s”这个角色。可以填：%(known)s。") % {"word": word, "known": known}
            )
        elif planned.organisation is None or role in planned.roles:
            continue
        elif role in rules.SCHOOL_ROLES and planned.organisation.tier != Tier.SCHOOL:
            planned.wrong(Column.ROLE, _("“%s”只能属于学校，请填写学校的机构代码。") % role.label)
        elif not rules.may_grant(by, role, planned.organisation):
            planned.wrong(Column.ROLE, _("这里的“%s”要由省级管理员或该机构自己的管理员设立。") % role.label)
        else:
            planned.roles.append(role)
    if Role.PUPIL in planned.roles and len(planned.roles) > 1:
        planned.wrong(Column.ROLE, _("学生不能同时有别的角色。"))


def check_curriculum(planned: Planned, directory: Directory, by: User, own: Organisation) -> None:
    """Stage, subject and grades that exist and belong together."""
    row = planned.row
    if name := row.text(Column.STAGE):
        planned.stage = directory.stages.get(name)
        if planned.stage is None:
            words = "、".join(directory.stages)
            planned.wrong(
                Column.STAGE, _("没有“%(name)s”这个学段。可以填：%(words)s。") % {"name": name, "words": words}
            )
            return
    if name := row.text(Column.SUBJECT):
        planned.subject = directory.subjects.get(name)
        if planned.subject is None:
            planned.wrong(Column.SUBJECT, _("没有“%s”这个学科，请用课程表里的名称，例如 数学。") % name)
        elif planned.stage and planned.stage.pk not in directory.subject_stages[planned.subject.pk]:
            planned.wrong(
                Column.SUBJECT, _("%(stage)s没有“%(name)s”这个学科。") % {"stage": planned.stage, "name": name}
            )
    for name in dict.fromkeys(several(row.text(Column.GRADE))):
        matching = [
            grade for grade in directory.grades.get(name, []) if planned.stage is None or grade.stage == planned.stage
        ]
        if len(matching) == 1:
            planned.grades.append(matching[0])
        elif matching:
            planned.wrong(Column.GRADE, _("几个学段都有“%s”，请同时填写学段。") % name)
        else:
            planned.wrong(Column.GRADE, _("没有“%s”这个年级。请写全称，例如 三年级。") % name)


def check_pupil_only(planned: Planned, directory: Directory, by: User, own: Organisation) -> None:
    """What only pupils have, and what pupils have not."""
    if not planned.roles:
        return
    if planned.is_pupil:
        if planned.subject:
            planned.wrong(Column.SUBJECT, _("学生不填学科。"))
        if len(planned.grades) > 1:
            planned.wrong(Column.GRADE, _("学生只能在一个年级。"))
        if len(planned.row.text(Column.CLASS)) > MAX_CLASS:
            planned.wrong(Column.CLASS, _("班级名称最多 40 个字。"))
        return
    for column in (Column.CLASS, Column.GUARDIAN, Column.RELATION):
        if planned.row.text(column):
            planned.wrong(column, _("只有学生填写“%s”。") % column.value)


def check_email(planned: Planned, directory: Directory, by: User, own: Organisation) -> None:
    """An address; that of somebody outside one's care is theirs alone."""
    email = planned.row.text(Column.EMAIL)
    if not email:
        return
    try:
        validate_email(email)
    except ValidationError:
        planned.wrong(Column.EMAIL, _("这不是邮箱地址。没有邮箱可以不填。"))
        return
    if planned.person and planned.outside and planned.person.email != email:
        planned.wrong(Column.EMAIL, _("此人同时属于别的机构，邮箱只能由本人修改，请留空。"))


def check_guardians(planned: Planned, directory: Directory, by: User, own: Organisation) -> None:
    """Whom the guardian cells name; whether those people exist is asked when all rows are known."""
    if not planned.is_pupil:
        return
    logins = several(planned.row.text(Column.GUARDIAN))
    words = several(planned.row.text(Column.RELATION))
    if words and len(words) != len(logins):
        planned.wrong(Column.RELATION, _("监护关系要与监护人登录名一一对应。"))
        return
    for number, login in enumerate(logins):
        relation = RELATION_WORDS.get(words[number]) if words else None
        if words and relation is None:
            planned.wrong(
                Column.RELATION, _("没有“%s”这种关系。可以填：父亲、母亲、祖辈、其他监护人。") % words[number]
            )
        mine = planned.login or (planned.person.username if planned.person else "")
        if login_key(login) == login_key(mine):
            planned.wrong(Column.GUARDIAN, _("监护人不能是学生自己。"))
        elif login_key(login) in [key for key, _relation in planned.guardians]:
            planned.wrong(Column.GUARDIAN, _("同一位监护人写了两次。"))
        else:
            planned.guardians.append((login_key(login), relation))
    if planned.guardians and planned.outside:
        planned.wrong(Column.GUARDIAN, _("此学生同时属于别的学校，监护人请由那里的管理员登记。"))
