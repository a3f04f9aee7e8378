"""Who may look after whom: one definition for a person and for lists."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q

from cms.organisations.models import Organisation
from cms.organisations.queries import is_within, within
from cms.people.enums import Role
from cms.people.models import Membership, User
from cms.people.queries import GOVERNING_TIERS, Anybody, current, findable, standing

SCHOOL_ROLES = frozenset({Role.PUPIL, Role.PARENT, Role.SCHOOL_REVIEWER})
"""Roles that only a school gives."""

APPOINTED_ROLES = frozenset({Role.ADMINISTRATOR, Role.PUBLISHER})
"""Given by the administrators of the organisation itself or of the province."""


def administered(user: Anybody) -> list[Organisation]:
    """The organisations whose administrator this person is; each with all below it is in their care."""
    return sorted(standing(user).organisations(Role.ADMINISTRATOR), key=lambda place: place.path)


def require_rule_maker(user: Anybody) -> None:
    """Raises PermissionDenied unless `user` sets the rules by which people are judged."""
    if not standing(user).administers_the_province:
        raise PermissionDenied


def in_care(roots: Iterable[Organisation], organisation: Organisation) -> bool:
    """`organisation` is one of `roots` or below one."""
    return any(is_within(organisation, root) for root in roots)


def may_grant(user: Anybody, role: str, organisation: Organisation) -> bool:
    """`user` may make somebody `role` at `organisation`."""
    over = [root for root in administered(user) if is_within(organisation, root)]
    at_top = any(root.tier in GOVERNING_TIERS for root in over)
    if role == Role.OPERATOR:
        return at_top
    if role in APPOINTED_ROLES:
        return at_top or any(root.pk == organisation.pk for root in over)
    return bool(over)


def allows(user: Anybody, action: str, person: User) -> bool:
    """`user` may now do `action` ("view", "know", "manage", "find") with this person's account."""
    return User.objects.filter(as_q(user, action), pk=person.pk).exists()


def as_q(user: Anybody, action: str) -> Q:
    """The people with whom `user` may do `action`.

    view    they are, or were, something in the subtree of an organisation that `user` administers: name, login, and
            what they were there
    know    of those, who is something there now: the account as it is today and all that was done to it. What becomes
            of a pupil elsewhere is no former school's business.
    manage  of those, who is nothing outside it now: a county must not reset the password of somebody who also serves
            the province. Never oneself, never a superuser.
    find    they agreed that colleagues find them in the search, and `user` works here
    """
    if action == "find":
        return findable() if standing(user).opens_workbench else Q(pk__in=[])
    roots = administered(user)
    if not roots:
        return Q(pk__in=[])
    theirs = Membership.objects.filter(user=OuterRef("pk"))
    inside = within(roots, "organisation")
    seen = Q(Exists(theirs.filter(inside)), is_superuser=False)
    if action == "view":
        return seen
    if action == "know":
        return seen & Q(Exists(theirs.filter(current()).filter(inside)))
    if action == "manage":
        return seen & ~Q(pk=user.pk) & ~Q(Exists(theirs.filter(current()).exclude(inside)))
    raise ValueError(f"no action {action!r}")
