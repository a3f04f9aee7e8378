"""What is wrong in each row, and what would change. Writes nothing; asks the database only for the directory."""

import re
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from cms.organisations.models import Organisation
from cms.people import rules
from cms.people.enums import Role
from cms.people.models import User
from cms.people.roster import cells
from cms.people.roster.changes import differences
from cms.people.roster.columns import Column
from cms.people.roster.directory import Directory, login_key, look_up
from cms.people.roster.planned import Outcome, Plan, Planned
from cms.people.roster.reading import Flaw, Sheet

LOGIN = re.compile(r"[\w.@+-]{2,60}")


def check(sheet: Sheet, *, by: User, organisation: Organisation) -> Plan:
    """Every problem by row and column, and what an import by `by` for `organisation` would do now."""
    directory = look_up(sheet.rows, organisation)
    rows = [Planned(row, list(row.flaws)) for row in sheet.rows]
    for planned in rows:
        for part in PARTS:
            part(planned, directory, by, organisation)
    _repeated(rows)
    _guardians_exist(rows, directory)
    for planned in rows:
        _conclude(planned, directory)
    return Plan(rows, directory)


def _conclude(planned: Planned, directory: Directory) -> None:
    """What would become of the row, when nothing is wrong with it."""
    if planned.problems:
        return
    found = differences(planned, directory)
    if planned.outside and (found.replaces_profile or found.account.keys() - {"identity_hash"}):
        planned.wrong(
            "", _("此人同时属于别的机构，任教或学籍信息请由本人或那里的管理员修改；这里只填姓名、身份证件号和角色。")
        )
        return
    planned.changes = found.sentences()
    planned.outcome = (
        Outcome.NEW if planned.person is None else Outcome.CHANGED if planned.changes else Outcome.UNCHANGED
    )


def _person(planned: Planned, directory: Directory, by: User, own: Organisation) -> None:
    """Whom the row means, by identity number first, then by login; and whether they may be touched at all."""
    login, identity = planned.login, planned.row.identity
    if planned.has_flaw(Column.LOGIN) or planned.has_flaw(Column.IDENTITY):
        return
    if login and not LOGIN.fullmatch(login):
        planned.wrong(Column.LOGIN, _("登录名要有 2 到 60 个字符，只能用文字、数字和 @ . + - _ 。"))
        return
    known = directory.by_identity.get(identity) if identity else None
    named = directory.by_login.get(login_key(login)) if login else None
    person = known or named
    if person is None:
        if not login:
            planned.wrong(Column.LOGIN, _("系统里还没有这个人，请给他一个登录名。"))
        return
    if known and login and named is not known:
        planned.wrong(Column.IDENTITY, _("这个身份证件号已经属于另一个登录名，请核对；同一个人只能有一个账号。"))
        return
    if named and identity and named.identity_hash and named.identity_hash != identity:
        planned.wrong(Column.LOGIN, _("这个登录名属于另一个身份证件号，请换一个登录名。"))
        return
    roots = rules.administered(by)
    here = [rules.in_care(roots, membership.organisation) for membership in directory.memberships[person.pk]]
    planned.outside = person.is_superuser or not all(here) or (not here and known is None)
    if planned.outside and known is None:
        planned.wrong(Column.LOGIN, _("这个登录名已被别处使用。是同一个人请填写身份证件号，不是请换一个登录名。"))
        return
    if not person.is_active:
        ours = _("这个账号已停用。请先在人员名单里启用，再导入。")
        others = _("这个账号已停用。请联系这个人原来的学校或上级管理员启用，再导入。")
        planned.wrong(Column.LOGIN, ours if any(here) else others)  # whoever left is on no list of `by`
        return
    if planned.outside and planned.name != person.name:
        planned.wrong(Column.NAME, _("与这个身份证件号登记的姓名不一致，请核对。"))
        return
    planned.person = person


def _repeated(rows: list[Planned]) -> None:
    """No two rows are one person."""
    kinds: list[tuple[Column, Callable[[Planned], object]]] = [
        (Column.IDENTITY, lambda planned: planned.row.identity),
        (Column.LOGIN, lambda planned: login_key(planned.login)),
        (Column.LOGIN, lambda planned: planned.person.pk if planned.person else None),
    ]
    told: set[tuple[int, int]] = set()
    for column, key in kinds:
        groups: dict[object, list[Planned]] = {}
        for planned in rows:
            if value := key(planned):
                groups.setdefault(value, []).append(planned)
        for group in groups.values():
            for planned in group[1:] if len(group) > 1 else ():
                pair = (group[0].row.line, planned.row.line)
                if pair not in told:
                    told.add(pair)
                    planned.wrong(column, _same(column, group[0]))
                    group[0].wrong(column, _same(column, planned))


def _same(column: Column, other: Planned) -> str:
    return _("与第 %(line)d 行的%(column)s是同一个人，请只留一行。") % {"line": other.row.line, "column": column.value}


def _guardians_exist(rows: list[Planned], directory: Directory) -> None:
    """Each guardian is an active person with a parent's role, in the system or in a clean row of this file."""
    in_file = {
        login_key(planned.login or (planned.person.username if planned.person else "")): planned for planned in rows
    }
    for planned in rows:
        for key, _relation in planned.guardians:
            row, person = in_file.get(key), directory.by_login.get(key)
            is_parent = person is not None and Role.PARENT in directory.roles_of(person)
            if person is not None and not person.is_active:
                planned.wrong(Column.GUARDIAN, _("监护人“%s”的账号已停用。") % key)
            elif is_parent:
                continue
            elif row is not None and row.problems:
                planned.wrong(Column.GUARDIAN, _("监护人在第 %d 行，那一行还有问题。") % row.row.line)
            elif row is None and person is None:
                planned.wrong(Column.GUARDIAN, _("没有登录名为“%s”的监护人，请先为他加一行。") % key)
            elif row is None or Role.PARENT not in row.roles:
                planned.wrong(Column.GUARDIAN, _("“%s”还没有“家长”角色，请为他加上。") % key)


def in_order(problems: Iterable[Flaw]) -> list[Flaw]:
    """Problems of one row in the order of the columns."""
    order = {column.value: number for number, column in enumerate(Column)}
    return sorted(problems, key=lambda flaw: order.get(flaw.column, -1))


PARTS = (
    cells.check_name,
    _person,
    cells.check_organisation,
    cells.check_roles,
    cells.check_curriculum,
    cells.check_pupil_only,
    cells.check_email,
    cells.check_guardians,
)
"""In this order: roles need the organisation, guardians the roles."""
