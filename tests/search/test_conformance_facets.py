"""A promise of `search.engines.base`, for every engine: counts are exact, and pages share out all hits."""

import pytest

from search.engines.base import Engine
from search.query import MAX_WINDOW, only_counts
from tests.search.conftest import ask, day, found, index, work


@pytest.fixture
def shelves(engine: Engine) -> Engine:
    """Six works over two subjects, three grades and some tags."""
    rows = [
        ("1", "数学", "三", ["春", "夏"]),
        ("2", "数学", "三", ["春"]),
        ("3", "数学", "四", []),
        ("4", "语文", "三", ["夏"]),
        ("5", "语文", "四", []),
        ("6", "语文", "五", ["春"]),
    ]
    for id_, subject, grade, tags in rows:
        index(engine, work(id_, f"练习{id_}", facets={"subject": [subject], "grade": [grade], "tag": tags}))
    return engine


@pytest.mark.parametrize("text", ["", "练习"])
def test_facets_count_every_value_of_a_document(shelves: Engine, text: str) -> None:
    page = shelves.search(ask(text, facets=["subject", "grade", "tag", "unknown"]))

    assert page.facets == {
        "subject": [("数学", 3), ("语文", 3)],
        "grade": [("三", 3), ("四", 2), ("五", 1)],
        "tag": [("春", 3), ("夏", 2)],
        "unknown": [],
    }


@pytest.mark.parametrize("text", ["", "练习"])
def test_facets_are_not_restricted_by_their_own_values(shelves: Engine, text: str) -> None:
    page = shelves.search(ask(text, filters={"subject": ["数学"], "grade": ["三", "五"]}, facets=["subject", "grade"]))

    assert (sorted(hit.id for hit in page.hits), page.total) == (["1", "2"], 2)
    assert page.facets == {"subject": [("数学", 2), ("语文", 2)], "grade": [("三", 2), ("四", 1), ("五", 0)]}


@pytest.mark.parametrize("text", ["", "练习"])
def test_counts_alone_are_those_of_the_page(shelves: Engine, text: str) -> None:
    asked = ask(text, filters={"subject": ["数学"], "grade": ["三", "五"]}, facets=["subject", "grade"], page=2)
    page, alone = shelves.search(asked), shelves.search(only_counts(asked, asked.facets))

    assert (list(alone.hits), alone.total, alone.facets) == ([], 2, page.facets)
    assert list(shelves.search(only_counts(asked, ["tag"])).facets.items()) == [("tag", [("春", 2), ("夏", 1)])]


@pytest.mark.parametrize("facets", [[], ["grade"], ["subject"]])
def test_total_is_the_same_whatever_is_counted(shelves: Engine, facets: list[str]) -> None:
    page = shelves.search(ask("练习", filters={"subject": ["语文"], "grade": ["三", "四"]}, facets=facets))

    assert (page.total, page.exact, sorted(hit.id for hit in page.hits)) == (2, True, ["4", "5"])


def test_facet_with_several_values_counts_a_document_once_for_each(shelves: Engine) -> None:
    page = shelves.search(ask("练习", filters={"tag": ["春", "夏"]}, facets=["tag", "subject"]))

    assert (page.total, sorted(hit.id for hit in page.hits)) == (4, ["1", "2", "4", "6"])
    assert page.facets == {"tag": [("春", 3), ("夏", 2)], "subject": [("数学", 2), ("语文", 2)]}


def test_facets_of_three_chosen_ones_are_each_lifted_alone(shelves: Engine) -> None:
    chosen = {"subject": ["数学"], "grade": ["三"], "tag": ["春"]}

    page = shelves.search(ask("", filters=chosen, facets=["subject", "grade", "tag"]))

    assert page.total == 2
    assert page.facets == {
        "subject": [("数学", 2)],
        "grade": [("三", 2)],
        "tag": [("春", 2), ("夏", 1)],
    }


def test_filters_that_are_not_counted_hold_for_every_count(shelves: Engine) -> None:
    page = shelves.search(ask("", filters={"grade": ["三"]}, facets=["subject", "tag"]))

    assert page.facets == {"subject": [("数学", 2), ("语文", 1)], "tag": [("夏", 2), ("春", 2)]}


