"""Names of audiences. A delivery is written for one token; a space reads the tokens it belongs to. Pure but for queries
of one space's own rows."""

from typing import Any

from django.db.models import Case, CharField, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from cms.organisations.models import Organisation
from cms.people.models import User
from cms.people.queries import standing
from cms.spaces.audiences import of_space
from cms.spaces.models import Audience, Follow, Space, SpaceInterest

INTEREST, AUTHOR, SPACE, ORGANISATION, AUDIENCE = "i", "a", "s", "o", "g"


def interest(pk: int) -> str:
    return f"{INTEREST}{pk}"


def followers_of_author(pk: int) -> str:
    return f"{AUTHOR}{pk}"


def followers_of_space(pk: int) -> str:
    return f"{SPACE}{pk}"


def everybody_under(organisation_id: int) -> str:
    return f"{ORGANISATION}{organisation_id}"


def audience(pk: int) -> str:
    return f"{AUDIENCE}{pk}"


def tokens_of(space: Space, user: User) -> list[str]:
    """Audiences this space chose to belong to, and those by which editors mean it. One query."""
    return [token for (token,) in rows_of_tokens(of_space(space, user), space=space.pk)]


def rows_of_tokens(audiences: "QuerySet[Audience]", **whose: Any) -> "QuerySet[Any, tuple[str]]":
    """Tokens as rows of a query: of the interests and follows of the space that `whose` filters, and of `audiences`."""
    interests = SpaceInterest.objects.filter(**whose).annotate(token=_named(INTEREST, "interest_id"))
    follows = Follow.objects.filter(**whose).annotate(
        token=Case(When(author__isnull=False, then=_named(AUTHOR, "author_id")), default=_named(SPACE, "followed_id"))
    )
    meant = audiences.annotate(token=_named(AUDIENCE, "pk"))
    rows = [each.order_by().values_list("token") for each in (interests, follows, meant)]
    return rows[0].union(*rows[1:], all=True)


def _named(letter: str, column: str) -> Concat:
    return Concat(Value(letter), Cast(column, CharField()))


def tokens_of_tiers(user: User) -> list[str]:
    """Audiences the person belongs to by place: the own organisations and all above (S42). One query."""
    reaching = Organisation.objects.filter(path__in=standing(user).reach_paths)
    return [everybody_under(pk) for pk in reaching.values_list("pk", flat=True)]
