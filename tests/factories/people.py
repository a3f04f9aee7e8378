"""People in roles."""

from itertools import count

from cms.organisations.models import Organisation
from cms.people.enums import Role
from cms.people.models import Guardianship, Membership, TeachingProfile, User
from tests.factories.province import Province
from workflows.experts.models import Expert

PASSWORD = "Shu-Shan-2026"
_numbers = count(1)


def person(role: str, organisation: Organisation, *, name: str = "") -> User:
    """Somebody who holds `role` at `organisation`; signs in with PASSWORD."""
    number = next(_numbers)
    user = User(
        username=f"{role}-{number}", name=name or f"{Role(role).label}{number}号", email=f"p{number}@example.org"
    )
    user.set_password(PASSWORD)
    user.save()
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def teacher(place: Province, organisation: Organisation | None = None) -> User:
    """A maths teacher of the third year."""
    user = person(Role.TEACHER, organisation or place.school)
    profile = TeachingProfile.objects.create(user=user, stage=place.stage, subject=place.subject, edition=place.edition)
    profile.grades.add(place.grade)
    return user


def school_reviewer(place: Province, organisation: Organisation | None = None) -> User:
    return person(Role.SCHOOL_REVIEWER, organisation or place.school)


def expert(place: Province, organisation: Organisation | None = None) -> User:
    """In the county's pool, for every stage and subject."""
    user = person(Role.EXPERT, organisation or place.county)
    Expert.objects.create(user=user, organisation=organisation or place.county)
    return user


def pupil(place: Province, organisation: Organisation | None = None) -> User:
    return person(Role.PUPIL, organisation or place.school)


def parent(place: Province, child: User) -> User:
    user = person(Role.PARENT, place.school)
    Guardianship.objects.create(guardian=user, pupil=child)
    return user
