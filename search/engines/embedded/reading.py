"""Reads of one index file: what was found, counted and ranked, in one consistent view."""

import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from search.analysis import phrase
from search.engines.base import Hit, Page, Suggestion
from search.engines.embedded.explaining import explained
from search.engines.embedded.expression import quoted, within
from search.engines.embedded.knowledge import Known
from search.engines.embedded.ranking import Scored, first, hits, scored
from search.engines.embedded.selecting import Piece, Sieve, visible
from search.engines.embedded.tiers import Tier, tiers
from search.normalise import normalise, storable
from search.query import MAX_TEXT, Ask, Query, Step

SUGGEST_AMONG = 500  # newest matching titles from which the most adopted are suggested


def search(connection: sqlite3.Connection, known: Known, query: Query) -> Page:
    """The answer to `query`; the caller holds a transaction open, so that counts and hits agree."""
    began = time.perf_counter()
    shown: list[Hit] = []
    total, facets = 0, {name: list[tuple[str, int]]() for name in query.facets}
    step = Step.NOTHING
    asks: Sequence[Ask | None] = query.asks if query.text else (None,)
    sieve = Sieve(connection, known, query)
    for ask in asks:
        found = sieve.find(ask)
        total, facets = len(found.rows), found.facets
        if total or ask is None:
            step = ask.step if ask else Step.BROWSE
            if not query.per_page:
                break
            ranked = tiers(connection, known, ask, query, found)
            score = partial(scored, connection, known.combos, found.records, query=query)
            if query.only:
                shown = explained(connection, score, ask, query, ranked)
            elif total > query.offset:
                shown = _page(connection, score, ask, query, ranked)
            break
    return Page(shown, total, True, facets, (time.perf_counter() - began) * 1000, step)


def _page(
    connection: sqlite3.Connection,
    score: Callable[[Tier], Scored],
    ask: Ask | None,
    query: Query,
    ranked: Iterable[Tier],
) -> list[Hit]:
    """The hits of the page that is asked for."""
    found: list[Hit] = []
    skip = query.offset
    for tier in ranked:
        if skip < len(tier.rows):
            rows = score(tier)
            places = first(rows.keys(ask, query), skip + query.per_page - len(found))
            found += hits(connection, rows, places[skip:], query)
        skip = max(0, skip - len(tier.rows))
        if len(found) >= query.per_page:
            break
    return found


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
