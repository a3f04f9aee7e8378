"""Everything about one hit: its place among all, and what each word gave it."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from search.engines.base import Hit, WordShare
from search.engines.embedded.expression import any_spelling, entitled, ranking, within
from search.engines.embedded.ranking import TEXT, hit_of, keys, scored
from search.engines.embedded.schema import COLUMNS
from search.engines.embedded.selecting import Piece, among
from search.engines.embedded.tiers import Tier
from search.query import MAX_WINDOW, Ask, Query


def explained(connection: sqlite3.Connection, ask: Ask | None, query: Query, ranked: Iterable[Tier]) -> list[Hit]:
    """The document that is asked for, when it is among what was found, in tiers."""
    row = connection.execute("SELECT rowid FROM doc WHERE id = ?", (query.only,)).fetchone()
    rank = _rank(connection, ask, query, ranked, row[0]) if row else None
    if rank is None:
        return []
    every = among(ask, ranking(ask, whole=query.text) if ask else "", list(row))
    one = scored(every + _this(ask, row[0]), ask, query, rows=1)
    hit = replace(hit_of(connection.execute(one.sql, one.parameters).fetchone(), query), rank=rank)
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
    connection: sqlite3.Connection, ask: Ask | None, query: Query, ranked: Iterable[Tier], row: int
) -> int | None:
    """How many rows come before this one, and one; 0 when that is further behind than can be paged, None without it."""
    before = 0
    for tier in ranked:
        if row in tier.rows:
            before += _before(connection, ask, query, tier, row)
            return before + 1 if before < MAX_WINDOW else 0
        before += len(tier.rows)
    return None


def _before(connection: sqlite3.Connection, ask: Ask | None, query: Query, tier: Tier, row: int) -> int:
    """How many rows of its tier come before this one, counted up to MAX_WINDOW."""
    sorted_by = ", ".join(keys(ask, query))
    one = scored(tier.wanted + _this(ask, row), ask, query, rows=1)
    all_ = scored(tier.wanted, ask, query, rows=len(tier.rows))
    own = connection.execute(f"SELECT {sorted_by} FROM ({one.sql})", one.parameters).fetchone()
    marks = ", ".join("?" * len(own))
    sql = f"SELECT count(*) FROM (SELECT 1 FROM ({all_.sql}) WHERE ({sorted_by}) > ({marks}) LIMIT {MAX_WINDOW})"
    return int(connection.execute(sql, (*all_.parameters, *own)).fetchone()[0])


def _this(ask: Ask | None, row: int) -> Piece:
    """The words are asked of this row alone."""
    return Piece("AND doc.rowid = ?" if ask is None else "AND words.rowid = ?", (row,))


def _share(connection: sqlite3.Connection, word: str, expression: str, row: int, *, counts: bool) -> WordShare:
    fields = tuple(name for name in COLUMNS if _score(connection, within((name,), expression), row))
    return WordShare(word, _score(connection, expression, row) if counts and fields else 0.0, fields)


def _score(connection: sqlite3.Connection, expression: str, row: int) -> float:
    """What the expression counts in this row; 0 when it is not there."""
    sql = f"SELECT {TEXT} FROM words WHERE words MATCH ? AND rowid = ?"
    found = connection.execute(sql, (expression, row)).fetchone()
    return float(found[0]) if found else 0.0
