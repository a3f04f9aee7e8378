"""What a hit's score is made of: the same factors that the request asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from search.engines.base import Hit
from search.query import PLACE, Ask, Query
from search.ranking import ADOPTIONS, NEWNESS, WORDS, adoptions_factor, newness_factor

# What a score is multiplied with, once for each step nearer. A power of two changes no digit of it, and is more than
# lies between the best and the least of what words count; six steps and the score fit into the server's 32 bits.
NEARER = 2.0**18


def weight_of(place: int, places: Sequence[str]) -> float:
    """What the score of documents at the place of this number (0 is the nearest) is multiplied with."""
    return NEARER ** (len(places) - place)


def hit_of(answer: Mapping[str, Any], ask: Ask | None, query: Query, now: int) -> Hit:
    """One hit of the server's answer."""
    source = answer["_source"]
    adoptions = adoptions_factor(source["adoptions"])
    newness = newness_factor(source["published"], now)
    places = source.get("facets", {}).get(PLACE, ()) if query.places else ()
    near = next((at for at, place in enumerate(query.places, start=1) if place in places), 0)
    words = 1.0
    if ask is not None and query.by_words:
        words = answer["_score"] / (adoptions * newness) / (weight_of(near - 1, query.places) if near else 1.0)
    parts = {WORDS: words, ADOPTIONS: adoptions, NEWNESS: newness}
    return Hit(source["id"], words * adoptions * newness, parts, near=near)
