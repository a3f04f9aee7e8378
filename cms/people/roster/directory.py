"""What the rows of a roster mention, fetched in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Lower

from cms.organisations.models import Department, Organisation
from cms.people.models import Guardianship, Membership, PupilProfile, TeachingProfile, User
from cms.people.queries import current
from cms.people.roster.columns import Column, several
from cms.people.roster.reading import Row
from cms.taxonomy.models import Grade, Stage, Subject


def login_key(login: str) -> str:
    """Logins differ by more than the case of their letters."""
    return login.lower()


@dataclass
class Directory:
    """People, organisations and curriculum by what a roster calls them."""

    by_login: dict[str, User] = field(default_factory=dict)
    by_identity: dict[str, User] = field(default_factory=dict)
    memberships: dict[int, list[Membership]] = field(default_factory=lambda: defaultdict(list))
    organisations: dict[str, Organisation] = field(default_factory=dict)
    departments: dict[tuple[int, str], Department] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    grades: dict[str, list[Grade]] = field(default_factory=lambda: defaultdict(list))
    subjects: dict[str, Subject] = field(default_factory=dict)
    subject_stages: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    teaching: dict[int, TeachingProfile] = field(default_factory=dict)
    teaching_grades: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    pupils: dict[int, PupilProfile] = field(default_factory=dict)
    guardianships: dict[tuple[int, int], Guardianship] = field(default_factory=dict)

    def roles_of(self, person: User) -> set[str]:
        return {membership.role for membership in self.memberships[person.pk]}


def look_up(rows: list[Row], own: Organisation) -> Directory:
    """Everything that `rows` mention and the database has. Thirteen queries, whatever the number of rows."""
    found = Directory(organisations={own.code: own})
    people = _people(rows, found)
    codes = {row.text(Column.ORGANISATION) for row in rows} - {"", own.code}
    found.organisations |= {place.code: place for place in Organisation.objects.filter(code__in=codes)}
    names = {row.text(Column.DEPARTMENT) for row in rows} - {""}
    for department in Department.objects.filter(organisation__in=found.organisations.values(), name__in=names):
        found.departments[department.organisation_id, department.name] = department
    for membership in Membership.objects.filter(current(), user__in=people).select_related("organisation"):
        found.memberships[membership.user_id].append(membership)
    _curriculum(found)
    profiles = list(TeachingProfile.objects.filter(user__in=people))
    found.teaching = {profile.user_id: profile for profile in profiles}
    through = TeachingProfile.grades.through
    for profile_id, grade_id in through.objects.filter(teachingprofile__in=profiles).values_list(
        "teachingprofile_id", "grade_id"
    ):
        found.teaching_grades[profile_id].add(grade_id)
    found.pupils = {profile.user_id: profile for profile in PupilProfile.objects.filter(user__in=people)}
    for guardianship in Guardianship.objects.filter(pupil__in=people).select_related("guardian"):
        found.guardianships[guardianship.guardian_id, guardianship.pupil_id] = guardianship
    return found


def _people(rows: list[Row], found: Directory) -> list[int]:
    logins = {login_key(row.text(Column.LOGIN)) for row in rows}
    logins |= {login_key(login) for row in rows for login in several(row.text(Column.GUARDIAN))}
    hashes = {row.identity for row in rows}
    mentioned = Q(login__in=logins - {""}) | Q(identity_hash__in=hashes - {""})
    ids = []
    for person in User.objects.annotate(login=Lower("username")).filter(mentioned):
        ids.append(person.pk)
        found.by_login[login_key(person.username)] = person
        if person.identity_hash:
            found.by_identity[person.identity_hash] = person
    return ids


def _curriculum(found: Directory) -> None:
    found.stages = {stage.name: stage for stage in Stage.objects.filter(retired=False)}
    for grade in Grade.objects.filter(retired=False).select_related("stage"):
        found.grades[grade.name].append(grade)
    found.subjects = {subject.name: subject for subject in Subject.objects.filter(retired=False)}
    for subject_id, stage_id in Subject.stages.through.objects.values_list("subject_id", "stage_id"):
        found.subject_stages[subject_id].add(stage_id)
