"""One step of a query as a request. Whatever was typed arrives here as tokens and values, never as an expression."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import Q, Search
from elasticsearch.dsl import query as dsl
from elasticsearch.dsl.function import BoostFactor, Exp, FieldValueFactor, ScoreFunction

from search.engines.elasticsearch.facets import Filters, counting, counting_values
from search.engines.elasticsearch.layout import facet_field
from search.engines.elasticsearch.scoring import weight_of
from search.engines.elasticsearch.tokens import goes_on, tokens
from search.engines.elasticsearch.writing import MAX_KEYWORD
from search.normalise import normalise, storable
from search.query import MAX_TEXT, MAX_WINDOW, PLACE, Ask, Query, Sort, Step
from search.ranking import ADOPTIONS, BY_NAME, FIELDS, MAX_WHOLE, NEWNESS, WHOLE

KEPT = 200  # of each kind of part of a request that a process keeps; one is some 2 kB

ELSEWHERE = 0.2  # what a word counts in further fields, beside the one where it counts most

Key = str | dict[str, dict[str, str]]

ORDER: Mapping[Sort, Sequence[Key]] = {
    Sort.RELEVANCE: ("_score", {"published": {"order": "desc", "missing": "_last"}}),
    Sort.NEAREST: ("_score", {"published": {"order": "desc", "missing": "_last"}}),
    Sort.NEWEST: ({"published": {"order": "desc", "missing": "_last"}},),
    Sort.MOST_ADOPTED: ({"adoptions": {"order": "desc"}}, {"published": {"order": "desc", "missing": "_last"}}),
}
LAST: Key = {"id": {"order": "desc"}}  # equals keep their order from page to page

MOST_ENDINGS = 200  # words that a Latin word which is still being typed may become


class Composed(dsl.Query):
    """A query that was composed before: the steps of a question repeat most of it. Whoever gets it only reads it."""

    def __init__(self, query: dsl.Query) -> None:
        super().__init__()
        self._composed = query.to_dict()

    def to_dict(self) -> dict[str, Any]:
        return self._composed


class ComposedFunction(ScoreFunction):
    """The same of a function that changes the score."""

    def __init__(self, function: ScoreFunction) -> None:
        super().__init__()
        self._composed = function.to_dict()

    def to_dict(self) -> dict[str, Any]:
        return self._composed


EVEN = ComposedFunction(BoostFactor(weight=1.0))  # to which what a factor adds is added
ADOPTED = ComposedFunction(
    FieldValueFactor(field="adoptions", modifier="ln1p", missing=0, weight=BY_NAME[ADOPTIONS].weight)
)


@dataclass(frozen=True)
class Request:
    """One question to the server: `client.search(index=…, body=…, **params)`."""

    index: str
    params: dict[str, Any]
    body: dict[str, Any]


def request(index: str, ask: Ask | None, query: Query, *, now: int, seconds: float) -> Request:
    """The request for one step: words, permission, filters, counts, order and page in one consistent look."""
    # A filter whose own facet is counted too must be lifted for it; the others hold for everything.
    lifted = {facet: values for facet, values in query.filters.items() if facet in query.facets}
    held = {facet: values for facet, values in query.filters.items() if facet not in query.facets}
    body = {
        "query": scoring(ask, query, held, now).to_dict(),
        **({"sort": [*ORDER[query.sort], LAST], "_source": of_hit(query)} if query.per_page else {}),
        "from": query.offset,
        "size": query.per_page,
        "track_total_hits": MAX_WINDOW,
        "timeout": f"{round(seconds * 1000)}ms",
    }
    if lifted:
        body["post_filter"] = dsl.Bool(filter=chosen(lifted)).to_dict()
    if query.facets:
        body["aggs"] = counting(query.facets, lifted)
    return Request(index, {"preference": same_copy(query), "allow_partial_search_results": False}, body)


def counting_only(asked: Request, values: Filters, lifted: Filters) -> Request:
    """The same question, of which nothing is wanted but the counts of these values."""
    body = {name: asked.body[name] for name in ("query", "timeout")}
    body |= {"size": 0, "track_total_hits": False, "aggs": counting_values(values, lifted)}
    return Request(asked.index, asked.params, body)


def scoring(ask: Ask | None, query: Query, held: Mapping[str, Sequence[str]], now: int, *also: dsl.Query) -> dsl.Query:
    """What is found, under permission and these filters, with the score by which it is sorted."""
    found = dsl.Bool(must=[words(ask, whole=query.text)], filter=[visible(query.tokens), *chosen(held), *also])
    if query.sort is Sort.NEAREST:
        return nearest(ranked(found, now) if ask is not None else found, query.places)
    return ranked(found, now) if query.sort is Sort.RELEVANCE else found


def of_hit(query: Query) -> list[Any]:
    """What is read of a hit."""
    return ["id", "adoptions", "published", *([facet_field(PLACE)] if query.places else [])]


def same_copy(query: Query) -> str:
    """Pages of one question are asked of the same copies, whose statistics and so whose order agree."""
    asked = f"{query.text}\n{sorted(query.filters.items())}\n{sorted(query.tokens)}"
    return hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:16]


def visible(who: Collection[str]) -> dsl.Query:
    """The document carries one of the tokens. Without tokens, none does."""
    return _carrying(frozenset(who))


@lru_cache(maxsize=KEPT)
def _carrying(tokens: frozenset[str]) -> dsl.Query:
    return Composed(dsl.Terms("acl", [storable(token)[:MAX_KEYWORD] for token in sorted(tokens)]))


def chosen(filters: Mapping[str, Sequence[str]]) -> list[dsl.Query]:
    """Every facet has one of the values chosen for it."""
    return [dsl.Terms(facet_field(facet), list(values)) for facet, values in filters.items()]


@lru_cache(maxsize=KEPT)
def words(ask: Ask | None, *, whole: str) -> dsl.Query:
    """The documents that hold the words of one step, each as a phrase; or all."""
    return Composed(_held(ask, whole) if ask is not None else dsl.MatchAll())


def _held(ask: Ask, whole: str) -> dsl.Query:
    each = [any_spelling(ask, word) for word in ask.words]
    if ask.step is not Step.ALL:
        return dsl.Bool(should=each, minimum_should_match=ask.least)
    title = entitled(ask, whole)
    return dsl.Bool(must=each, should=[title] if title else [])


def entitled(ask: Ask, whole: str) -> dsl.Query | None:
    """A title that holds the whole question; None where that counts nothing besides."""
    title = tokens(whole)
    if ask.step is Step.ALL and len(ask.words) > 1 and len(whole) <= MAX_WHOLE and title:
        return Q("match_phrase", title={"query": title, "boost": BY_NAME[WHOLE].weight})
    return None


def any_spelling(ask: Ask, word: str) -> dsl.Query:
    """The word of the step, or what is found in its stead; it counts once, however many of them are there."""
    spellings = [phrase(spelling) for spelling in ask.spellings(word) if tokens(spelling)]
    return spellings[0] if len(spellings) == 1 else dsl.DisMax(queries=spellings)


@lru_cache(maxsize=KEPT)
def phrase(word: str) -> dsl.Query:
    """The word stands in one of the fields, as it is."""
    fields = [f"{name}^{weight}" for name, weight in FIELDS.items()]
    return Composed(dsl.MultiMatch(query=tokens(word), type="phrase", fields=fields, tie_breaker=ELSEWHERE))


def ranked(found: dsl.Query, now: int) -> dsl.Query:
    """The score of the words, times a factor for adoptions, times one for newness. `parts` says the same in numbers."""
    popular = dsl.FunctionScore(query=found, functions=[EVEN, ADOPTED], score_mode="sum", boost_mode="multiply")
    return dsl.FunctionScore(query=popular, functions=[EVEN, _new(now)], score_mode="sum", boost_mode="multiply")


@lru_cache(maxsize=1)  # a second
def _new(now: int) -> ScoreFunction:
    # Where a date is missing a decay says 1, as if it were today's; so it is asked only of documents that have one.
    dated = dsl.Exists(field="published")
    decay = {"origin": now, "scale": BY_NAME[NEWNESS].half_life, "decay": 0.5}
    return ComposedFunction(Exp(published=decay, weight=BY_NAME[NEWNESS].weight, filter=dated))


def nearest(found: dsl.Query, places: Sequence[str]) -> dsl.Query:
    """The score, lifted above that of everything which is further away."""
    near = [
        BoostFactor(filter=dsl.Terms(facet_field(PLACE), [place]), weight=weight_of(at, places))
        for at, place in enumerate(places)
    ]
    return dsl.FunctionScore(query=found, functions=near, score_mode="first", boost_mode="multiply")


def suggesting(
    client: Elasticsearch, index: str, typed: str, who: Collection[str], limit: int, seconds: float
) -> Search | None:
    """The request for titles that hold what was typed; None when nothing in it can be found."""
    asked = normalise(typed[: MAX_TEXT * 4])[:MAX_TEXT]
    row = tokens(asked)
    if not row or not who:
        return None
    if goes_on(asked):
        held = Q("match_phrase_prefix", title={"query": row, "max_expansions": MOST_ENDINGS})
    else:
        held = Q("match_phrase", title={"query": row})
    return (
        Search(using=client, index=index)
        .query(dsl.Bool(filter=[held, visible(who)]))
        .sort({"adoptions": {"order": "desc"}}, {"length": {"order": "asc"}}, LAST)
        .source(["id", "shown"])
        .extra(collapse={"field": "shown"}, track_total_hits=False, timeout=f"{round(seconds * 1000)}ms")
        .params(allow_partial_search_results=False)
    )[:limit]
