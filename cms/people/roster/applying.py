"""Write a checked roster."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from cms.audit.actions import Note, record, record_each
from cms.organisations.models import Organisation
from cms.people import rules
from cms.people.enums import Relation, Role
from cms.people.errors import NothingToImport, RosterChanged, RosterHasProblems
from cms.people.models import Guardianship, Membership, PupilProfile, TeachingProfile, User
from cms.people.roster.changes import Differences, differences
from cms.people.roster.checking import check
from cms.people.roster.columns import Column
from cms.people.roster.directory import login_key
from cms.people.roster.first import BATCH, FirstPassword, prepare
from cms.people.roster.planned import Outcome, Plan, Planned
from cms.people.roster.reading import Sheet
from cms.people.signals import memberships_changed, person_changed, profile_changed

NOTED_ROLES = frozenset(Role) - {Role.TEACHER, Role.PUPIL, Role.PARENT}
"""Roles whose giving the audit entry names one by one."""


@dataclass(frozen=True)
class Imported:
    """How many rows became what, the rows themselves, and the first passwords of the new people."""

    new: int
    changed: int
    unchanged: int
    left_out: int
    passwords: list[FirstPassword] = field(default_factory=list)
    rows: list[Planned] = field(default_factory=list)


def import_roster(sheet: Sheet, *, by: User, organisation: Organisation, only_clean: bool = False) -> Imported:
    """The clean rows are in the database: people, roles, profiles, guardians; a second time changes nothing.

    The rows are checked again inside the transaction, so that nothing is believed which an earlier dry run said.
    Roles that the file does not name stay; nobody is removed by an import.
    Together  all rows and the audit entries, one of the import and one of each person, stand or fall as one
    Sends     profile_changed (user, profile), memberships_changed (user) and person_changed (user) for people who were
              there before, whom they concern; the spaces of new ones begin later
    Raises    PermissionDenied, RosterHasProblems (unless `only_clean`), NothingToImport, RosterChanged
    """
    if not rules.in_care(rules.administered(by), organisation):
        raise PermissionDenied
    # Hashing is slow: done before the transaction, so that no lock waits for it.
    prepared = {
        planned.row.line: prepare() for planned in check(sheet, by=by, organisation=organisation).of(Outcome.NEW)
    }
    try:
        with transaction.atomic():
            plan = check(sheet, by=by, organisation=organisation)
            wrong = plan.count(Outcome.WRONG)
            if wrong and not only_clean:
                raise RosterHasProblems(wrong, plan.rows)
            wanted = plan.of(Outcome.NEW, Outcome.CHANGED)
            if not wanted:
                raise NothingToImport
            appointed = _appointed(plan)
            given = _write(plan, wanted, prepared, by)
            result = Imported(
                new=plan.count(Outcome.NEW),
                changed=plan.count(Outcome.CHANGED),
                unchanged=plan.count(Outcome.UNCHANGED),
                left_out=wrong,
                passwords=given,
                rows=plan.rows,
            )
            record(
                "roster:import",
                actor=by,
                subject_type="organisations.organisation",
                subject_id=organisation.uuid,
                organisation_id=organisation.pk,
                new=result.new,
                changed=result.changed,
                unchanged=result.unchanged,
                left_out=result.left_out,
                appointed=appointed,
            )
    except IntegrityError as error:
        raise RosterChanged from error
    return result


def _write(plan: Plan, wanted: list[Planned], prepared: dict[int, tuple[str, str]], by: User) -> list[FirstPassword]:
    found = {planned.row.line: differences(planned, plan.directory) for planned in wanted}
    changes = {line: here.facts() for line, here in found.items()}  # as it stands before anything is written
    given = _add_people([planned for planned in wanted if planned.person is None], prepared)
    for planned in wanted:
        account = found[planned.row.line].account
        if account and planned.person is not None:
            for name, value in account.items():
                setattr(planned.person, name, value)
            planned.person.save(update_fields=list(account))
            person_changed.send(sender=User, user=planned.person)
    _memberships(wanted, found)
    _teaching(plan, [planned for planned in wanted if found[planned.row.line].teaching])
    _pupils(plan, [planned for planned in wanted if found[planned.row.line].pupil])
    _guardians(plan, wanted, found)
    _note("roster:add", wanted, Outcome.NEW, changes, by)
    _note("roster:change", wanted, Outcome.CHANGED, changes, by)
    return given


def _add_people(newcomers: list[Planned], prepared: dict[int, tuple[str, str]]) -> list[FirstPassword]:
    given = []
    for planned in newcomers:
        password, encoded = prepared.get(planned.row.line) or prepare()
        planned.person = User(
            username=planned.login,
            name=planned.name,
            email=planned.row.text(Column.EMAIL),
            identity_hash=planned.row.identity or None,
            password=encoded,
            must_change_password=True,
        )
        given.append(FirstPassword(planned.name, planned.login, password))
    User.objects.bulk_create([_person(planned) for planned in newcomers], batch_size=BATCH)
    return given


def _memberships(wanted: list[Planned], found: dict[int, Differences]) -> None:
    rows = []
    for planned in wanted:
        here = found[planned.row.line]
        for role in here.roles:
            rows.append(
                Membership(
                    user=_person(planned),
                    organisation=planned.organisation,
                    department=planned.department,
                    role=role,
                )
            )
        for membership in here.moved:
            membership.department = planned.department
            membership.save(update_fields=["department"])
    Membership.objects.bulk_create(rows, batch_size=BATCH)
    for planned in wanted:
        if planned.outcome == Outcome.CHANGED and found[planned.row.line].roles:
            memberships_changed.send(sender=Membership, user=_person(planned))


def _teaching(plan: Plan, wanted: list[Planned]) -> None:
    before = {planned.row.line: plan.directory.teaching.get(_person(planned).pk) for planned in wanted}
    profiles: dict[int, TeachingProfile] = {}
    for planned in wanted:
        profile = before[planned.row.line] or TeachingProfile(user=_person(planned))
        profile.stage = planned.stage or profile.stage
        profile.subject = planned.subject or profile.subject
        profiles[planned.row.line] = profile
        if before[planned.row.line]:
            profile.save(update_fields=["stage", "subject"])
    newly = [profile for line, profile in profiles.items() if not before[line]]
    TeachingProfile.objects.bulk_create(newly, batch_size=BATCH)
    through = TeachingProfile.grades.through
    links = []
    for planned in wanted:
        profile = profiles[planned.row.line]
        if planned.grades and before[planned.row.line]:
            profile.grades.set(planned.grades)
        else:
            links += [through(teachingprofile_id=profile.pk, grade_id=grade.pk) for grade in planned.grades]
    through.objects.bulk_create(links, batch_size=BATCH)
    for planned in wanted:
        if planned.outcome == Outcome.CHANGED:
            profile_changed.send(sender=TeachingProfile, user=_person(planned), profile=profiles[planned.row.line])


def _pupils(plan: Plan, wanted: list[Planned]) -> None:
    newly = []
    for planned in wanted:
        known = plan.directory.pupils.get(_person(planned).pk)
        profile = known or PupilProfile(user=_person(planned))
        if planned.grades:
            profile.grade = planned.grades[0]
        profile.class_name = planned.row.text(Column.CLASS) or profile.class_name
        if known:
            profile.save(update_fields=["grade", "class_name"])
        else:
            newly.append(profile)
    PupilProfile.objects.bulk_create(newly, batch_size=BATCH)


def _guardians(plan: Plan, wanted: list[Planned], found: dict[int, Differences]) -> None:
    people = dict(plan.directory.by_login)
    people |= {login_key(_person(planned).username): _person(planned) for planned in wanted}
    rows = []
    for planned in wanted:
        here = found[planned.row.line]
        rows += [
            Guardianship(guardian=people[key], pupil=_person(planned), relation=relation)
            for key, relation in here.guardians
        ]
        for guardianship, given in here.reopened:
            _reopen(guardianship, given)
    Guardianship.objects.bulk_create(rows, batch_size=BATCH)


def _note(
    verb: str, wanted: list[Planned], outcome: Outcome, changes: dict[int, dict[str, list[str]]], by: User
) -> None:
    notes = []
    for planned in wanted:
        if planned.outcome == outcome and planned.organisation:
            facts = {"organisation": planned.organisation.code, "changes": changes[planned.row.line]}
            notes.append(Note(_person(planned).uuid, planned.organisation.pk, facts))
    record_each(verb, notes, actor=by, subject_type="people.user")


def _reopen(guardianship: Guardianship, relation: Relation | None) -> None:
    guardianship.until = None
    if relation:
        guardianship.relation = relation
    guardianship.save(update_fields=["until", "relation"])


def _person(planned: Planned) -> User:
    if planned.person is None:
        raise AssertionError("every wanted row has a person from `_add_people` on")
    return planned.person


def _appointed(plan: Plan) -> list[dict[str, str]]:
    """Who becomes more than teacher, pupil or parent by this import."""
    return [
        {
            "login": planned.login or _person(planned).username,
            "role": role.value,
            "organisation": planned.organisation.code,
        }
        for planned in plan.of(Outcome.NEW, Outcome.CHANGED)
        for role in differences(planned, plan.directory).roles
        if role in NOTED_ROLES and planned.organisation
    ]
