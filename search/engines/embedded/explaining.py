"""Everything about one hit: its place among all, and what each word gave it."""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from search.engines.base import Hit, WordShare
from search.engines.embedded.expression import any_spelling, entitled, ranking, within
from search.engines.embedded.ranking import TEXT, Scored, before, hits
from search.engines.embedded.schema import COLUMNS
from search.engines.embedded.tiers import Tier
from search.query import MAX_WINDOW, Ask, Query


def explained(
    connection: sqlite3.Connection,
    score: Callable[[Tier], Scored],
    ask: Ask | None,
    query: Query,
    ranked: Iterable[Tier],
) -> list[Hit]:
    """The document that is asked for, when it is among what was found, in tiers."""
    row = connection.execute("SELECT rowid FROM doc WHERE id = ?", (query.only,)).fetchone()
    rank = _rank(score, ask, query, ranked, row[0]) if row else None
    if rank is None:
        return []
    this = Tier(np.array(row), ranking(ask, whole=query.text) if ask else "")
    hit = replace(hits(connection, score(this), np.array([0]), query)[0], rank=rank)
    if ask is None:
        return [hit]
    counts = query.by_words
    whole = entitled(ask, query.text) if counts else ""
    return [
        replace(
            hit,
            words=[_share(connection, word, any_spelling(ask, word), row[0], counts=counts) for word in ask.words],
            whole=_score(connection, whole, row[0]) if whole else 0.0,
        )
    ]


def _rank(
    score: Callable[[Tier], Scored], ask: Ask | None, query: Query, ranked: Iterable[Tier], row: int
) -> int | None:
    """How many rows come before this one, and one; 0 when that is further behind than can be paged, None without it."""
    ahead = 0
    for tier in ranked:
        if row in tier.rows:
            rows = score(tier)
            ahead += before(rows.keys(ask, query), int(np.searchsorted(rows.rows, row)))
            return ahead + 1 if ahead < MAX_WINDOW else 0
        ahead += len(tier.rows)
    return None


def _share(connection: sqlite3.Connection, word: str, expression: str, row: int, *, counts: bool) -> WordShare:
    fields = tuple(name for name in COLUMNS if _score(connection, within((name,), expression), row))
    return WordShare(word, _score(connection, expression, row) if counts and fields else 0.0, fields)


def _score(connection: sqlite3.Connection, expression: str, row: int) -> float:
    """What the expression counts in this row; 0 when it is not there."""
    sql = f"SELECT {TEXT} FROM words WHERE words MATCH ? AND rowid = ?"
    found = connection.execute(sql, (expression, row)).fetchone()
    return float(found[0]) if found else 0.0
