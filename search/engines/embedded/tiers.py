"""What is ranked with what. One tier nearly always; of very many hits those with the words in the title come first."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from search.engines.embedded.combos import Numbers
from search.engines.embedded.expression import each, matching, ranking, within
from search.engines.embedded.knowledge import Known
from search.engines.embedded.selecting import Found, holding
from search.query import Ask, Query, Sort, Step

# With more hits than this, and that many titles among them, titles are ranked first and what is behind them only when
# somebody pages so far: a title weighs ten times a body, and ranking 70,000 bodies takes 0.15 s.
WIDE = 5_000
TITLES = 1_000


@dataclass(frozen=True)
class Tier:
    """Rows, ascending, that are ranked among each other; all of the next tier stand behind them.

    expression  all of them hold its words, which count; empty where no words were asked
    """

    rows: Numbers
    expression: str


def tiers(connection: sqlite3.Connection, known: Known, ask: Ask | None, query: Query, found: Found) -> Iterator[Tier]:
    """The rows that were found, those in front first."""
    rows = found.rows
    if ask is None:
        yield Tier(rows, "")
        return
    words: Sequence[str] = ()
    if ask.step is Step.ALL and query.sort is Sort.RELEVANCE and len(rows) > WIDE:
        expression = within(("title",), matching(ask))
        titles = np.intersect1d(rows, holding(connection, expression), assume_unique=True)
        if len(titles) >= TITLES:
            yield Tier(titles, expression)
            rows = np.setdiff1d(rows, titles, assume_unique=True)
    if ask.step is Step.ALL and query.by_words:
        words = known.common.telling(connection, each(ask), len(found.records))
    yield Tier(rows, ranking(ask, whole=query.text, words=words))
