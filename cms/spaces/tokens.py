"""Names of audiences. A delivery is written for one token; a space reads the tokens it belongs to. Pure but for queries
of one space's own rows."""

from cms.organisations.models import Organisation
from cms.people.models import User
from cms.people.queries import standing
from cms.spaces.audiences import of_space
from cms.spaces.models import Follow, Space

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
    """Audiences this space chose to belong to, and those by which editors mean it, in three queries: its interests,
    its follows, the audiences there are for whom it is."""
    found = [interest(pk) for pk in space.interests.values_list("pk", flat=True)]
    for author, followed in Follow.objects.filter(space=space).values_list("author_id", "followed_id"):
        found.append(followers_of_author(author) if author else followers_of_space(followed))
    return found + [audience(pk) for pk in of_space(space, user).values_list("pk", flat=True)]


def tokens_of_tiers(user: User) -> list[str]:
    """Audiences the person belongs to by place: the own organisations and all above (S42). One query."""
    reaching = Organisation.objects.filter(path__in=standing(user).reach_paths)
    return [everybody_under(pk) for pk in reaching.values_list("pk", flat=True)]
