"""Reads of one index file: what was found, counted and ranked, in one consistent view."""

import sqlite3
import time
from collections.abc import Collection, Mapping, Sequence

from search.analysis import phrase
from search.engines.base import Hit, Page, Suggestion
from search.engines.embedded.expression import enough, marks, matching, quoted, ranking, within
from search.engines.embedded.facets import Combos, Counts, tally
from search.engines.embedded.schema import WEIGHTS
from search.normalise import normalise, storable
from search.query import MAX_TEXT, MAX_WINDOW, Ask, Query, Sort, Step

YEAR = 365.25 * 86_400  # seconds

# What a hit's words are multiplied with: 100 adoptions +23 %, published today +15 %, three years ago +7.5 %.
ADOPTIONS = "(1 + 0.05 * ln(1 + doc.adoptions))"
RECENCY = f"(1 + 0.15 / (1 + max(0, ? - coalesce(doc.published, 0)) / (3 * {YEAR})))"
TEXT = f"-bm25(words, {', '.join(map(str, WEIGHTS))})"

ORDER = {
    Sort.RELEVANCE: "score DESC, doc.rowid DESC",
    Sort.NEWEST: "doc.published DESC NULLS LAST, doc.rowid DESC",
    Sort.MOST_ADOPTED: "doc.adoptions DESC, doc.published DESC NULLS LAST, doc.rowid DESC",
}
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
        total, facets = _count(connection, combos, ask, query)
        if total or ask is None:
            step = ask.step if ask else Step.BROWSE
            hits = _ranked(connection, ask, query, total)
            break
    return Page(hits, total, True, facets, (time.perf_counter() - began) * 1000, step)


def _visible(tokens: Collection[str]) -> tuple[str, list[str]]:
    """SQL with parameters: the document carries one of the tokens. Without tokens, none does."""
    return f" AND doc.acl IN (SELECT acl FROM acl_token WHERE token IN ({marks(len(tokens))}))", sorted(tokens)


def _chosen(filters: Mapping[str, Sequence[str]]) -> tuple[str, list[str]]:
    """SQL with parameters: every facet has one of the values chosen for it."""
    sql, parameters = "", []
    for facet, values in filters.items():
        sql += f" AND doc.combo IN (SELECT combo FROM combo_value WHERE facet = ? AND value IN ({marks(len(values))}))"
        parameters += [facet, *values]
    return sql, parameters


def _allowed(query: Query, filters: Mapping[str, Sequence[str]]) -> tuple[str, list[str]]:
    seen, carried = _visible(query.tokens)
    chosen, values = _chosen(filters)
    return seen + chosen, [*carried, *values]


def _source(ask: Ask | None, expression: str) -> tuple[str, list[str]]:
    """FROM and the beginning of WHERE, with parameters: the documents that hold the words of one step, or all."""
    if ask is None:
        return "doc WHERE 1", []
    also, words = enough(ask)
    # CROSS JOIN: the words first, then the row of each; the planner must not try it the other way round.
    return f"words CROSS JOIN doc ON doc.rowid = words.rowid WHERE words MATCH ?{also}", [expression, *words]


def _count(connection: sqlite3.Connection, combos: Combos, ask: Ask | None, query: Query) -> tuple[int, Counts]:
    """Documents found in one step, and the facets asked for."""
    # A filter whose own facet is counted too must be lifted for it; the others hold for everything.
    lifted = {facet: values for facet, values in query.filters.items() if facet in query.facets}
    held = {facet: values for facet, values in query.filters.items() if facet not in query.facets}
    source, words = _source(ask, matching(ask) if ask else "")
    allowed, values = _allowed(query, held)
    if not query.facets:
        (total,) = connection.execute(f"SELECT count(*) FROM {source}{allowed}", [*words, *values]).fetchone()
        return int(total), {}
    rows = connection.execute(f"SELECT doc.combo FROM {source}{allowed}", [*words, *values])
    found = [combo for (combo,) in rows]
    combos.learn(connection, set(found))
    return tally(found, combos.columns, lifted, query.facets)


def _ranked(connection: sqlite3.Connection, ask: Ask | None, query: Query, total: int) -> list[Hit]:
    """The hits of the page that is asked for."""
    if total <= query.offset:
        return []
    allowed, values = _allowed(query, query.filters)
    expression = ""
    if ask:
        expression = ranking(ask, whole=query.text)
        if total > WIDE and query.sort is Sort.RELEVANCE and ask.step is Step.ALL:
            titles = within(("title",), matching(ask))
            source, words = _source(ask, titles)
            counted = f"SELECT count(*) FROM (SELECT 1 FROM {source}{allowed} LIMIT {MAX_WINDOW})"
            if connection.execute(counted, [*words, *values]).fetchone()[0] >= MAX_WINDOW:
                expression = titles
    source, words = _source(ask, expression)
    rows = connection.execute(
        "SELECT id, text * popular * recent AS score, text, popular, recent FROM ("
        f" SELECT doc.rowid, doc.id, {TEXT if ask and query.sort is Sort.RELEVANCE else '1.0'} AS text, {ADOPTIONS} AS popular, {RECENCY} AS recent,"
        f" doc.adoptions, doc.published FROM {source}{allowed}) AS doc"
        f" ORDER BY {ORDER[query.sort]} LIMIT ? OFFSET ?",
        [int(time.time()), *words, *values, query.per_page, query.offset],
    )
    return [Hit(row[0], row[1], {"text": row[2], "adoptions": row[3], "recency": row[4]}) for row in rows]


def suggest(connection: sqlite3.Connection, prefix: str, tokens: Collection[str], limit: int) -> list[Suggestion]:
    """Titles that hold `prefix`, each once, most adopted first."""
    asked = phrase(normalise(prefix[: MAX_TEXT * 4])[:MAX_TEXT], unfinished=True)
    if not asked.tokens or not tokens:
        return []
    seen, carried = _visible({storable(token) for token in tokens})
    rows = connection.execute(
        "SELECT title, id FROM (SELECT doc.title, doc.id, doc.adoptions, doc.rowid AS row FROM words"
        f" CROSS JOIN doc ON doc.rowid = words.rowid WHERE words MATCH ?{seen}"
        " ORDER BY words.rowid DESC LIMIT ?) ORDER BY adoptions DESC, length(title), row",
        [within(("title",), quoted(asked)), *carried, SUGGEST_AMONG],
    )
    best: dict[str, str] = {}
    for title, id_ in rows:
        best.setdefault(title, id_)
        if len(best) >= limit:
            break
    return [Suggestion(title, id_) for title, id_ in best.items()]
