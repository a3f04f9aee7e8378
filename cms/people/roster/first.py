"""First passwords of the people of a roster. They are in one answer and nowhere else; whoever did not get it, because a
connection broke or a button was pressed twice, has new ones made for all who never came in with theirs."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from cms.audit.actions import Note, record_each
from cms.organisations.models import Organisation
from cms.people import passwords, rules
from cms.people.models import User
from cms.people.roster.checking import check
from cms.people.roster.planned import Plan
from cms.people.roster.reading import Sheet

BATCH = 500  # rows of one query


@dataclass(frozen=True)
class FirstPassword:
    """Shown once, kept nowhere."""

    name: str
    login: str
    password: str


def prepare() -> tuple[str, str]:
    """A first password and its stored form. Slow: a millisecond each."""
    password = passwords.first_password()
    return password, passwords.hashed(password)


def waiting(plan: Plan, *, by: User) -> "QuerySet[User]":
    """Those of the sound rows who have a first password, have never signed in, and whose account `by` manages."""
    named = [planned.person.pk for planned in plan.rows if planned.person is not None and not planned.problems]
    return User.objects.filter(
        rules.as_q(by, "manage"), pk__in=named, is_active=True, must_change_password=True, last_login__isnull=True
    )


def renew(sheet: Sheet, *, by: User, organisation: Organisation) -> list[FirstPassword]:
    """New first passwords for all who wait, in the order of the file; what they had before opens nothing any more.

    Together  all passwords and an audit entry of each person stand or fall as one
    Raises    PermissionDenied
    """
    if not rules.in_care(rules.administered(by), organisation):
        raise PermissionDenied
    plan = check(sheet, by=by, organisation=organisation)
    # Hashed before the transaction, so that nobody's signing in waits for it.
    prepared = {pk: prepare() for pk in waiting(plan, by=by).values_list("pk", flat=True)}
    with transaction.atomic():
        people = {
            person.pk: person for person in waiting(plan, by=by).filter(pk__in=prepared).select_for_update(no_key=True)
        }
        for person in people.values():
            person.password = prepared[person.pk][1]
        User.objects.bulk_update(people.values(), ["password"], batch_size=BATCH)
        notes = [Note(person.uuid) for person in people.values()]
        record_each("account:first_password", notes, actor=by, subject_type="people.user")
    inside = [people[row.person.pk] for row in plan.rows if row.person is not None and row.person.pk in people]
    return [FirstPassword(person.name, person.username, prepared[person.pk][0]) for person in inside]
