"""Pupils and parents are named to their own school alone; elsewhere what they said of a trial is that of 一位学生."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from cms.people.enums import LEARNERS, Role
from cms.people.models import Membership
from cms.people.queries import Anybody, standing


def unnamed(people: Iterable[int], school: int, reader: Anybody) -> dict[int, str]:
    """What stands for the name of those of `people` (ids) who never were anything but pupils or parents; nothing for a
    reader who belongs to the school (id). One query, none without people."""
    ids = set(people)
    if not ids or any(membership.organisation_id == school for membership in standing(reader).memberships):
        return {}
    held: dict[int, set[str]] = {}
    for user, role in Membership.objects.filter(user__in=ids).values_list("user", "role"):
        held.setdefault(user, set()).add(role)
    said = {Role.PUPIL: _("一位学生"), Role.PARENT: _("一位家长")}
    return {
        user: said[Role.PUPIL if Role.PUPIL in roles else Role.PARENT]
        for user, roles in held.items()
        if roles <= LEARNERS
    }
