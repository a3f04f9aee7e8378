"""Scores and orders as SQL: the table of signals in this engine's words."""

import time
from collections.abc import Sequence
from typing import Any

from search.engines.base import Hit
from search.engines.embedded.schema import WEIGHTS
from search.engines.embedded.selecting import Piece, having_any
from search.query import PLACE, Ask, Query, Sort
from search.signals import ADOPTIONS, BY_NAME, NEWNESS, WORDS

TEXT = f"-bm25(words, {', '.join(map(str, WEIGHTS))})"
POPULAR = f"(1 + {BY_NAME[ADOPTIONS].weight} * ln(1 + doc.adoptions))"
RECENT = (
    f"(1 + iif(doc.published IS NULL, 0, {BY_NAME[NEWNESS].weight}"
    f" * exp(-ln(2) * abs(? - doc.published) / {BY_NAME[NEWNESS].half_life}.0)))"
)

FEW = 20_000  # rows, below which it is quicker to look up the place of each than to list all combos of a place

NEVER = "coalesce(published, -9e18)"


def keys(ask: Ask | None, query: Query) -> tuple[str, ...]:
    """What the rows of `scored` are sorted by: the greater the further in front."""
    return {
        Sort.RELEVANCE: ("score", "row"),
        Sort.NEWEST: (NEVER, "row"),
        Sort.MOST_ADOPTED: ("adoptions", NEVER, "row"),
        Sort.NEAREST: ("near", "score" if ask else NEVER, "row"),
    }[query.sort]


def order(ask: Ask | None, query: Query) -> str:
    return ", ".join(f"{key} DESC" for key in keys(ask, query))


def scored(wanted: Piece, ask: Ask | None, query: Query, *, rows: int) -> Piece:
    """The wanted rows with their signals: row, id, adoptions, published, near, text, popular, recent, score.

    near  higher is nearer, 0 is elsewhere; the number of rows decides how that is looked up
    """
    text = TEXT if ask and query.by_words else "1.0"
    near = _near(query.places, few=rows < FEW)
    sql = (
        "SELECT *, text * popular * recent AS score FROM ("
        f"SELECT doc.rowid AS row, doc.id, doc.adoptions, doc.published, {near.sql} AS near, {text} AS text,"
        # Without a limit SQLite would copy the expressions outwards and work out each of them twice.
        f" {POPULAR} AS popular, {RECENT} AS recent FROM {wanted.sql} LIMIT -1)"
    )
    return Piece(sql, (*near.parameters, int(time.time()), *wanted.parameters))


def _near(places: Sequence[str], *, few: bool) -> Piece:
    if not places:
        return Piece("0")
    when = " ".join(f"WHEN {having_any((place,), few=few)} THEN {len(places) - at}" for at, place in enumerate(places))
    return Piece(f"CASE {when} ELSE 0 END", tuple(word for place in places for word in (PLACE, place)))


def hit_of(row: Sequence[Any], query: Query) -> Hit:
    """A row of `scored` as a hit."""
    _row, id_, _adoptions, _published, near, text, popular, recent, score = row
    parts = {WORDS: text, ADOPTIONS: popular, NEWNESS: recent}
    return Hit(id_, score, parts, near=len(query.places) + 1 - near if near else 0)
