"""Whom an editor means: the same question from both sides. Which audiences does a space belong to (asked at every
reading, so whoever comes later belongs too), and who are the people of an audience (asked to tell them, and to count).

A test holds the two together. What is asked of a person stands in subqueries: one query, whatever they teach.
"""

from collections import defaultdict

from django.db.models import Q, QuerySet

from cms.organisations.queries import within
from cms.people.models import Membership, PupilProfile, TeachingProfile, User
from cms.people.queries import current, standing
from cms.spaces.enums import Readers, SpaceKind
from cms.spaces.models import Audience, Space
from cms.taxonomy.models import Grade


def of_space(space: Space, user: User) -> "QuerySet[Audience]":
    """The audiences that mean this space: of a personal one its owner, of another the staff of the place, as far as
    the subject is its own."""
    if space.kind == SpaceKind.PERSONAL:
        return of_person(user)
    if space.organisation is None:
        return Audience.objects.none()
    narrowed = Q(stage=None, grade=None) & _any_or(subject=[space.subject_id])
    place = Q(organisation__path__in=space.organisation.ancestor_paths)
    return Audience.objects.filter(place & narrowed).exclude(readers=Readers.PUPILS)


def of_person(user: User) -> "QuerySet[Audience]":
    """The audiences that mean this person now: by where they are what, by what they teach, by the grade they are in."""
    paths = defaultdict(set)
    for membership in standing(user).memberships:
        above = membership.organisation.ancestor_paths
        paths[Readers.EVERYBODY.value].update(above)
        if membership.role in Readers.values:
            paths[membership.role].update(above)
    place = Q(pk__in=[])
    for readers, found in paths.items():
        place |= Q(readers=readers, organisation__path__in=sorted(found))
    profile = TeachingProfile.objects.filter(user=user.pk)
    grades = Grade.objects.filter(
        Q(pk__in=TeachingProfile.grades.through.objects.filter(teachingprofile__user=user.pk).values("grade"))
        | Q(pk__in=PupilProfile.objects.filter(user=user.pk).values("grade"))
    )
    stage = _any_or(stage=profile.values("stage")) | Q(stage__in=grades.values("stage"))
    return Audience.objects.filter(
        place, stage, _any_or(subject=profile.values("subject")), _any_or(grade=grades.values("pk"))
    )


def _any_or(**wanted: object) -> Q:
    """The audience is not narrowed by this facet, or to one of these values."""
    ((name, values),) = wanted.items()
    return Q(**{name: None}) | Q(**{f"{name}__in": values})


def people_of(audience: Audience) -> "QuerySet[User]":
    """Active people who belong to the audience now."""
    members = Membership.objects.filter(current()).filter(within([audience.organisation], "organisation"))
    if audience.readers != Readers.EVERYBODY:
        members = members.filter(role=audience.readers)
    found = User.objects.filter(is_active=True, pk__in=members.values("user"))
    if audience.subject_id:
        found = found.filter(teaching_profile__subject=audience.subject_id)
    if audience.grade_id:
        return found.filter(_in_grades(Q(pk=audience.grade_id)))
    if audience.stage_id:
        taught = Q(teaching_profile__stage=audience.stage_id)
        return found.filter(taught | _in_grades(Q(stage=audience.stage_id)))
    return found


def _in_grades(which: Q) -> Q:
    """People who teach one of these grades, or are in one."""
    grades = Grade.objects.filter(which).values("pk")
    taught = TeachingProfile.grades.through.objects.filter(grade__in=grades).values("teachingprofile__user")
    return Q(pk__in=taught) | Q(pk__in=PupilProfile.objects.filter(grade__in=grades).values("user"))