def test_facets_show_the_most_frequent_values_and_the_chosen_one(engine: Engine) -> None:
    rows = [(f"r{n}", ["often"]) for n in range(5)] + [(f"s{n}", [f"v{n:03}"]) for n in range(230)]
    index(engine, *(work(id_, "练习", facets={"tag": tags}) for id_, tags in rows))

    (name, counts), *_ = engine.search(ask("练习", facets=["tag"], filters={"tag": ["v229"]})).facets.items()

    assert (name, len(counts), counts[0], counts[1], counts[-1]) == ("tag", 201, ("often", 5), ("v000", 1), ("v229", 1))


def test_chosen_values_behind_the_most_frequent_are_counted_under_the_other_filters(engine: Engine) -> None:
    rows = [(f"r{n}", ["often"], "数学") for n in range(5)]
    rows += [(f"s{n}", [f"v{n:03}"], "数学" if n % 2 else "语文") for n in range(430)]
    index(engine, *(work(id_, "练习", facets={"tag": tags, "subject": [subject]}) for id_, tags, subject in rows))
    chosen = ["v001", "v429", "v428", "often", "never"]

    page = engine.search(ask("练习", facets=["subject", "tag"], filters={"tag": chosen, "subject": ["数学"]}))

    assert (page.total, page.facets["subject"]) == (7, [("数学", 7), ("语文", 1)])
    counts = page.facets["tag"]
    assert (len(counts), counts[:2]) == (203, [("often", 5), ("v001", 1)])
    assert counts[200:] == [("v429", 1), ("v428", 0), ("never", 0)]


def test_facet_names_and_values_may_be_anything(engine: Engine) -> None:
    names = ["a.b", "_id", "学科", "x y", "facets", "0", "A" * 80, "date"]
    values = ["2020-01-01", "1", "true", "a.b", "", "值" * 60, "null"]
    index(engine, work("1", "练习", facets=dict.fromkeys(names, values)), work("2", "练习"))

    for name in names:
        page = engine.search(ask("练习", facets=names, filters={name: ["true"]}))
        assert (page.total, page.facets[name]) == (1, [(value, 1) for value in sorted(values)])


@pytest.mark.parametrize("filters", [{"unknown": ["x"]}, {"subject": ["x"]}, {"subject": ["' OR 1=1 --"]}])
def test_unknown_filters_find_nothing(shelves: Engine, filters: dict[str, list[str]]) -> None:
    for facets in ([], ["subject", "unknown"]):
        page = shelves.search(ask("练习", filters=filters, facets=facets))
        assert (page.total, list(page.hits)) == (0, [])


def test_pages_share_out_all_hits_once(engine: Engine) -> None:
    index(engine, *(work(str(n), "浮力", published=day(2020)) for n in range(25)))

    pages = [found(engine, "浮力", page=page, per_page=10) for page in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert len({id_ for page in pages for id_ in page}) == 25


def test_deep_pages_are_answered(engine: Engine) -> None:
    index(engine, work("1", "浮力"))

    page = engine.search(ask("浮力", page=10**12, per_page=20))

    assert (list(page.hits), page.total) == ([], 1)
    assert ask("浮力", page=10**12).offset < MAX_WINDOW


@pytest.mark.slow
def test_totals_are_exact_to_ten_thousand_and_every_page_of_them_is_there(engine: Engine) -> None:
    with engine.rebuild() as new:
        new.fill(work(f"{n:05}", "浮力", facets={"half": [str(n % 2)]}) for n in range(MAX_WINDOW + 50))

    half = engine.search(ask("浮力", filters={"half": ["1"]}, facets=["half"]))
    assert (half.total, half.exact) == (MAX_WINDOW // 2 + 25, True)
    assert half.facets == {"half": [("0", MAX_WINDOW // 2 + 25), ("1", MAX_WINDOW // 2 + 25)]}

    whole = engine.search(ask("浮力", page=10**6, per_page=100))
    assert whole.total >= MAX_WINDOW
    assert (len(whole.hits), whole.exact or whole.total == MAX_WINDOW) == (100, True)
    held = list(engine.versions())
    assert (len(held), held == sorted(held)) == (MAX_WINDOW + 50, True)
