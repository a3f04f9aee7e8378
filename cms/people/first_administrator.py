"""The first administrator of a province: made by whoever may run commands on its server. All others come by a
roster, which needs one."""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Q

from cms.audit.actions import record
from cms.organisations.enums import Tier
from cms.organisations.models import Organisation
from cms.people.enums import Role
from cms.people.models import Membership, User
from cms.people.queries import current

ROLES = (Role.ADMINISTRATOR, Role.OPERATOR)
"""The first cares for people and rules and appoints everybody else; the second is told of what has failed."""


def is_administered(province: str) -> bool:
    """Somebody who may sign in is administrator of the province with this code, or of the nation."""
    over = Q(organisation__code=province) | Q(organisation__tier=Tier.NATION)
    return Membership.objects.filter(current(), over, role=Role.ADMINISTRATOR, user__is_active=True).exists()


def require_sound(person: User) -> None:
    """Raises ValidationError, by field, when nobody can have this login, name or address."""
    person.full_clean(exclude=["password"])


def require_good_password(password: str, person: User) -> None:
    """Raises ValidationError with what is wrong with it."""
    validate_password(password, person)


@transaction.atomic
def appoint(person: User, *, password: str, organisation: Organisation) -> User:
    """A new person has this password, chosen by themselves, and ROLES at `organisation`.

    Together  account, roles and audit entry stand or fall as one
    Raises    ValidationError
    """
    require_sound(person)
    require_good_password(password, person)
    person.set_password(password)
    person.save()
    Membership.objects.bulk_create(Membership(user=person, organisation=organisation, role=role) for role in ROLES)
    record(
        "account:appoint_first",
        actor=None,
        subject_type="people.user",
        subject_id=person.uuid,
        organisation_id=organisation.pk,
        organisation=organisation.code,
    )
    return person
