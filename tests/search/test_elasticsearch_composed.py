"""Parts of a request are composed once and kept: what is kept decides nothing about the next question."""

import json
from typing import Any

from search.engines.elasticsearch.asking import request
from search.engines.elasticsearch.facets import completed, untold
from search.engines.limits import MAX_VALUES
from search.query import Query, Sort, parse


def body(query: Query, *, now: int = 1) -> dict[str, Any]:
    return request("works", query.asks[0] if query.asks else None, query, now=now, seconds=5).body


def test_same_question_gives_the_same_request_whatever_was_asked_between() -> None:
    query = parse("分数 浮力", tokens=["public"], filters={"subject": ["3"]}, facets=["subject", "grade"])
    before = json.dumps(body(query))

    body(parse("分数 浮力", tokens=["o12"], filters={"grade": ["4"]}, sort=Sort.NEAREST, places=["a", "b"]), now=9)
    body(parse("", tokens=["public"]))

    assert json.dumps(body(query)) == before


def test_words_that_mean_something_else_today_are_asked_anew() -> None:
    ask = parse("pH值", tokens=["public"])
    other = parse("pH值", tokens=["public"], others={"ph值": ["酸碱度"]})

    assert hash(ask.asks[0]) == hash(other.asks[0])
    assert "酸 碱 度" not in json.dumps(body(ask), ensure_ascii=False)
    assert "酸 碱 度" in json.dumps(body(other), ensure_ascii=False)
    assert "酸 碱 度" not in json.dumps(body(ask), ensure_ascii=False)


def test_moment_and_permission_are_those_of_the_question() -> None:
    one, other = parse("浮力", tokens=["public"]), parse("浮力", tokens=["public", "o12"])

    assert body(one, now=1) != body(one, now=2)
    assert '"origin": 2' in json.dumps(body(one, now=2))
    assert '"acl": ["o12", "public"]' in json.dumps(body(other))
    assert '"acl": ["public"]' in json.dumps(body(one))


def test_nothing_passes_through_a_filter_that_lets_everything_pass() -> None:
    """The server would ask it of each document."""
    one = parse("浮力", tokens=["public"], filters={"subject": ["3"]}, facets=["subject"])
    two = parse("浮力", tokens=["public"], filters={"subject": ["3"]}, facets=["subject", "grade"])

    assert [sorted(body(one)["aggs"]), sorted(body(two)["aggs"])] == [["v0"], ["all", "v0"]]
    assert sorted(body(parse("浮力", tokens=["public"], facets=["grade"]))["aggs"]) == ["v0"]


def test_chosen_value_is_asked_by_itself_only_where_the_most_frequent_may_hide_it() -> None:
    few, many = [("often", 5)], [(f"v{n}", 1) for n in range(MAX_VALUES)]

    assert untold({"tag": few}, {"tag": ["rare"]}) == {}  # all there are were told: it counts nothing
    assert untold({"tag": many, "subject": few}, {"tag": ["v3", "rare"], "subject": ["x"]}) == {"tag": ["rare"]}
    assert completed({"tag": few}, {"tag": ["rare"]}, {}) == {"tag": [("often", 5), ("rare", 0)]}
