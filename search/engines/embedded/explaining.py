"""Everything about one hit: its place among all, and what each word gave it."""

import sqlite3
from dataclasses import replace

from search.engines.base import Hit, WordShare
from search.engines.embedded.expression import any_spelling, entitled, ranking, within
from search.engines.embedded.ranking import TEXT, hit_of, keys, scored
from search.engines.embedded.schema import COLUMNS
from search.engines.embedded.selecting import Piece, chosen, rows, visible
from search.query import MAX_WINDOW, Ask, Query


def explained(connection: sqlite3.Connection, ask: Ask | None, query: Query, wanted: Piece) -> list[Hit]:
    """The document that is asked for, when it is among what was found; `wanted` are the rows that are ranked."""
    row = connection.execute("SELECT rowid FROM doc WHERE id = ?", (query.only,)).fetchone()
    if row is None:
        return []
    this = Piece("AND doc.rowid = ?" if ask is None else "AND words.rowid = ?", (row[0],))
    every = rows(ask, ranking(ask, whole=query.text) if ask else "") + visible(query.tokens)
    one = scored(every + chosen(query.filters, few=True) + this, ask, query, few=True)
    found = connection.execute(one.sql, one.parameters).fetchone()
    if found is None:
        return []
    hit = replace(hit_of(found, query), rank=_rank(connection, ask, query, wanted, this))
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


def _rank(connection: sqlite3.Connection, ask: Ask | None, query: Query, wanted: Piece, this: Piece) -> int:
    """How many rows come before this one, and one."""
    sorted_by = ", ".join(keys(ask, query))
    one, all_ = scored(wanted + this, ask, query, few=True), scored(wanted, ask, query, few=False)
    own = connection.execute(f"SELECT {sorted_by} FROM ({one.sql})", one.parameters).fetchone()
    if own is None:
        return 0
    marks = ", ".join("?" * len(own))
    sql = f"SELECT count(*) FROM (SELECT 1 FROM ({all_.sql}) WHERE ({sorted_by}) > ({marks}) LIMIT {MAX_WINDOW})"
    before = int(connection.execute(sql, (*all_.parameters, *own)).fetchone()[0])
    return before + 1 if before < MAX_WINDOW else 0


def _share(connection: sqlite3.Connection, word: str, expression: str, row: int, *, counts: bool) -> WordShare:
    fields = tuple(name for name in COLUMNS if _score(connection, within((name,), expression), row))
    return WordShare(word, _score(connection, expression, row) if counts and fields else 0.0, fields)


def _score(connection: sqlite3.Connection, expression: str, row: int) -> float:
    """What the expression counts in this row; 0 when it is not there."""
    sql = f"SELECT {TEXT} FROM words WHERE words MATCH ? AND rowid = ?"
    found = connection.execute(sql, (expression, row)).fetchone()
    return float(found[0]) if found else 0.0
