"""Which rows a query is about: the words, who may see, what was chosen. Each row is looked at once."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.engines.embedded.combos import Mask, Numbers
from search.engines.embedded.expression import enough, marks, matching
from search.engines.embedded.facets import Counts, tally
from search.engines.embedded.knowledge import Known
from search.engines.embedded.sheets import Records
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
    records    of the whole index
    facets     the counts of those that were asked for
    """

    rows: Numbers
    records: Records
    facets: Counts


class Sieve:
    """Finds the rows of a query, in one open transaction."""

    def __init__(self, connection: sqlite3.Connection, known: Known, query: Query) -> None:
        self._connection, self._combos, self._query = connection, known.combos, query
        self._records = known.sheets.read(connection)
        self._seen = _seen(connection, query.tokens)

    def find(self, ask: Ask | None) -> Found:
        """The rows that hold the words of one step, or all, of those that may be seen and pass every filter."""
        query, records = self._query, self._records
        rows = np.arange(len(records)) if ask is None else self._holding(ask)
        rows = rows[self._seen[records["acl"][rows]]]
        combos = records["combo"][rows]
        if query.filters or query.facets:
            self._combos.learn(self._connection, combos)
        # A filter whose own facet is counted too must be lifted for it; the others hold for everything.
        lifted = {facet: values for facet, values in query.filters.items() if facet in query.facets}
        held = {facet: values for facet, values in query.filters.items() if facet not in lifted}
        rows, combos = self._passing(rows, combos, held)
        counts = tally(self._combos, combos, lifted, query.facets) if query.facets else {}
        rows, combos = self._passing(rows, combos, lifted)
        return Found(rows, records, counts)

    def _passing(self, rows: Numbers, combos: Numbers, filters: Mapping[str, Sequence[str]]) -> tuple[Numbers, Numbers]:
        """Those of the rows, with their combos, that have one of the values in every facet."""
        for facet, values in filters.items():
            passing = self._combos.passing(combos, facet, values)
            rows, combos = rows[passing], combos[passing]
        return rows, combos

    def _holding(self, ask: Ask) -> Numbers:
        also, words = enough(ask)
        return holding(self._connection, matching(ask), Piece(also, tuple(words)))


def _seen(connection: sqlite3.Connection, tokens: Collection[str]) -> Mask:
    """Which acls have one of the tokens."""
    (most,) = connection.execute("SELECT coalesce(max(id), 0) FROM acl").fetchone()
    seen = np.zeros(most + 1, np.bool)
    asked = f"SELECT acl FROM acl_token WHERE token IN ({marks(len(tokens))})"
    seen[[acl for (acl,) in connection.execute(asked, tuple(tokens))]] = True
    return seen


def holding(connection: sqlite3.Connection, expression: str, also: Piece = NOTHING) -> Numbers:
    """The rows that hold the words of an expression, ascending, whoever may see them."""
    # One text of all numbers: it is read many times as quickly as a row for each.
    sql = f"SELECT coalesce(group_concat(rowid), '') FROM words WHERE words MATCH ?{also.sql}"
    (rows,) = connection.execute(sql, (expression, *also.parameters)).fetchone()
    return np.fromstring(rows, np.int64, sep=",")


def visible(tokens: Collection[str]) -> Piece:
    """The document carries one of the tokens. Without tokens, none does."""
    sql = f"AND doc.acl IN (SELECT acl FROM acl_token WHERE token IN ({marks(len(tokens))}))"
    return Piece(sql, tuple(sorted(tokens)))
