"""How many came into an inbox since it was last looked at: for one's own page, and for the header of every page."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, DateTimeField, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from cms.library import rules as library_rules
from cms.library.models import Work
from cms.people.models import User
from cms.people.queries import standing
from cms.spaces import tokens
from cms.spaces.audiences import of_person
from cms.spaces.enums import SpaceKind
from cms.spaces.models import Delivery, Follow, Mark, Space
from cms.spaces.queries import delivered

MOST_UNSEEN = 99
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
PEOPLE = 1000
"""Statements that a process keeps; one is some 8 kB."""


def unseen_count(space: Space, user: User) -> int:
    """How many that meet interests and follows, or are recommended, came since the inbox was last looked at, counted
    to 99."""
    works = delivered(space, user, tiers=False)
    if space.inbox_seen_at is not None:
        works = works.filter(delivered_at__gt=space.inbox_seen_at)
    return works[:MOST_UNSEEN].count()


def unseen_in_own_space(user: User) -> int:
    """The same for the personal space, in one query however much was delivered to others. 0 without a space.

    Every page of the site asks it. Composing the statement takes ten times as long as its answer, so it is kept for
    as long as the person stands where they stand; it is asked anew each time.
    """
    statement, params = _statement(_Asker(_standing_of(user), user))
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        (number,) = cursor.fetchone()
    return int(number)


def _standing_of(user: User) -> tuple[Any, ...]:
    """All of the person that goes into the statement: who they are, and where they are what now."""
    where = [(m.organisation_id, m.organisation.path, m.role) for m in standing(user).memberships]
    return connection.vendor, user.pk, user.is_active, user.is_superuser, tuple(where)


@dataclass(frozen=True)
class _Asker:
    """Somebody, as equal as their standing."""

    key: tuple[Any, ...]
    user: User = field(compare=False)


@lru_cache(maxsize=PEOPLE)
def _statement(asker: _Asker) -> tuple[str, tuple[Any, ...]]:
    written, params = _unseen(asker.user).query.sql_with_params()
    return f"SELECT COUNT(*) FROM ({written}) AS unseen", params  # noqa: S608  the ORM wrote it; values are parameters


def _unseen(user: User) -> "QuerySet[Any, Any]":
    """Ids of at most 99 works. The tokens of the space are looked up in the index of deliveries."""
    mine = {"space__owner": user.pk, "space__kind": SpaceKind.PERSONAL}
    own = Space.objects.filter(owner=user.pk, kind=SpaceKind.PERSONAL)
    links: Any = Space.interests.through
    interests = links.objects.filter(**mine).annotate(
        token=Concat(Value(tokens.INTEREST), Cast("interest_id", CharField()))
    )
    follows = Follow.objects.filter(**mine).annotate(
        token=Case(
            When(author__isnull=False, then=Concat(Value(tokens.AUTHOR), Cast("author_id", CharField()))),
            default=Concat(Value(tokens.SPACE), Cast("followed_id", CharField())),
        )
    )
    seen = Coalesce(Subquery(own.values("inbox_seen_at")[:1]), Value(NEVER, output_field=DateTimeField()))
    audiences = of_person(user).annotate(token=Concat(Value(tokens.AUDIENCE), Cast("pk", CharField())))
    chosen = [rows.order_by().values("token") for rows in (interests, follows, audiences)]
    came = Delivery.objects.filter(token__in=chosen[0].union(*chosen[1:], all=True), at__gt=seen)
    hidden = Mark.objects.filter(work=OuterRef("pk"), hidden_at__isnull=False, **mine)
    works = Work.objects.filter(library_rules.as_q(user, "view"), pk__in=came.values("work"))
    return works.exclude(owner=user.pk).exclude(Exists(hidden)).order_by().values("pk")[:MOST_UNSEEN]
