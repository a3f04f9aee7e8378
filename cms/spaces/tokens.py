"""Names of audiences. A delivery is written for one token; a space reads the tokens it belongs to. Pure but for queries
of one space's own rows."""

from cms.people.models import User
from cms.people.queries import standing
from cms.spaces.models import Follow, Space


def interest(pk: int) -> str:
    return f"i{pk}"


def followers_of_author(pk: int) -> str:
    return f"a{pk}"


def followers_of_space(pk: int) -> str:
    return f"s{pk}"


def everybody_under(organisation_id: int) -> str:
    return f"o{organisation_id}"


def tokens_of(space: Space, user: User) -> list[str]:
    """Every audience this space belongs to, in three queries: its interests, its follows, the person's places."""
    found = [interest(pk) for pk in space.interests.values_list("pk", flat=True)]
    for author, followed in Follow.objects.filter(space=space).values_list("author_id", "followed_id"):
        found.append(followers_of_author(author) if author else followers_of_space(followed))
    found += [everybody_under(m.organisation_id) for m in standing(user).memberships]
    return found
