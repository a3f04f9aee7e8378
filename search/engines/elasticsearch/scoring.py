"""What a hit's score is made of: the same factors that the request asked for."""

from collections.abc import Mapping
from typing import Any

from search.engines.base import Hit
from search.query import Ask, Query, Sort
from search.signals import ADOPTIONS, NEWNESS, WORDS, adoptions_factor, newness_factor


def by_words(ask: Ask | None, query: Query) -> bool:
    """Whether the words count in the score."""
    return ask is not None and query.sort is Sort.RELEVANCE


def hit_of(answer: Mapping[str, Any], now: int, *, counts: bool) -> Hit:
    """One hit of the server's answer; `counts` says whether its score holds the words."""
    source = answer["_source"]
    adoptions = adoptions_factor(source["adoptions"])
    newness = newness_factor(source["published"], now)
    words = answer["_score"] / (adoptions * newness) if counts else 1.0
    return Hit(source["id"], words * adoptions * newness, {WORDS: words, ADOPTIONS: adoptions, NEWNESS: newness})
