"""Everything about one hit: its place among all, and what each word gave it. No script, and nothing of `_explain`."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import A, Q, Search
from elasticsearch.dsl import query as dsl

from search.engines.base import Hit, WordShare
from search.engines.elasticsearch.asking import (
    LAST,
    ORDER,
    Key,
    any_spelling,
    entitled,
    of_hit,
    same_copy,
    scoring,
    visible,
)
from search.engines.elasticsearch.questions import Answer, answers_to
from search.engines.elasticsearch.scoring import hit_of
from search.engines.elasticsearch.tokens import tokens
from search.query import MAX_WINDOW, Ask, Query
from search.ranking import FIELDS

TIED = "tied"


def explained(
    client: Elasticsearch, index: str, ask: Ask | None, query: Query, *, now: int, seconds: float
) -> list[Hit]:
    """The document that is asked for, when it is among what was found; two requests of several questions each."""
    base: Search[Any] = Search().extra(timeout=f"{round(seconds * 1000)}ms")
    this = Q("term", id=query.only)
    asked = [base.query(scoring(ask, query, query.filters, now, this)).source(of_hit(query))]
    if ask is not None:
        asked += [base.query(_word(ask, word, this, query)).source(False) for word in ask.words]
        title = entitled(ask, query.text)
        if title is not None:
            asked.append(base.query(dsl.Bool(must=[title], filter=[this, visible(query.tokens)])).source(False))
    answers = _all(client, index, asked, query)
    hits = answers[0]["hits"]["hits"]
    if not hits:
        return []
    counts = query.by_words
    hit = replace(hit_of(hits[0], ask, query, now), rank=_rank(client, index, ask, query, hits[0], now=now))
    if ask is None:
        return [hit]
    words = [_share(word, answer, counts=counts) for word, answer in zip(ask.words, answers[1:], strict=False)]
    whole = answers[1 + len(ask.words) :]
    return [replace(hit, words=words, whole=_score(whole[0]) if whole and counts else 0.0)]


def _word(ask: Ask, word: str, this: dsl.Query, query: Query) -> dsl.Query:
    """The word in this document; each field that has it says so by its name."""
    spellings = [spelling for spelling in ask.spellings(word) if tokens(spelling)]
    named = [
        dsl.Bool(should=[Q("match_phrase", **{name: tokens(one)}) for one in spellings], boost=0.0, _name=name)
        for name in FIELDS
    ]
    return dsl.Bool(must=[any_spelling(ask, word)], should=named, filter=[this, visible(query.tokens)])


def _share(word: str, answer: Answer, *, counts: bool) -> WordShare:
    hits = answer["hits"]["hits"]
    there = set(hits[0].get("matched_queries", ())) if hits else set()
    return WordShare(word, _score(answer) if counts else 0.0, tuple(name for name in FIELDS if name in there))


def _score(answer: Answer) -> float:
    hits = answer["hits"]["hits"]
    return float(hits[0]["_score"]) if hits else 0.0


def _rank(client: Elasticsearch, index: str, ask: Ask | None, query: Query, hit: Mapping[str, Any], *, now: int) -> int:
    """How many hits come before this one, and one. Those with a higher score are counted by the least score; those
    with the same by the keys that follow."""
    every: Search[Any] = Search().query(scoring(ask, query, query.filters, now)).extra(track_total_hits=MAX_WINDOW)[:0]
    keys = [*ORDER[query.sort], LAST]
    if "_score" not in keys:
        every = every.filter(_before(keys, hit["_source"]))
        before = int(_all(client, index, [every], query)[0]["hits"]["total"]["value"])
        return before + 1 if before < MAX_WINDOW else 0
    tied = A("filter", filter=_before(keys[keys.index("_score") + 1 :], hit["_source"]))
    every.aggs.bucket(TIED, tied)
    score = float(hit["_score"])
    above, level = _all(client, index, [every.extra(min_score=_next(score)), every.extra(min_score=score)], query)
    before = int(above["hits"]["total"]["value"])
    before += level["aggregations"][TIED]["doc_count"] - above["aggregations"][TIED]["doc_count"]
    return before + 1 if before < MAX_WINDOW else 0


def _before(keys: Sequence[Key], values: Mapping[str, Any]) -> dsl.Query:
    """Documents that come first by these keys, all of them descending, the missing last."""
    ways: list[dsl.Query] = []
    same: list[dsl.Query] = []
    for key in keys:
        name = key if isinstance(key, str) else next(iter(key))
        value = values[name]
        missing = dsl.Bool(must_not=[dsl.Exists(field=name)])
        ways.append(
            dsl.Bool(filter=[*same, dsl.Exists(field=name) if value is None else Q("range", **{name: {"gt": value}})])
        )
        same.append(missing if value is None else Q("term", **{name: value}))
    return dsl.Bool(should=ways, minimum_should_match=1)


def _next(score: float) -> float:
    """The least score above this one, as the server counts: in 32 bits."""
    (bits,) = struct.unpack("<i", struct.pack("<f", score))
    return float(struct.unpack("<f", struct.pack("<i", bits + 1))[0])


def _all(client: Elasticsearch, index: str, asked: "Sequence[Search[Any]]", query: Query) -> list[Answer]:
    """The answers, in one request, of the copies that answer the page. Raises IndexUnavailable."""
    return answers_to(client, index, [one.to_dict() for one in asked], preference=same_copy(query))
