"""What it costs to match a work, told by statements, plans and rows: none of it grows with keys times pairs."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.spaces.actions import interest_in
from cms.spaces.models import Interest
from search.interests import FEW_PAIRS, interests_met
from tests.search.conftest import work
from tests.search.effort import COUNTED, steps

pytestmark = pytest.mark.django_db

FACETS = {
    "stage": ["1"],
    "subject": ["2"],
    "grade": ["3"],
    "edition": ["4"],
    "place": ["0001", "00010001", "000100010001"],
    "tag": ["春"],
}
BOOK = "".join(chr(0x4E00 + number) for number in range(FEW_PAIRS + 500))


def asked_of_interests(body: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        interests_met(work("1", "浮力", body=body, facets=FACETS))
    return [query["sql"] for query in captured]


def wish(number: int, **more: Any) -> int:
    return interest_in(filters={"tag": [f"标签{number}"]} | more.pop("filters", {}), **more).pk


@pytest.mark.parametrize(("body", "statements"), [("", 2), (BOOK, 3)])
def test_matching_asks_as_often_with_one_interest_as_with_a_hundred(body: str, statements: int) -> None:
    interest_in(words=["浮力"])
    assert len(asked_of_interests(body)) == statements
    for number in range(100):
        wish(number, words=["浮力"])
        wish(number, filters={"subject": ["2"]})
        interest_in(words=[f"浮力{number}", "浮"])
    assert len(asked_of_interests(body)) == statements


@pytest.mark.parametrize("body", ["", BOOK])
def test_filing_is_answered_by_one_index_that_holds_all_of_it(body: str) -> None:
    interest_in(words=["浮力"])
    *first, _read = asked_of_interests(body)
    assert "filters" not in "".join(first)
    for sql in first:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # of a table of one row it would rather read the row
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute(f"EXPLAIN {'' if connection.vendor == 'postgresql' else 'QUERY PLAN'} {sql}")
            plan = "\n".join(str(row) for row in cursor.fetchall())
        told = "Index Only Scan using" if connection.vendor == "postgresql" else "USING COVERING INDEX"
        assert plan.count(f"{told} interest_by_word_or_key") == sql.count('FROM "spaces_interest"'), plan


def test_only_interests_whose_filing_fits_are_read() -> None:
    mine = [interest_in(words=["浮力"], filters={"kind": ["a", "b"]}).pk, interest_in(filters={"tag": ["春"]}).pk]
    for number in range(50):
        wish(number)  # another tag
        wish(number, words=["浮力"])
        wish(number, filters={"tag": ["春"], "subject": [str(100 + number)]})  # another key
        interest_in(words=[f"浮力第{number}课"])  # begins like a word that stands there
    with CaptureQueriesContext(connection) as captured:
        met = interests_met(work("1", "浮力", facets=FACETS | {"kind": ["a"]}))
    assert met == sorted(mine)
    read = captured[-1]["sql"]
    assert all(f"{pk}" in read for pk in mine)
    assert Interest.objects.count() == 202
    assert read.partition(" IN (")[2].count(",") == 1


@COUNTED
def test_keys_and_pairs_are_not_looked_up_each_with_each() -> None:
    for number in range(300):
        interest_in(words=[BOOK[number * 5 : number * 5 + 4]])
    needed = []
    for facets in ({}, FACETS):
        with steps() as found:
            interests_met(work("1", "浮力", body=BOOK[: FEW_PAIRS - 200], facets=facets))
        needed.append(found[0])
    assert needed[1] < needed[0] * 1.5  # sixty-four keys instead of one
