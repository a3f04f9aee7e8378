"""Counting facets. A facet's own chosen values do not restrict its own counts; every other facet's do."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from elasticsearch.dsl import A, Search
from elasticsearch.dsl import query as dsl

from search.engines.elasticsearch.layout import facet_field
from search.engines.limits import MAX_VALUES

OF_A_SHARD = 2_000  # values that each shard reports, so that counts add up over shards

ALL = "all"  # the facets of which nothing is chosen: they share one filter

KEPT = 200
"""Combinations of facets and values whose aggregations a process keeps; one is some 5 kB."""

Filters = Mapping[str, Sequence[str]]
Counts = dict[str, list[tuple[str, int]]]


def counting(names: Sequence[str], chosen: Filters) -> Mapping[str, Any]:
    """The aggregations for the counts of `names`, of which `chosen` has the values that are taken. The same facets are
    asked by every page of a kind, so what was composed is kept; whoever gets it only reads it."""
    return _composed(tuple(names), tuple((name, tuple(values)) for name, values in chosen.items()))


@lru_cache(maxsize=KEPT)
def _composed(names: tuple[str, ...], taken: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, Any]:
    chosen = dict(taken)
    aggregations = Search().aggs
    free = [(place, name) for place, name in enumerate(names) if name not in chosen]
    if free:
        under = _passing(aggregations, ALL, chosen)
        for place, name in free:
            under.bucket(f"v{place}", _values(name))
    for place, name in enumerate(names):
        if name in chosen:
            _by_others(aggregations, place, name, chosen).bucket(f"v{place}", _values(name))
    return _body(aggregations)


def counting_values(values: Filters, chosen: Filters) -> Mapping[str, Any]:
    """The aggregations for the counts of these values alone, of facets that `chosen` has."""
    aggregations = Search().aggs
    for place, (name, some) in enumerate(values.items()):
        named = A("terms", field=facet_field(name), include=list(some), size=len(some))
        _by_others(aggregations, place, name, chosen).bucket(f"v{place}", named)
    return _body(aggregations)


def _by_others(aggregations: Any, place: int, name: str, chosen: Filters) -> Any:
    """What counts a facet under what is chosen of the others."""
    return _passing(aggregations, f"f{place}", {other: values for other, values in chosen.items() if other != name})


def _body(aggregations: Any) -> Mapping[str, Any]:
    composed: dict[str, Any] = aggregations.to_dict()["aggs"]
    return composed


def _passing(aggregations: Any, name: str, filters: Filters) -> Any:
    """What counts only what passes the filters. Without filters that is what counts everything: a filter that lets all
    pass costs the server time (0.7 ms of a teacher's 5 at a million works)."""
    if not filters:
        return aggregations
    each = [dsl.Terms(facet_field(facet), list(values)) for facet, values in filters.items()]
    return aggregations.bucket(name, A("filter", filter=dsl.Bool(filter=each)))


def _values(name: str) -> Any:
    return A("terms", field=facet_field(name), size=MAX_VALUES, shard_size=OF_A_SHARD)


def counted(answer: Mapping[str, Any], names: Iterable[str], chosen: Filters) -> Counts:
    """What `counting` or `counting_values` asked for, the most frequent values first."""
    found: Counts = {}
    for place, name in enumerate(names):
        group = answer.get(f"f{place}" if name in chosen else ALL, answer)  # under no filter they stand by themselves
        buckets = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in group[f"v{place}"]["buckets"]}
        found[name] = sorted(buckets.items(), key=lambda item: (-item[1], item[0]))
    return found


def untold(counts: Counts, chosen: Filters) -> Filters:
    """The chosen values that so many others stand before that the answer does not tell their counts.

    Nearly always none, so they are asked by themselves: asking for them along took a teacher's question for hits 1.0 of
    3.9 ms at a million works.
    """
    behind = {}
    for name, values in chosen.items():
        if len(counts[name]) >= MAX_VALUES:
            told = {value for value, _count in counts[name]}
            behind[name] = [value for value in values if value not in told]
    return {name: values for name, values in behind.items() if values}


def completed(counts: Counts, chosen: Filters, behind: Counts) -> Counts:
    """The counts with those of all chosen values, as they were taken: what `behind` does not tell either counts 0."""
    whole = dict(counts)
    for name, values in chosen.items():
        told = {value for value, _count in counts[name]}
        further = dict(behind.get(name, ()))
        whole[name] = [*counts[name], *((value, further.get(value, 0)) for value in values if value not in told)]
    return whole
