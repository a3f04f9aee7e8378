"""The embedded engine looks at each row once, and what it remembers is never older than what it reads."""

import sqlite3

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from search.engines.base import DeleteOp, Document
from search.engines.embedded import EmbeddedEngine, common, reading, tiers
from search.engines.embedded.combos import Numbers
from search.engines.embedded.connections import connect
from search.engines.embedded.knowledge import Known
from search.engines.embedded.ranking import before, first
from search.engines.embedded.sheets import ROWS, Sheets
from search.query import Query, Sort
from tests.search.conftest import ask, day, found, index, work

FILTERS = {"grade": ["0"], "subject": ["0"]}


def opened(engine: EmbeddedEngine) -> sqlite3.Connection:
    """A connection of its own to the live file, as another process has it."""
    return connect(engine._live())


def seen_by_few(number: int) -> Document:
    """One of five may be seen, one of fifty has the grade."""
    facets = {"grade": [str(number % 50)], "subject": [str(number % 2)], "tag": [str(number)]}
    return work(str(number), "浮力", facets=facets, acl=("public" if number % 5 == 0 else "o1",))


# --- once a row -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("facets", [(), ("grade", "tag")])
def test_rows_are_filtered_once(embedded: EmbeddedEngine, facets: tuple[str, ...]) -> None:
    index(embedded, *map(seen_by_few, range(200)))
    asked = ask("浮力", filters=FILTERS, facets=facets)
    embedded.search(asked)
    connection, known, statements = opened(embedded), Known(), list[str]()
    reading.search(connection, known, asked)  # what is remembered is read only the first time
    connection.set_trace_callback(statements.append)

    assert reading.search(connection, known, asked).total == 4

    assert sum("MATCH" in statement for statement in statements) == 2  # to find and to rank
    assert sum("acl_token" in statement for statement in statements) == 1
    assert not any("combo" in statement or "sheet" in statement for statement in statements)
    connection.close()


def steps(engine: EmbeddedEngine, asked: Query) -> int:
    """How much SQLite does for a question that it was asked before."""
    connection, known, done = opened(engine), Known(), 0
    reading.search(connection, known, asked)

    def tick() -> None:
        nonlocal done
        done += 1

    connection.set_progress_handler(tick, 1)
    reading.search(connection, known, asked)
    connection.set_progress_handler(None, 0)
    connection.close()
    return done


def test_row_that_does_not_pass_costs_next_to_nothing(embedded: EmbeddedEngine) -> None:
    """It was 31 steps of SQLite's machine when permission and filters were looked up to count and again to rank."""
    asked = ask("浮力", filters=FILTERS)
    index(embedded, *map(seen_by_few, range(1000)))
    before = steps(embedded, asked)
    index(embedded, *map(seen_by_few, range(1000, 2000)))

    assert (steps(embedded, asked) - before) / 1000 < 15


keys_of_rows = st.integers(1, 60).flatmap(
    lambda size: st.tuples(*(arrays(kind, size, elements=st.integers(0, 3)) for kind in (np.int64, np.float64)))
)


@given(keys_of_rows, st.integers(1, 70))
def test_first_are_those_of_the_whole_order(keys: tuple[Numbers, Numbers], count: int) -> None:
    """However many are equal by the first key, and whatever is asked for."""
    every = (*keys, np.arange(len(keys[0])))
    order = sorted(range(len(keys[0])), key=lambda place: tuple(key[place] for key in every), reverse=True)

    assert first(every, count).tolist() == order[:count]
    assert [before(every, place) for place in order] == [*range(len(order))]


