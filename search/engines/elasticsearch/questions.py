"""Several questions in one request, each with the whole answer or none."""

from collections.abc import Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from search.engines.elasticsearch.speaking import MOST_DETAIL, reason
from search.errors import IndexUnavailable

WHOLE: Mapping[str, Any] = {"allow_partial_search_results": False}
"""Else a server that has lost a shard, or is too slow for one, answers with what the others hold, as if it were all."""

Answer = Mapping[str, Any]


def answers_to(
    client: Elasticsearch, index: str, asked: Sequence[Mapping[str, Any]], *, preference: str | None = None
) -> list[Answer]:
    """The answers, in their order.

    preference  the copies that answer: the same ones for the same words
    Raises  IndexUnavailable
    """
    header = WHOLE if preference is None else {**WHOLE, "preference": preference}
    lines = [line for body in asked for line in (header, body)]
    answers: list[Answer] = client.msearch(index=index, searches=lines)["responses"]
    for answer in answers:
        if "error" in answer:
            words = str(answer["error"])[:MOST_DETAIL]
            raise IndexUnavailable(reason(answer["status"], words), words)
    return answers
