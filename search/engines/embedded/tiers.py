"""What is ranked with what. One tier nearly always; of very many hits those with the words in the title come first."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.engines.embedded.expression import each, matching, ranking, within
from search.engines.embedded.knowledge import Known
from search.engines.embedded.selecting import Found, Piece, among, holding
from search.query import Ask, Query, Sort, Step

# With more hits than this, and that many titles among them, titles are ranked first and what is behind them only when
# somebody pages so far: a title weighs ten times a body, and ranking 70,000 bodies takes 0.15 s.
WIDE = 5_000
TITLES = 1_000


@dataclass(frozen=True)
class Tier:
    """Rows that are ranked among each other, as FROM and WHERE too; all of the next tier stand behind them."""

    rows: Sequence[int]
    wanted: Piece


def tiers(connection: sqlite3.Connection, known: Known, ask: Ask | None, query: Query, found: Found) -> Iterator[Tier]:
    """The rows that were found, those in front first."""
    rows = found.rows
    if ask is None:
        yield Tier(rows, among(None, "", rows))
        return
    words: Sequence[str] = ()
    if ask.step is Step.ALL and query.sort is Sort.RELEVANCE and len(rows) > WIDE:
        expression, there = within(("title",), matching(ask)), frozenset(rows)
        titles = [row for row in holding(connection, expression) if row in there]
        if len(titles) >= TITLES:
            yield Tier(titles, among(ask, expression, titles))
            rows = sorted(there.difference(titles))
    if ask.step is Step.ALL and query.by_words:
        words = known.common.telling(connection, each(ask), found.documents)
    yield Tier(rows, among(ask, ranking(ask, whole=query.text, words=words), rows))
