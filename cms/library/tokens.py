"""The rule "view" a third time, as words an index can hold: a work carries tokens, a person carries tokens, and whoever
shares one with a live work may see it. A test holds `rules.allows`, `rules.as_q` and these together."""

from collections.abc import Collection, Iterable

from cms.people.enums import Role
from cms.people.queries import Anybody, standing

PUBLIC = "public"


def granted_to(path: str) -> str:
    """Everybody at or below the organisation at `path`."""
    return f"o{path}"


def administered_at(path: str) -> str:
    """Administrators at the organisation at `path`."""
    return f"m{path}"


def written_by(pk: int) -> str:
    return f"u{pk}"


def tokens_from(*, granted: Collection[str | None], authors: Iterable[int], places: Iterable[str]) -> list[str]:
    """Who may see the live version of a work, from plain facts.

    granted  paths of the organisations that were granted it, None for every visitor
    authors  ids of owner and coauthors
    places   paths of the work's own organisation and of all above it
    """
    if None in granted:
        return [PUBLIC]
    found = {granted_to(path) for path in granted if path is not None}
    found |= {written_by(pk) for pk in authors}
    found |= {administered_at(path) for path in places}
    return sorted(found)


def tokens_of(user: Anybody) -> list[str]:
    """What this person carries: tens, however large the province."""
    who = standing(user)
    found = {PUBLIC, *(granted_to(path) for path in who.reach_paths)}
    found |= {administered_at(place.path) for place in who.organisations(Role.ADMINISTRATOR)}
    if user.pk is not None:
        found.add(written_by(user.pk))
    return sorted(found)
