"""What differs between a clean row and the database: shown by the dry run, written by the import, so they agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from cms.people.enums import Relation, Role
from cms.people.models import Guardianship, Membership
from cms.people.queries import is_current
from cms.people.roster.columns import Column
from cms.people.roster.directory import Directory
from cms.people.roster.planned import Planned


@dataclass
class Differences:
    """Only what the row gives counts: an empty cell leaves things as they are."""

    account: dict[str, str] = field(default_factory=dict)  # field of User -> new value
    roles: list[Role] = field(default_factory=list)
    moved: list[Membership] = field(default_factory=list)  # whose department becomes the row's
    teaching: bool = False
    pupil: bool = False
    replaces_profile: bool = False  # teaching or pupil profile exists and differs
    guardians: list[tuple[str, Relation]] = field(default_factory=list)  # login keys of new ones
    reopened: list[tuple[Guardianship, Relation | None]] = field(default_factory=list)

    def facts(self) -> dict[str, list[str]]:
        """What the audit log keeps: names of what changes, never its content; roles; guardians by their logins."""
        said = {
            "fields": [*self.account, *(name for name in ("moved", "teaching", "pupil") if getattr(self, name))],
            "roles": [role.value for role in self.roles],
            "guardians": [login for login, _relation in self.guardians],
            "reopened": [known.guardian.username for known, _relation in self.reopened if not is_current(known)],
            "relations": [known.guardian.username for known, _relation in self.reopened if is_current(known)],
        }
        return {name: values for name, values in said.items() if values}

    def sentences(self) -> list[str]:
        """For the administrator; an identity number is never repeated."""
        return in_words(self.facts())


def in_words(facts: Mapping[str, Sequence[str]]) -> list[str]:
    """`Differences.facts`, before the import or years after it, in the language of the page."""
    words = {
        "name": _("更新%s") % _("姓名"),
        "email": _("更新%s") % _("邮箱"),
        "identity_hash": _("更新%s") % _("身份证件号"),
        "moved": _("更新部门"),
        "teaching": _("更新任教信息"),
        "pupil": _("更新年级班级"),
    }
    listed = {
        "guardians": _("增加监护人：%s"),
        "reopened": _("恢复已结束的监护：%s"),
        "relations": _("更新监护关系：%s"),
    }
    said = [words[name] for name in facts.get("fields", ())]
    said += [_("增加角色：%s") % Role(role).label for role in facts.get("roles", ())]
    return said + [words % _("、").join(facts[name]) for name, words in listed.items() if name in facts]


def differences(planned: Planned, directory: Directory) -> Differences:
    """What the row would change. For a new person: everything it gives, but the account itself."""
    person = planned.person
    row = planned.row
    found = Differences()
    held: dict[str, Membership] = {}
    if person is not None:
        given = {"name": row.text(Column.NAME), "email": row.text(Column.EMAIL), "identity_hash": row.identity}
        found.account = {
            name: value for name, value in given.items() if value and (getattr(person, name) or "") != value
        }
        place = planned.organisation
        held = {m.role: m for m in directory.memberships[person.pk] if place and m.organisation_id == place.pk}
    found.roles = [role for role in planned.roles if role not in held]
    if planned.department:
        found.moved = [
            held[role] for role in planned.roles if role in held and held[role].department_id != planned.department.pk
        ]
    if planned.is_pupil:
        found.pupil = _pupil_differs(planned, directory)
    else:
        found.teaching = _teaching_differs(planned, directory)
    kept = directory.pupils if planned.is_pupil else directory.teaching
    found.replaces_profile = (found.pupil or found.teaching) and person is not None and person.pk in kept
    for key, relation in planned.guardians:
        guardian = directory.by_login.get(key)
        known = directory.guardianships.get((guardian.pk, person.pk)) if guardian and person else None
        if known is None:
            found.guardians.append((key, relation or Relation.OTHER))
        elif not is_current(known) or (relation and known.relation != relation):
            found.reopened.append((known, relation))
    return found


def _teaching_differs(planned: Planned, directory: Directory) -> bool:
    if not (planned.stage or planned.subject or planned.grades):
        return False
    profile = directory.teaching.get(planned.person.pk) if planned.person else None
    if profile is None:
        return True
    return bool(
        (planned.stage and profile.stage_id != planned.stage.pk)
        or (planned.subject and profile.subject_id != planned.subject.pk)
        or (planned.grades and directory.teaching_grades[profile.pk] != {grade.pk for grade in planned.grades})
    )


def _pupil_differs(planned: Planned, directory: Directory) -> bool:
    class_name = planned.row.text(Column.CLASS)
    if not (planned.grades or class_name):
        return False
    profile = directory.pupils.get(planned.person.pk) if planned.person else None
    if profile is None:
        return True
    return bool(
        (planned.grades and profile.grade_id != planned.grades[0].pk)
        or (class_name and profile.class_name != class_name)
    )
