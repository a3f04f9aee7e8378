"""What every engine holds of a document, and how much of it: alike, so that the same is found whichever answers."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from search.engines.base import Document
from search.normalise import normalise_each, storable

LIMITS: Mapping[str, int] = {"title": 500, "keywords": 2_000, "summary": 10_000, "body": 200_000}
"""The texts in which words are found, in the order of their columns, and the normalised characters of each."""

MAX_TITLE = 500  # characters of the title as it is shown, kept for suggestions
MAX_INTEGER = 2**63 - 1
MAX_VALUES = 200  # values of one facet in an answer; chosen ones are always among them
REMEMBERED = 30 * 86_400
"""Seconds for which a deletion is remembered, from when it happened, through rebuilds too. No write comes as late: what
has waited is read from the database anew, under a new version; only a process that hung in between is late at all."""


def texts_of(document: Document) -> list[tuple[str, int]]:
    """Each of its texts, normalised, and its limit, at which it is still to be cut."""
    # A normalised character comes from few raw ones, so a generous cut before bounds the work.
    raw = [getattr(document, name)[: limit * 2] for name, limit in LIMITS.items()]
    return list(zip(normalise_each(raw), LIMITS.values(), strict=True))


def title_of(document: Document) -> str:
    """As it is shown."""
    return storable(document.title)[:MAX_TITLE]


def adoptions_of(document: Document) -> int:
    return min(max(document.adoptions, 0), MAX_INTEGER)


def seconds_of(moment: datetime | None) -> int | None:
    """Whole seconds since 1970, UTC."""
    if moment is None:
        return None
    return math.floor((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