def test_words_are_gone_through_once_when_most_are_enough(embedded: EmbeddedEngine) -> None:
    """Not looked up again for each row that one of them is in."""
    index(embedded, work("1", "浮力 密度 压强"), work("2", "浮力 密度 电流"), work("3", "浮力"))
    asked, plans = ask("浮力 密度 热量"), list[str]()
    connection = opened(embedded)
    connection.set_trace_callback(plans.append)

    page = reading.search(connection, Known(), asked)

    connection.set_trace_callback(None)
    assert sorted(hit.id for hit in page.hits) == ["1", "2"]
    for statement in [plan for plan in plans if "MATCH" in plan]:
        plan = " ".join(str(row) for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"))
        assert ":=" not in plan
    connection.close()


# --- permission and facets side by side -----------------------------------------------------------------------------


def test_sheets_follow_every_change(embedded: EmbeddedEngine) -> None:
    index(embedded, *(work(str(n), "浮力", facets={"grade": ["7"]}) for n in range(ROWS + 10)))
    index(embedded, work("3", "浮力", version=2, acl=("o1",)))
    index(embedded, work("4", "浮力", version=2, facets={"grade": ["8"]}))
    embedded.bulk([DeleteOp("5", 2)])

    assert embedded.search(ask("浮力", facets=["grade"])).facets == {"grade": [("7", ROWS + 7), ("8", 1)]}
    assert embedded.search(ask(filters={"grade": ["7"]})).total == ROWS + 7
    assert found(embedded, "浮力", tokens=("o1",)) == ["3"]

    index(embedded, work("5", "浮力", version=3, acl=("o1",)))
    assert sorted(found(embedded, tokens=("o1",))) == ["3", "5"]


def test_sheets_remembered_are_those_of_the_view(embedded: EmbeddedEngine) -> None:
    """A reader in an older view does not get what another one, of a later view, has read meanwhile."""
    index(embedded, work("1", "浮力"))
    known, early, late = Known(), opened(embedded), opened(embedded)
    early.execute("BEGIN")
    assert reading.search(early, known, ask("浮力")).total == 1

    index(embedded, work("1", "浮力", version=2, acl=("o1",)), work("2", "浮力"), work("3", "浮力"))

    for _ in range(2):
        assert [hit.id for hit in reading.search(late, known, ask("浮力")).hits] == ["3", "2"]
        assert [hit.id for hit in reading.search(early, known, ask("浮力")).hits] == ["1"]
    early.close()
    late.close()


def test_sheets_are_read_once_between_two_changes(embedded: EmbeddedEngine) -> None:
    index(embedded, *(work(str(n), "浮力") for n in range(2 * ROWS)))
    connection, sheets = opened(embedded), Sheets()

    first = sheets.read(connection)
    assert sheets.read(connection) is first
    before = first.copy()
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    index(embedded, work("3", "浮力", version=2, adoptions=7))
    second = sheets.read(connection)

    assert (first == before).all()  # another thread may go on with it
    assert [int(row) for row in np.flatnonzero(second != first)] == [4]
    assert int(second["adoptions"][4]) == 7
    assert sum("FROM touched" in statement for statement in statements) == 1
    connection.close()


def test_sheets_are_those_that_were_written_last(embedded: EmbeddedEngine) -> None:
    """Read one change after the other, or all at once."""
    connection, sheets = opened(embedded), Sheets()
    for turn in range(1, 4):
        index(embedded, *(work(str(n), "浮力", version=turn, adoptions=turn) for n in range(turn * ROWS)))
        embedded.bulk([DeleteOp(str(turn), 9)])
        assert (sheets.read(connection) == Sheets().read(connection)).all()

    assert np.count_nonzero(sheets.read(connection)["acl"]) == 3 * ROWS - 3
    connection.close()


def test_places_are_told_by_the_nearest(embedded: EmbeddedEngine) -> None:
    index(
        embedded,
        *(work(str(n), "浮力", facets={"place": [["p"], ["p", "c"], ["p", "c", "s"]][n % 3]}) for n in range(6)),
    )

    page = embedded.search(ask("浮力", sort=Sort.NEAREST, places=["s", "c", "p"]))

    assert [(hit.id, hit.near) for hit in page.hits] == [("5", 1), ("2", 1), ("4", 2), ("1", 2), ("3", 3), ("0", 3)]


def test_filters_hold_for_counted_facets_and_others(embedded: EmbeddedEngine) -> None:
    index(
        embedded, *(work(str(n), "浮力", facets={"grade": [str(n % 3)], "tag": ["a", "b"][: n % 2]}) for n in range(12))
    )

    page = embedded.search(ask("浮力", filters={"grade": ["0", "1"], "tag": ["a"]}, facets=["grade"]))

    assert (page.total, sorted(hit.id for hit in page.hits)) == (4, ["1", "3", "7", "9"])
    assert page.facets == {"grade": [("0", 2), ("1", 2), ("2", 2)]}


# --- very many hits, very common words ------------------------------------------------------------------------------


def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "WIDE", 5)
    monkeypatch.setattr(tiers, "TITLES", 6)


