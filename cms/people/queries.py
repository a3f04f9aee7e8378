"""Reads about people: what they are, where."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cms.organisations.enums import Tier
from cms.organisations.models import Organisation
from cms.organisations.queries import within
from cms.people.enums import AUTHOR_ROLES, LEARNERS, WORKBENCH_ROLES, Role
from cms.people.models import Guardianship, Membership, User
from cms.people.statements import Composed, columns_of

Anybody = User | AnonymousUser

GOVERNING_ROLES = frozenset({Role.ADMINISTRATOR, Role.OPERATOR})
GOVERNING_TIERS = frozenset({Tier.NATION, Tier.PROVINCE})


def current() -> Q:
    """Memberships, and guardianships, that hold now."""
    return Q(until__isnull=True) | Q(until__gt=timezone.now())


def is_current(held: Membership | Guardianship, now: datetime | None = None) -> bool:
    """The same of one in hand."""
    return held.until is None or held.until > (now or timezone.now())


class Standing:
    """What one person is, read once: roles, organisations and their ancestors. One query, then none."""

    def __init__(self, user: Anybody) -> None:
        self.user = user

    @cached_property
    def memberships(self) -> list[Membership]:
        if not isinstance(self.user, User) or not self.user.is_active:
            return []
        now = timezone.now()
        return [held for held in _memberships(self.user.pk) if is_current(held, now)]

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """All of the person that a rule reads: who they are, and where they are what now. Equal for equal standing."""
        where = [(m.organisation_id, m.organisation.path, m.role) for m in self.memberships]
        return self.user.pk, self.user.is_active, self.user.is_superuser, tuple(where)

    def organisations(self, *roles: str) -> list[Organisation]:
        """Where the person holds one of `roles` (none given: any role)."""
        found = {m.organisation_id: m.organisation for m in self.memberships if not roles or m.role in roles}
        return list(found.values())

    def holds(self, role: str, organisation: Organisation | None = None) -> bool:
        """The person holds `role`, at exactly this organisation when one is named."""
        return any(
            m.role == role and (organisation is None or m.organisation_id == organisation.pk) for m in self.memberships
        )

    def holds_over(self, role: str, organisation: Organisation) -> bool:
        """The person holds `role` at this organisation or at one above it."""
        return any(m.role == role and organisation.path.startswith(m.organisation.path) for m in self.memberships)

    @cached_property
    def reach_paths(self) -> list[str]:
        """Paths of the person's organisations and all above: what is granted to one of these reaches the person."""
        return sorted({path for m in self.memberships for path in m.organisation.ancestor_paths})

    @property
    def opens_workbench(self) -> bool:
        return any(m.role in WORKBENCH_ROLES for m in self.memberships)

    @property
    def only_learns(self) -> bool:
        """A pupil or a parent, and nothing else."""
        return bool(self.memberships) and all(m.role in LEARNERS for m in self.memberships)

    @property
    def governs(self) -> bool:
        """Administrator or operator of a province or above: keeps what holds for the whole province and is a matter of
        fact or of running it, such as the curriculum and the outbox."""
        return any(m.role in GOVERNING_ROLES and m.organisation.tier in GOVERNING_TIERS for m in self.memberships)

    @property
    def administers_the_province(self) -> bool:
        """Administrator of a province or above, and no operator: sets the rules by which people are judged, those of
        review and of points."""
        return any(place.tier in GOVERNING_TIERS for place in self.organisations(Role.ADMINISTRATOR))

    @property
    def is_author(self) -> bool:
        return any(m.role in AUTHOR_ROLES for m in self.memberships)


def _held(users: Sequence[int]) -> "QuerySet[Membership, Any]":
    where = (f"organisation__{name}" for name in columns_of(Organisation))
    return Membership.objects.filter(user__in=users).order_by("pk").values_list(*columns_of(Membership), *where)


_HELD = Composed(_held)


