"""Which rows a query is about, as SQL with its parameters: the words, who may see, what was chosen."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from search.engines.embedded.expression import enough, marks, matching
from search.query import Ask

FEW = 20_000  # rows with the words, below which it is quicker to look up each row's combo than to list all combos


@dataclass(frozen=True)
class Piece:
    """A piece of SQL and what its question marks stand for."""

    sql: str = ""
    parameters: tuple[object, ...] = ()

    def __add__(self, other: "Piece") -> "Piece":
        return Piece(f"{self.sql} {other.sql}", (*self.parameters, *other.parameters))


def rows(ask: Ask | None, expression: str) -> Piece:
    """FROM and the beginning of WHERE: the documents that hold the words of one step, or all."""
    if ask is None:
        return Piece("doc WHERE 1")
    also, words = enough(ask)
    # CROSS JOIN: the words first, then the row of each; the planner must not try it the other way round.
    sql = f"words CROSS JOIN doc ON doc.rowid = words.rowid WHERE words MATCH ?{also}"
    return Piece(sql, (expression, *words))


def visible(tokens: Collection[str]) -> Piece:
    """The document carries one of the tokens. Without tokens, none does."""
    sql = f"AND doc.acl IN (SELECT acl FROM acl_token WHERE token IN ({marks(len(tokens))}))"
    return Piece(sql, tuple(sorted(tokens)))


def chosen(filters: Mapping[str, Sequence[str]], *, few: bool) -> Piece:
    """Every facet has one of the values chosen for it; `few` decides how that is looked up."""
    piece = Piece()
    for facet, values in filters.items():
        piece += Piece(f"AND {having_any(values, few=few)}", (facet, *values))
    return piece


def having_any(values: Sequence[str], *, few: bool) -> str:
    """The condition that the document has one of the values in a facet; its parameters are the facet and the values."""
    listed = f"FROM combo_value WHERE facet = ? AND value IN ({marks(len(values))})"
    one_by_one = f"EXISTS (SELECT 1 {listed} AND combo = doc.combo)"
    return one_by_one if few else f"doc.combo IN (SELECT combo {listed})"


def is_few(connection: sqlite3.Connection, ask: Ask | None) -> bool:
    """Whether fewer than FEW rows hold a word of the step, whoever may see them."""
    if ask is None:
        return False
    sql = f"SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT {FEW})"
    return int(connection.execute(sql, (matching(ask),)).fetchone()[0]) < FEW
