"""Which rows a query is about: the words, who may see, what was chosen. Each row is looked at once."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from search.engines.embedded.expression import enough, marks, matching
from search.engines.embedded.facets import Counts, tally
from search.engines.embedded.knowledge import Known
from search.query import Ask, Query


@dataclass(frozen=True)
class Piece:
    """A piece of SQL and what its question marks stand for."""

    sql: str = ""
    parameters: tuple[object, ...] = ()

    def __add__(self, other: "Piece") -> "Piece":
        return Piece(f"{self.sql} {other.sql}", (*self.parameters, *other.parameters))


NOTHING = Piece()


@dataclass(frozen=True)
class Found:
    """What one step found.

    rows       ascending
    documents  of the whole index, about
    facets     the counts of those that were asked for
    """

    rows: Sequence[int]
    documents: int
    facets: Counts


class Sieve:
    """Finds the rows of a query, in one open transaction."""

    def __init__(self, connection: sqlite3.Connection, known: Known, query: Query) -> None:
        self._connection, self._combos, self._query = connection, known.combos, query
        self._acl, self._combo = known.sheets.read(connection)
        asked = f"SELECT acl FROM acl_token WHERE token IN ({marks(len(query.tokens))})"
        self._seen = {acl for (acl,) in connection.execute(asked, tuple(query.tokens))}

    def find(self, ask: Ask | None) -> Found:
        """The rows that hold the words of one step, or all, of those that may be seen and pass every filter."""
        query, seen, acl = self._query, self._seen, self._acl
        words = range(len(acl)) if ask is None else self._holding(ask)
        rows = [row for row in words if acl[row] in seen]
        combos = list(map(self._combo.__getitem__, rows))
        if query.filters or query.facets:
            self._combos.learn(self._connection, combos)
        # A filter whose own facet is counted too must be lifted for it; the others hold for everything.
        lifted = {facet: values for facet, values in query.filters.items() if facet in query.facets}
        for facet, values in query.filters.items():
            if facet not in lifted:
                rows, combos = self._combos.sift(rows, combos, facet, values)
        counts = tally(self._combos, combos, lifted, query.facets) if query.facets else {}
        for facet, values in lifted.items():
            rows, combos = self._combos.sift(rows, combos, facet, values)
        return Found(rows, len(acl), counts)

    def _holding(self, ask: Ask) -> list[int]:
        also, words = enough(ask)
        return holding(self._connection, matching(ask), Piece(also, tuple(words)))


def holding(connection: sqlite3.Connection, expression: str, also: Piece = NOTHING) -> list[int]:
    """The rows that hold the words of an expression, ascending, whoever may see them."""
    # One text of all numbers: it is read twice as quickly as a row for each.
    sql = f"SELECT json_group_array(rowid) FROM words WHERE words MATCH ?{also.sql}"
    return list(json.loads(connection.execute(sql, (expression, *also.parameters)).fetchone()[0]))


def among(ask: Ask | None, expression: str, rows: Sequence[int]) -> Piece:
    """FROM and WHERE: those of the rows that hold the words of an expression; all of them without words."""
    listed = "IN (SELECT value FROM json_each(?))"
    if ask is None:
        return Piece(f"doc WHERE doc.rowid {listed}", (json.dumps(rows),))
    # CROSS JOIN: the words first, then the row of each; the planner must not try it the other way round.
    # The plus: the words are gone through once, not looked up again for each row.
    sql = f"words CROSS JOIN doc ON doc.rowid = words.rowid WHERE words MATCH ? AND +words.rowid {listed}"
    return Piece(sql, (expression, json.dumps(rows)))


def visible(tokens: Collection[str]) -> Piece:
    """The document carries one of the tokens. Without tokens, none does."""
    sql = f"AND doc.acl IN (SELECT acl FROM acl_token WHERE token IN ({marks(len(tokens))}))"
    return Piece(sql, tuple(sorted(tokens)))


def having_any(values: Sequence[str], *, few: bool) -> str:
    """The condition that the document has one of the values in a facet; its parameters are the facet and the values.

    `few` decides how that is looked up: for each document, or by a list of all combos.
    """
    listed = f"FROM combo_value WHERE facet = ? AND value IN ({marks(len(values))})"
    one_by_one = f"EXISTS (SELECT 1 {listed} AND combo = doc.combo)"
    return one_by_one if few else f"doc.combo IN (SELECT combo {listed})"
