"""Reads of one index file: what was found, counted and ranked, in one consistent view."""

import sqlite3
import time
from collections.abc import Collection, Iterable, Sequence

from search.analysis import phrase
from search.engines.base import Hit, Page, Suggestion
from search.engines.embedded.explaining import explained
from search.engines.embedded.expression import quoted, within
from search.engines.embedded.knowledge import Known
from search.engines.embedded.ranking import hit_of, order, scored
from search.engines.embedded.selecting import Found, Piece, Sieve, visible
from search.engines.embedded.tiers import Tier, tiers
from search.normalise import normalise, storable
from search.query import MAX_TEXT, Ask, Query, Step

SUGGEST_AMONG = 500  # newest matching titles from which the most adopted are suggested


def search(connection: sqlite3.Connection, known: Known, query: Query) -> Page:
    """The answer to `query`; the caller holds a transaction open, so that counts and hits agree."""
    began = time.perf_counter()
    hits: list[Hit] = []
    found = Found([], 0, {name: [] for name in query.facets})
    step = Step.NOTHING
    asks: Sequence[Ask | None] = query.asks if query.text else (None,)
    sieve = Sieve(connection, known, query)
    for ask in asks:
        found = sieve.find(ask)
        if found.rows or ask is None:
            step = ask.step if ask else Step.BROWSE
            ranked = tiers(connection, known, ask, query, found)
            if query.only:
                hits = explained(connection, ask, query, ranked)
            elif len(found.rows) > query.offset:
                hits = _page(connection, ask, query, found, ranked)
            break
    return Page(hits, len(found.rows), True, found.facets, (time.perf_counter() - began) * 1000, step)


def _page(
    connection: sqlite3.Connection, ask: Ask | None, query: Query, found: Found, ranked: Iterable[Tier]
) -> list[Hit]:
    """The hits of the page that is asked for."""
    hits: list[Hit] = []
    skip, wanted = query.offset, min(query.per_page, len(found.rows) - query.offset)
    for tier in ranked:
        if skip < len(tier.rows):
            asked = scored(tier.wanted, ask, query, rows=len(tier.rows))
            page = f"{asked.sql} ORDER BY {order(ask, query)} LIMIT ? OFFSET ?"
            rows = connection.execute(page, (*asked.parameters, wanted - len(hits), skip))
            hits += [hit_of(row, query) for row in rows]
        skip = max(0, skip - len(tier.rows))
        if len(hits) >= wanted:
            break
    return hits


def suggest(connection: sqlite3.Connection, prefix: str, tokens: Collection[str], limit: int) -> list[Suggestion]:
    """Titles that hold `prefix`, each once, most adopted first."""
    asked = phrase(normalise(prefix[: MAX_TEXT * 4])[:MAX_TEXT], unfinished=True)
    if not asked.tokens or not tokens:
        return []
    wanted = Piece(
        "words CROSS JOIN doc ON doc.rowid = words.rowid WHERE words MATCH ?", (within(("title",), quoted(asked)),)
    ) + visible({storable(token) for token in tokens})
    titles = connection.execute(
        f"SELECT title, id FROM (SELECT doc.title, doc.id, doc.adoptions, doc.rowid AS row FROM {wanted.sql}"
        " ORDER BY words.rowid DESC LIMIT ?) ORDER BY adoptions DESC, length(title), row",
        (*wanted.parameters, SUGGEST_AMONG),
    )
    best: dict[str, str] = {}
    for title, id_ in titles:
        best.setdefault(title, id_)
        if len(best) >= limit:
            break
    return [Suggestion(title, id_) for title, id_ in best.items()]
