"""Who may do what with a space: each rule written once, read twice.

Actions: `view` (its front page) and `tend` (inbox, shelf, interests, statement). Whom one may follow is a rule about
people: `followable_q`.
"""

from django.db.models import Exists, OuterRef, Q

from cms.library import rules as library_rules
from cms.library.models import Coauthor, Work
from cms.people.enums import Role
from cms.people.queries import Anybody, standing
from cms.spaces.enums import SpaceKind
from cms.spaces.models import Follow, Space

TENDERS = (Role.ADMINISTRATOR, Role.EDITOR)
"""Roles at the very organisation that tend its school and subject spaces."""


def allows(user: Anybody, action: str, space: Space) -> bool:
    """`user` may do `action` with this space now. Everybody who has signed in may view every space but pupils'."""
    who = standing(user)
    tends = user.pk is not None and (
        space.owner_id == user.pk
        or (
            space.kind in (SpaceKind.SCHOOL, SpaceKind.SUBJECT)
            and any(m.organisation_id == space.organisation_id and m.role in TENDERS for m in who.memberships)
        )
    )
    if action == "tend":
        return tends
    return tends or (bool(who.memberships) and not space.is_private)


def as_q(user: Anybody, action: str) -> Q:
    """The spaces with which `user` may do `action` now."""
    who = standing(user)
    if user.pk is None:
        return Q(pk__in=[])
    places = [m.organisation_id for m in who.memberships if m.role in TENDERS]
    tends = Q(owner_id=user.pk) | Q(kind__in=(SpaceKind.SCHOOL, SpaceKind.SUBJECT), organisation__in=places)
    if action == "tend":
        return tends
    return tends | Q(is_private=False) if who.memberships else tends


def followable_q(user: Anybody) -> Q:
    """The people whom `user` may follow, and so read the name of: whose own space or some work of whom `user` sees now,
    or whom a space that `user` tends follows already."""
    person = OuterRef("pk")
    own = Space.objects.filter(as_q(user, "view"), kind=SpaceKind.PERSONAL, owner=person)
    tended = Space.objects.filter(as_q(user, "tend"), pk=OuterRef("space"))
    seen = Work.objects.filter(library_rules.as_q(user, "view"))
    written = Coauthor.objects.filter(Exists(seen.filter(pk=OuterRef("work"))), user=person)
    followed = Follow.objects.filter(Exists(tended), author=person)
    return Q(Exists(own)) | Q(Exists(seen.filter(owner=person))) | Q(Exists(written)) | Q(Exists(followed))
