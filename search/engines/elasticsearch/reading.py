"""Reads: what was found, counted and ranked, and what a score is made of."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from search.engines.base import Hit, Page, Suggestion
from search.engines.elasticsearch.asking import Request, counting_only, request, suggesting
from search.engines.elasticsearch.explaining import explained
from search.engines.elasticsearch.facets import Counts, Filters, completed, counted, untold
from search.engines.elasticsearch.questions import WHOLE
from search.engines.elasticsearch.scoring import hit_of
from search.query import Ask, Query, Step

VERSIONS = 5_000  # documents read at a time when comparing with the database
JSON = {"accept": "application/json", "content-type": "application/json"}
LOOK = "2m"  # how long one look at the index is kept between two of these readings


def search(client: Elasticsearch, index: str, query: Query, *, seconds: float) -> Page:
    """The answer to `query`: the first step that finds something."""
    began = time.perf_counter()
    now = int(time.time())
    lifted = {facet: values for facet, values in query.filters.items() if facet in query.facets}
    asks: Sequence[Ask | None] = query.asks if query.text else (None,)
    hits: list[Hit] = []
    facets: dict[str, list[tuple[str, int]]] = {name: [] for name in query.facets}
    step, total, exact = Step.NOTHING, 0, True
    for ask in asks:
        asked = request(index, ask, query, now=now, seconds=seconds)
        answer = _answer(client, asked)
        total, exact = answer["hits"]["total"]["value"], answer["hits"]["total"]["relation"] == "eq"
        facets = _counts(client, asked, answer, query.facets, lifted)
        if total or ask is None:
            step = ask.step if ask else Step.BROWSE
            if query.only:
                hits = explained(client, index, ask, query, now=now, seconds=seconds)
            else:
                hits = [hit_of(hit, ask, query, now) for hit in answer["hits"]["hits"]]
            break
    return Page(hits, total, exact, facets, (time.perf_counter() - began) * 1000, step)


def _answer(client: Elasticsearch, asked: Request) -> dict[str, Any]:
    """As `client.search` has it, which looks at each of its other parameters first."""
    answer = client.perform_request(
        "POST", f"/{asked.index}/_search", params=asked.params, headers=JSON, body=asked.body, endpoint_id="search"
    )
    found: dict[str, Any] = answer.body
    return found


def _counts(
    client: Elasticsearch, asked: Request, answer: dict[str, Any], names: Sequence[str], chosen: Filters
) -> Counts:
    """What every facet counts, with all that was chosen."""
    counts = counted(answer.get("aggregations", {}), names, chosen)
    further = untold(counts, chosen)
    behind = {}
    if further:
        behind = counted(_answer(client, counting_only(asked, further, chosen))["aggregations"], further, chosen)
    return completed(counts, chosen, behind)


def suggest(
    client: Elasticsearch, index: str, typed: str, who: Collection[str], *, limit: int, seconds: float
) -> list[Suggestion]:
    """Titles that hold what was typed, each once, most adopted first."""
    asked = suggesting(client, index, typed, who, limit, seconds)
    if asked is None:
        return []
    hits = asked.execute().to_dict()["hits"]["hits"]
    return [Suggestion(hit["_source"]["shown"], hit["_source"]["id"]) for hit in hits]


def versions(client: Elasticsearch, index: str) -> Iterator[tuple[str, int]]:
    """(id, version) of every document by id, as they stand now."""
    for hit in _held(client, index, {"bool": {"must_not": {"exists": {"field": "gone"}}}}):
        yield str(hit["sort"][0]), int(hit["_version"])


def graves(client: Elasticsearch, index: str) -> Iterator[tuple[str, int, int]]:
    """(id, version, when) of every deletion that is remembered, the last in seconds since 1970."""
    for hit in _held(client, index, {"exists": {"field": "gone"}}, source={"includes": ["gone"]}):
        yield str(hit["sort"][0]), int(hit["_version"]), int(hit["_source"]["gone"])


def _held(
    client: Elasticsearch, index: str, query: dict[str, Any], *, source: Mapping[str, Any] | bool = False
) -> Iterator[dict[str, Any]]:
    client.indices.refresh(index=index)
    look = client.open_point_in_time(index=index, keep_alive=LOOK)["id"]
    after: list[Any] | None = None
    try:
        while True:
            answer = client.search(
                pit={"id": look, "keep_alive": LOOK},
                query=query,
                sort=[{"id": "asc"}],
                search_after=after,
                size=VERSIONS,
                version=True,
                source=source,
                track_total_hits=False,
                **WHOLE,
            )
            look = answer["pit_id"]
            hits = answer["hits"]["hits"]
            if not hits:
                return
            yield from hits
            after = hits[-1]["sort"]
    finally:
        client.close_point_in_time(id=look)