def test_wide_questions_rank_titles_first_and_then_the_rest(
    embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(embedded, *(work(f"t{n}", "浮力") for n in range(6)), *(work(f"b{n}", "课", body="浮力") for n in range(6)))
    wide(monkeypatch)

    pages = [embedded.search(ask("浮力", per_page=4, page=page)) for page in (1, 2, 3)]

    assert [page.total for page in pages] == [12] * 3
    assert ["".join(hit.id[0] for hit in page.hits) for page in pages] == ["tttt", "ttbb", "bbbb"]
    ids = [hit.id for page in pages for hit in page.hits]
    assert len(set(ids)) == 12
    ranks = [embedded.search(ask("浮力", per_page=4, only=id_)).hits[0].rank for id_ in ids]
    assert ranks == list(range(1, 13))


def test_wide_questions_with_few_titles_are_ranked_as_all(
    embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(embedded, *(work(f"b{n}", "课", body="浮力", published=day(2020 + n)) for n in range(6)), work("t", "浮力"))
    before = found(embedded, "浮力")
    wide(monkeypatch)

    assert found(embedded, "浮力") == before


def looked_up(engine: EmbeddedEngine) -> dict[str, bool]:
    return engine._knowledge.of(engine._live()).common._of[1]


def test_common_words_cost_nothing_and_change_no_order(
    embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(embedded, *(work(str(n), "教学 " * (n % 3 + 1) + ("浮力" if n % 40 == 0 else "课")) for n in range(400)))
    pages: list[object] = []
    for least in (common.LEAST, 0):
        monkeypatch.setattr(common, "LEAST", least)
        page = embedded.search(ask("教学 浮力"))
        pages.append((page.total, [(hit.id, round(hit.score, 3)) for hit in page.hits]))

    assert pages[0] == pages[1]
    assert looked_up(embedded) == {'"教学"': True, '"浮力"': False}
    assert embedded.search(ask("教学")).total == 400


def test_common_words_are_looked_up_anew_when_the_index_has_grown(
    embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "LEAST", 0)
    index(embedded, *(work(str(n), "教学 浮力" if n == 0 else "教学") for n in range(ROWS - 10)))
    found(embedded, "教学 浮力")
    assert looked_up(embedded)['"教学"']

    index(embedded, *(work(f"more{n}", "浮力") for n in range(2 * ROWS)))
    found(embedded, "教学 浮力")

    assert looked_up(embedded) == {'"教学"': False, '"浮力"': True}


def test_rebuild_leaves_the_full_text_in_one_piece(embedded: EmbeddedEngine) -> None:
    with embedded.rebuild() as new:
        for start in range(0, 60, 10):
            new.fill(work(str(n), f"浮力{n}") for n in range(start, start + 10))

    connection = opened(embedded)
    assert connection.execute("SELECT count(DISTINCT segid) FROM words_idx").fetchone() == (1,)
    connection.close()
    assert embedded.search(ask("浮力")).total == 60
