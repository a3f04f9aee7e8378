"""Who may do what with a work: each rule written once, read twice (`holds` for one work, `q` for a list).

Actions: `view` the live version on the site; `remember` one that was taken down (its tombstone); `read` in the
workbench what was sealed, with its history; `draft`: read what was never sealed as well; `change`; `delete`.
A higher room adds its readers with `add_reader` (reviewers read what waits for them), so nothing is imported upward.
What an author writes on after that is nobody's but theirs, until it is submitted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.library.models import Coauthor, Grant, Seal, Work
from cms.organisations.queries import within
from cms.people.enums import Role
from cms.people.queries import Anybody, Standing, standing


@dataclass(frozen=True)
class Who:
    """One kind of person. The two answers must agree; a test holds them together."""

    holds: Callable[[Standing, Work], bool]
    q: Callable[[Standing], Q]


def _is_author(who: Standing, work: Work) -> bool:
    return who.user.pk is not None and (
        work.owner_id == who.user.pk or any(c.user_id == who.user.pk for c in work.coauthors.all())
    )


def _author_q(who: Standing) -> Q:
    if who.user.pk is None:
        return Q(pk__in=[])
    return Q(pk__in=written_by(who.user.pk))


def written_by(user: int) -> "QuerySet[Any, Any]":
    """Ids of the works this person writes, each once. A union, not an OR: so both halves are read from an index of
    their own, and what joins it begins there instead of going through every work."""
    own = Work.objects.filter(owner=user).order_by().values("pk")
    return own.union(Coauthor.objects.filter(user=user).order_by().values("work"))


def _administers(who: Standing, work: Work) -> bool:
    return who.holds_over(Role.ADMINISTRATOR, work.organisation)


def _administers_q(who: Standing) -> Q:
    return within(who.organisations(Role.ADMINISTRATOR), "organisation")


def _reaches(who: Standing, work: Work) -> bool:
    reach = set(who.reach_paths)
    return any(g.organisation is None or g.organisation.path in reach for g in work.grants.all())


def _reaching_q(who: Standing) -> Q:
    reaching = Q(organisation__isnull=True) | Q(organisation__path__in=who.reach_paths)
    return Q(Exists(Grant.objects.filter(reaching, work=OuterRef("pk"))))


def _is_granted(who: Standing, work: Work) -> bool:
    return work.live and _reaches(who, work)


def _granted_q(who: Standing) -> Q:
    return Q(live=True) & _reaching_q(who)


author = Who(_is_author, _author_q)
administrator = Who(_administers, _administers_q)
granted = Who(_is_granted, _granted_q)
author_of_live = Who(lambda who, work: work.live and _is_author(who, work), lambda who: Q(live=True) & _author_q(who))
administrator_of_live = Who(
    lambda who, work: work.live and _administers(who, work), lambda who: Q(live=True) & _administers_q(who)
)
once_granted = Who(
    lambda who, work: work.is_retired and _reaches(who, work),
    lambda who: Q(retired_at__isnull=False) & _reaching_q(who),
)
author_of_retired = Who(
    lambda who, work: work.is_retired and _is_author(who, work),
    lambda who: Q(retired_at__isnull=False) & _author_q(who),
)
administrator_of_retired = Who(
    lambda who, work: work.is_retired and _administers(who, work),
    lambda who: Q(retired_at__isnull=False) & _administers_q(who),
)
author_unretired = Who(
    lambda who, work: not work.is_retired and _is_author(who, work),
    lambda who: Q(retired_at__isnull=True) & _author_q(who),
)
owner_unsealed = Who(
    lambda who, work: who.user.pk is not None and work.owner_id == who.user.pk and not work.seals.exists(),
    lambda who: (
        Q(owner_id=who.user.pk) & ~Q(Exists(Seal.objects.filter(work=OuterRef("pk")))) if who.user.pk else Q(pk__in=[])
    ),
)

POLICY: dict[str, list[Who]] = {
    "view": [granted, author_of_live, administrator_of_live],
    "remember": [once_granted, author_of_retired, administrator_of_retired],
    "read": [author, administrator],
    "draft": [author, administrator],
    "change": [author_unretired],
    "delete": [owner_unsealed],
}


def add_reader(who: Who) -> None:
    """Let a higher room's people read what was sealed. Called from its `AppConfig.ready`, once."""
    if who not in POLICY["read"]:
        POLICY["read"].append(who)


def allows(user: Anybody, action: str, work: Work) -> bool:
    """`user` may do `action` with this work now."""
    who = standing(user)
    return any(rule.holds(who, work) for rule in POLICY[action])


def as_q(user: Anybody, action: str) -> Q:
    """The works with which `user` may do `action` now; joins nothing, so no `.distinct()` is needed."""
    who = standing(user)
    found = Q(pk__in=[])
    for rule in POLICY[action]:
        found |= rule.q(who)
    return found


def may_create(user: Anybody) -> bool:
    """`user` may begin a work: a teacher, expert, reviewer or editor somewhere."""
    return standing(user).is_author
