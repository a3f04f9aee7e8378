"""What a person carries into a question: the tokens of the works they may see, and those of spaces and people.

`search.documents` gives the same tokens to the documents, the rooms' `rules.as_q` is asked again for the rows that are
shown. A test holds the three together."""

from cms.library import tokens as library
from cms.people.queries import Anybody, standing

MEMBERS = "members"
"""Everybody who is something somewhere: they may view every space that is not private (`cms.spaces.rules`)."""

COLLEAGUES = "colleagues"
"""Everybody who works here, no pupils or parents: to them people agreed to be shown (`cms.people.rules`, "find")."""


def tokens_of(user: Anybody) -> list[str]:
    """What this person carries: tens, however large the province."""
    return [*library.tokens_of(user), *beside_works(user)]


def beside_works(user: Anybody) -> list[str]:
    """The tokens by which anything but works is found; a visitor carries none."""
    who = standing(user)
    return [*([MEMBERS] if who.memberships else []), *([COLLEAGUES] if who.opens_workbench else [])]