def _memberships(user: int) -> list[Membership]:
    """All that the person ever held, the oldest entry first, each with its organisation: one query, on every page.
    The hour stays out of it, for the statement is kept."""
    split = len(columns_of(Membership))
    found = []
    for row in _HELD.rows([user]):
        held = Membership.from_db(connection.alias, columns_of(Membership), row[:split])
        held.organisation = Organisation.from_db(connection.alias, columns_of(Organisation), row[split:])
        found.append(held)
    return found


def standing(user: Anybody) -> Standing:
    """The person's standing, kept on the user object for the length of a request."""
    kept: Standing | None = getattr(user, "_standing", None)
    if kept is None:
        kept = Standing(user)
        user._standing = kept  # type: ignore[union-attr]
    return kept


def holders(role: str, organisation: Organisation) -> "QuerySet[User]":
    """Active people who hold `role` at exactly this organisation."""
    return User.objects.filter(
        is_active=True, pk__in=Membership.objects.filter(current(), role=role, organisation=organisation).values("user")
    )


def governing() -> "QuerySet[User]":
    """Active people who keep what holds for the whole province: the list of `Standing.governs`."""
    held = Membership.objects.filter(current(), role__in=GOVERNING_ROLES, organisation__tier__in=GOVERNING_TIERS)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def members_within(roots: Iterable[Organisation]) -> "QuerySet[User]":
    """People with a current membership in one of the subtrees."""
    inside = Membership.objects.filter(current()).filter(within(roots, "organisation"))
    # Asked of each person that is meant otherwise too: a province's members are never all gone through.
    return User.objects.filter(Exists(inside.filter(user=OuterRef("pk"))))


def wards(guardian: Anybody) -> "QuerySet[User]":
    """The pupils whose guardian this person is now; nobody's, once the role of a parent is over."""
    if not isinstance(guardian, User):
        return User.objects.none()
    parent = Membership.objects.filter(current(), user=OuterRef("guardian"), role=Role.PARENT)
    mine = Guardianship.objects.filter(current(), Exists(parent), guardian=guardian)
    return User.objects.filter(is_active=True, pk__in=mine.values("pupil")).order_by("name", "pk")


def home_organisation(user: User) -> Organisation | None:
    """Where a new work of this person belongs: the school first, else the first organisation of an author's role."""
    authors = [m for m in standing(user).memberships if m.role in AUTHOR_ROLES]
    return workplace(authors)


def workplace(memberships: Sequence[Membership]) -> Organisation | None:
    """The organisation that stands for these memberships: the school, else the first place of an author, else the
    first where the person works at all."""
    at_work = [m for m in memberships if m.role in WORKBENCH_ROLES]
    at_work.sort(key=lambda m: (m.role != Role.TEACHER, m.role not in AUTHOR_ROLES, m.pk))
    return at_work[0].organisation if at_work else None


def may_agree_to_be_found(user: User) -> bool:
    """The person works here and is nobody's pupil."""
    who = standing(user)
    return who.opens_workbench and not who.holds(Role.PUPIL)


def findable() -> Q:
    """People who agreed to be found and may be: active, working here now, and nobody's pupil."""
    held = Membership.objects.filter(current(), user=OuterRef("pk"))
    return Q(
        Exists(held.filter(role__in=WORKBENCH_ROLES)),
        ~Q(Exists(held.filter(role=Role.PUPIL))),
        is_active=True,
        findable_since__isnull=False,
    )


def places_of(user: Anybody) -> list[str]:
    """Paths from where the person is at home outwards: school, county, city, province. Empty for who is nowhere."""
    home = _home(user)
    return home.ancestor_paths[::-1] if home else []


def school_of(user: Anybody) -> Organisation | None:
    """What the person calls 我们学校; None for who is at home in no school."""
    home = _home(user)
    return home if home and home.tier == Tier.SCHOOL else None


def _home(user: Anybody) -> Organisation | None:
    """Where the person teaches, else writes, else is anything; the oldest entry first."""
    here = sorted(standing(user).memberships, key=lambda m: (m.role != Role.TEACHER, m.role not in AUTHOR_ROLES, m.pk))
    return here[0].organisation if here else None


def display_name(user: User) -> str:
    """How the site calls a person."""
    return user.name or user.username
