"""Scores and orders as SQL: the table of signals in this engine's words."""

import time
from collections.abc import Sequence

from search.engines.base import Hit
from search.engines.embedded.schema import WEIGHTS
from search.engines.embedded.selecting import Piece
from search.query import Ask, Query, Sort
from search.signals import ADOPTIONS, BY_NAME, NEWNESS, WORDS

TEXT = f"-bm25(words, {', '.join(map(str, WEIGHTS))})"
POPULAR = f"(1 + {BY_NAME[ADOPTIONS].weight} * ln(1 + doc.adoptions))"
RECENT = (
    f"(1 + iif(doc.published IS NULL, 0, {BY_NAME[NEWNESS].weight}"
    f" * exp(-ln(2) * abs(? - doc.published) / {BY_NAME[NEWNESS].half_life}.0)))"
)

ORDER = {
    Sort.RELEVANCE: "score DESC, row DESC",
    Sort.NEWEST: "published DESC NULLS LAST, row DESC",
    Sort.MOST_ADOPTED: "adoptions DESC, published DESC NULLS LAST, row DESC",
}
# The same orders as rows of values, the greater the further in front: what is greater than a hit's comes before it.
NEVER = "coalesce(published, -9e18)"
KEYS = {
    Sort.RELEVANCE: ("score", "row"),
    Sort.NEWEST: (NEVER, "row"),
    Sort.MOST_ADOPTED: ("adoptions", NEVER, "row"),
}


def by_words(ask: Ask | None, query: Query) -> bool:
    """Whether the words count in the score."""
    return ask is not None and query.sort is Sort.RELEVANCE


def scored(wanted: Piece, ask: Ask | None, query: Query) -> Piece:
    """The wanted rows with their signals: row, id, adoptions, published, text, popular, recent, score."""
    text = TEXT if by_words(ask, query) else "1.0"
    sql = (
        "SELECT *, text * popular * recent AS score FROM ("
        f"SELECT doc.rowid AS row, doc.id, doc.adoptions, doc.published, {text} AS text, {POPULAR} AS popular,"
        f" {RECENT} AS recent FROM {wanted.sql})"
    )
    return Piece(sql, (int(time.time()), *wanted.parameters))


def hit_of(row: Sequence[object]) -> Hit:
    """A row of `scored` as a hit."""
    _row, id_, _adoptions, _published, text, popular, recent, score = row
    return Hit(str(id_), float(score), {WORDS: text, ADOPTIONS: popular, NEWNESS: recent})  # type: ignore[arg-type, dict-item]
