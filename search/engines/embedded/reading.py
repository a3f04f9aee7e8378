"""Reads of one index file: what was found, counted and ranked, in one consistent view."""

import sqlite3
import time
from collections.abc import Collection, Sequence

from search.analysis import phrase
from search.engines.base import Hit, Page, Suggestion
from search.engines.embedded.explaining import explained
from search.engines.embedded.expression import matching, quoted, ranking, within
from search.engines.embedded.facets import Combos, Counts, tally
from search.engines.embedded.ranking import hit_of, order, scored
from search.engines.embedded.selecting import FEW, Piece, chosen, is_few, rows, visible
from search.normalise import normalise, storable
from search.query import MAX_TEXT, MAX_WINDOW, Ask, Query, Sort, Step

# With more hits than this, and more titles among them than can be paged through, only titles are ranked: a title weighs
# ten times a body, and ranking 200,000 bodies takes 0.2 s.
WIDE = 5_000
SUGGEST_AMONG = 500  # newest matching titles from which the most adopted are suggested


def search(connection: sqlite3.Connection, combos: Combos, query: Query) -> Page:
    """The answer to `query`; the caller holds a transaction open, so that counts and hits agree."""
    began = time.perf_counter()
    hits: list[Hit] = []
    facets: Counts = {name: [] for name in query.facets}
    step, total = Step.NOTHING, 0
    asks: Sequence[Ask | None] = query.asks if query.text else (None,)
    for ask in asks:
        few = bool(query.filters) and is_few(connection, ask)
        total, facets = _count(connection, combos, ask, query, few=few)
        if total or ask is None:
            step = ask.step if ask else Step.BROWSE
            if query.only:
                hits = explained(connection, ask, query, _wanted(connection, ask, query, total, few=few))
            elif total > query.offset:
                hits = _ranked(connection, ask, query, _wanted(connection, ask, query, total, few=few), total)
            break
    return Page(hits, total, True, facets, (time.perf_counter() - began) * 1000, step)


def _count(
    connection: sqlite3.Connection, combos: Combos, ask: Ask | None, query: Query, *, few: bool
) -> tuple[int, Counts]:
    """Documents found in one step, and the facets asked for."""
    # A filter whose own facet is counted too must be lifted for it; the others hold for everything.
    lifted = {facet: values for facet, values in query.filters.items() if facet in query.facets}
    held = {facet: values for facet, values in query.filters.items() if facet not in query.facets}
    wanted = rows(ask, matching(ask) if ask else "") + visible(query.tokens) + chosen(held, few=few)
    if not query.facets:
        (total,) = connection.execute(f"SELECT count(*) FROM {wanted.sql}", wanted.parameters).fetchone()
        return int(total), {}
    found = [combo for (combo,) in connection.execute(f"SELECT doc.combo FROM {wanted.sql}", wanted.parameters)]
    combos.learn(connection, set(found))
    return tally(found, combos.columns, lifted, query.facets)


def _wanted(connection: sqlite3.Connection, ask: Ask | None, query: Query, total: int, *, few: bool) -> Piece:
    """The rows that are ranked: what was found, or of very much of it what can be paged through."""
    allowed = visible(query.tokens) + chosen(query.filters, few=few)
    wanted = rows(ask, ranking(ask, whole=query.text) if ask else "") + allowed
    if ask and query.sort is Sort.RELEVANCE and ask.step is Step.ALL and total > WIDE:
        titles = rows(ask, within(("title",), matching(ask))) + allowed
        counted = f"SELECT count(*) FROM (SELECT 1 FROM {titles.sql} LIMIT {MAX_WINDOW})"
        if connection.execute(counted, titles.parameters).fetchone()[0] >= MAX_WINDOW:
            wanted = titles
    return wanted


def _ranked(connection: sqlite3.Connection, ask: Ask | None, query: Query, wanted: Piece, total: int) -> list[Hit]:
    """The hits of the page that is asked for."""
    asked = scored(wanted, ask, query, few=total < FEW)
    page = f"{asked.sql} ORDER BY {order(ask, query)} LIMIT ? OFFSET ?"
    return [hit_of(row, query) for row in connection.execute(page, (*asked.parameters, query.per_page, query.offset))]


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
