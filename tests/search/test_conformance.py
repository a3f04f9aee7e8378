"""Every promise of `search.engines.base`, for every engine there is."""

import math
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from search.engines.base import DeleteOp, Document, Engine, IndexOp, Op, State, Written
from search.errors import NothingToRollBackTo, RebuildRunning
from search.query import MAX_WINDOW, Step
from tests.search.conftest import ask, day, found, index, work

# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("分数的初步认识", "初步认识"),
        ("分数的初步认识", "认"),
        ("分数的初步认识", "识"),
        ("分数的初步认识", "的"),
        ("探究浮力", "浮"),
        ("用pH试纸测定pH值", "pH值"),
        ("用pH试纸测定pH值", "ＰＨ 值"),
        ("DNA的双螺旋结构", "dna"),
        ("DNA的双螺旋结构", "DNA 结构"),
        ("數學廣角", "数学"),
        ("数学广角", "數學廣角"),
        ("第3课 背影", "第3课"),
        ("⻢说", "马说"),
        ("数\u200b学", "数学"),
        ("王小闰画圆", "王小闰"),
        ("笑脸😀表情", "😀"),
        ("שלום עולם", "עולם"),
        ("H2O 与 CO2", "co2"),
        ("圆周率 3.14", "3.14"),
        ("a+b=c", "a+b"),
        ("𠮷野家", "𠮷野"),
    ],
)
def test_search_finds_what_stands_in_a_title(engine: Engine, title: str, asked: str) -> None:
    index(engine, work("1", title), work("2", "无关"))

    assert found(engine, asked) == ["1"]


@pytest.mark.parametrize("field", ["title", "keywords", "summary", "body"])
def test_search_finds_words_in_every_field(engine: Engine, field: str) -> None:
    index(engine, replace(work("1", ""), **{field: "牛顿第二定律"}))  # type: ignore[arg-type]  # all of them are str

    assert found(engine, "牛顿 定律") == ["1"]


def test_search_does_not_find_characters_that_stand_apart(engine: Engine) -> None:
    index(engine, work("1", "数与学习"), work("2", "photo"))

    assert found(engine, "数学") == []
    assert found(engine, "ph") == []


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("我喜欢数。学习很好", '"数学"'),
        ("数 学", "数学"),
        ("浮，力", "浮力"),
        ("生物（一）元素", '"物元"'),
        ("数学", '"数 学"'),
        ("photosynthesis", "photo"),
        ("DNA1", "DNA"),
    ],
)
def test_search_finds_no_word_across_a_border(engine: Engine, title: str, asked: str) -> None:
    index(engine, work("1", title))

    assert (found(engine, asked), engine.search(ask(asked)).step) == ([], Step.NOTHING)


def test_search_finds_what_stands_far_behind(engine: Engine) -> None:
    index(engine, work("1", "长文", body="文字" * 75_000 + "阿基米德"), work("2", "短文", body="阿基里斯"))

    assert found(engine, "阿基米德") == ["1"]


def test_search_is_not_moved_by_more_of_the_same(engine: Engine) -> None:
    """The order of pages stays when the same question is asked again."""
    index(engine, *(work(str(n), "浮力", published=day(2020), adoptions=n % 3) for n in range(40)))

    once = [found(engine, "浮力", page=page, per_page=7) for page in range(1, 7)]

    assert once == [found(engine, "浮力", page=page, per_page=7) for page in range(1, 7)]
    assert len({id_ for page in once for id_ in page}) == 40


def test_search_ranks_titles_before_bodies(engine: Engine) -> None:
    index(
        engine,
        work("body", "阿基米德", body="浮力 " * 50),
        work("summary", "阿基米德", summary="浮力"),
        work("title", "浮力"),
        *(work(f"x{n}", "无关的课") for n in range(20)),
    )

    assert found(engine, "浮力")[0] == "title"
    assert set(found(engine, "浮力")) == {"title", "summary", "body"}


def test_search_ranks_the_adopted_and_the_new_first_among_equals(engine: Engine) -> None:
    now = day(2030)
    index(
        engine,
        work("plain", "浮力", published=day(2010)),
        work("adopted", "浮力", published=day(2010), adoptions=500),
        work("new", "浮力", published=now),
        *(work(f"x{n}", "无关的课") for n in range(20)),
    )

    assert found(engine, "浮力") == ["adopted", "new", "plain"]


def test_search_tells_what_a_score_is_made_of(engine: Engine) -> None:
    index(engine, work("1", "浮力", adoptions=3), *(work(f"x{n}", "无关的课") for n in range(20)))

    (hit,) = engine.search(ask("浮力")).hits

    assert set(hit.parts) == {"words", "adoptions", "newness"}
    assert hit.score == pytest.approx(math.prod(hit.parts.values()))
    assert hit.parts["adoptions"] == pytest.approx(1 + 0.05 * math.log(4))
    assert hit.parts["newness"] == 1.0  # it was never published


@pytest.mark.parametrize(("years", "more"), [(0, 0.15), (3, 0.075), (6, 0.0375), (60, 0.0)])
def test_newness_falls_to_its_half_in_three_years(engine: Engine, years: int, more: float) -> None:
    index(engine, work("1", "浮力", published=datetime.now(UTC) - timedelta(days=365.25 * years)))

    (hit,) = engine.search(ask("浮力")).hits

    assert hit.parts["newness"] == pytest.approx(1 + more, abs=1e-5)


@pytest.mark.parametrize("sort", ["relevance", "newest", "most_adopted"])
@pytest.mark.parametrize("text", ["浮力", "浮力 实验 教案", ""])
def test_any_hit_is_told_alone_with_its_rank_and_score(engine: Engine, text: str, sort: str) -> None:
    index(
        engine,
        *(
            work(
                f"w{n}",
                f"浮力实验{'和测量' * (n % 4)}",
                summary="教案" * (n % 3),
                adoptions=n % 5,
                published=day(2016 + n % 7) if n % 4 else None,
                facets={"subject": ["物理" if n % 6 else "化学"]},
            )
            for n in range(60)
        ),
        work("hidden", "浮力实验 教案", acl=("u1",), adoptions=99, facets={"subject": ["物理"]}),
    )
    chosen: dict[str, Any] = {"filters": {"subject": ["物理"]}, "sort": sort, "per_page": 100}
    page = engine.search(ask(text, **chosen))
    assert page.total > 30

    for place, hit in list(enumerate(page.hits, start=1))[::7]:
        alone = engine.search(ask(text, only=hit.id, **chosen))
        (told,) = alone.hits
        assert (told.id, told.rank, alone.total, alone.step) == (hit.id, place, page.total, page.step)
        assert told.score == pytest.approx(hit.score, rel=1e-4)
        assert dict(told.parts) == pytest.approx(dict(hit.parts), rel=1e-4)
        if text and sort == "relevance":
            assert sum(word.share for word in told.words) + told.whole == pytest.approx(told.parts["words"], rel=1e-3)
        else:
            assert told.whole == 0
            assert not any(word.share for word in told.words)


def test_words_of_a_hit_are_told_with_the_fields_they_stand_in(engine: Engine) -> None:
    index(
        engine,
        work("1", "浮力实验", keywords="物理 酸碱度", summary="浮力", body="做一个实验"),
        work("2", "浮力 实验", summary="ph值"),
        *(work(f"x{n}", "无关的课") for n in range(20)),
    )
    others = {"ph值": ("酸碱度",)}

    (told,) = engine.search(ask("浮力 实验 ph值", only="1", others=others)).hits
    (second,) = engine.search(ask("浮力实验", only="2")).hits

    assert [(word.word, word.fields) for word in told.words] == [
        ("浮力", ("title", "summary")),
        ("实验", ("title", "body")),
        ("ph值", ("keywords",)),
    ]
    assert all(word.share > 0 for word in told.words)
    assert second.whole == 0


def test_the_whole_question_in_the_title_is_told_apart(engine: Engine) -> None:
    index(engine, work("1", "浮力实验"), work("2", "实验：浮力"), *(work(f"x{n}", "无关的课") for n in range(20)))

    wholes = [engine.search(ask("浮力实验", only=id_)).hits[0].whole > 0 for id_ in ("1", "2")]

    assert wholes == [True, False]


def test_nothing_is_told_of_what_is_not_found_or_not_seen(engine: Engine) -> None:
    index(engine, work("1", "浮力"), work("hidden", "浮力", acl=("u1",)), work("other", "背影"))

    for id_ in ("hidden", "other", "nowhere", "x" * 5_000, "\x00", '"'):
        page = engine.search(ask("浮力", only=id_))
        assert (list(page.hits), page.total) == ([], 1)
    assert not engine.search(ask("", only="hidden")).hits
    assert not engine.search(ask("", only="1", filters={"subject": ["物理"]})).hits


def test_words_that_a_looser_step_did_not_need_have_no_field(engine: Engine) -> None:
    index(engine, work("1", "浮力"), work("2", "背影"))

    page = engine.search(ask("浮力 彩虹", only="1"))

    assert page.step is Step.ANY
    assert [(word.word, bool(word.share), word.fields) for word in page.hits[0].words] == [
        ("浮力", True, ("title",)),
        ("彩虹", False, ()),
    ]


@pytest.mark.parametrize(
    ("sort", "order"), [("newest", ["b", "c", "a", "draft"]), ("most_adopted", ["a", "c", "b", "draft"])]
)
def test_search_sorts(engine: Engine, sort: str, order: list[str]) -> None:
    index(
        engine,
        work("draft", "浮力"),
        work("a", "浮力", published=day(2020), adoptions=9),
        work("b", "浮力", published=day(2024), adoptions=1),
        work("c", "浮力", published=day(2022), adoptions=5),
    )

    assert found(engine, "浮力", sort=sort) == order
    assert found(engine, "", sort=sort) == order


# --- near me --------------------------------------------------------------------------------------------------------

HERE = ("000100020003", "00010002", "0001")  # a school, its county, its city


def placed(id_: str, title: str, place: str, **more: Any) -> Document:
    paths = [place[:end] for end in range(4, len(place) + 1, 4)]
    return work(id_, title, facets={"place": paths, "subject": ["物理"]}, **more)


@pytest.fixture
def province(engine: Engine) -> Engine:
    """Many works elsewhere that say more of it, are used more and newer."""
    index(
        engine,
        placed("city", "浮力", "000100090001", published=day(2020)),
        placed("county-old", "浮力", "000100020009", published=day(2015)),
        placed("county-new", "浮力", "000100020008", published=day(2021)),
        placed("county-body", "轮船", "000100020008", body="浮力 " + "沉与浮" * 900, published=day(2024)),
        placed("school", "轮船", "000100020003", body="浮力 " + "沉与浮" * 900, published=day(2014)),
        placed("school-draft", "轮船", "000100020003", body="浮力 " + "沉与浮" * 900),
        placed("hidden", "浮力", "000100020003", acl=("u1",)),
        *(placed(f"far{n}", "浮力", "0002", adoptions=10**6, published=day(2026)) for n in range(5)),
        work("nowhere", "浮力 浮力", published=day(2025)),
        *(work(f"x{n}", "无关的课") for n in range(20)),
    )
    return engine


@pytest.mark.parametrize("text", ["浮力", "浮力 彩虹"])
def test_nearest_first_then_by_relevance(province: Engine, text: str) -> None:
    ids = found(province, text, sort="nearest", places=HERE)

    assert ids[:6] == ["school", "school-draft", "county-new", "county-old", "county-body", "city"]
    assert set(ids[6:]) == {"nowhere", *(f"far{n}" for n in range(5))}


def test_nearest_without_words_then_the_newest(province: Engine) -> None:
    ids = found(province, "", sort="nearest", places=HERE, filters={"subject": ["物理"]})

    assert ids[:6] == ["school", "school-draft", "county-body", "county-new", "county-old", "city"]


@pytest.mark.parametrize("text", ["浮力", ""])
def test_nearest_tells_how_near_and_which_rank(province: Engine, text: str) -> None:
    asked: dict[str, Any] = {"sort": "nearest", "places": HERE, "per_page": 50}
    page = province.search(ask(text, **asked))
    plain = {hit.id: hit for hit in province.search(ask(text, per_page=50)).hits}

    near = {hit.id: hit.near for hit in page.hits}
    assert (near["school"], near["county-old"], near["city"], near["far1"], near["nowhere"]) == (1, 2, 3, 0, 0)
    for place, hit in enumerate(page.hits[:12], start=1):
        (told,) = province.search(ask(text, only=hit.id, **asked)).hits
        assert (told.rank, told.near) == (place, hit.near)
        assert hit.score == pytest.approx(plain[hit.id].score, rel=1e-4)


def test_nearest_without_a_place_is_relevance(province: Engine) -> None:
    assert found(province, "浮力", sort="nearest") == found(province, "浮力")


def test_nearest_pages_share_out_all_hits_once(province: Engine) -> None:
    pages = [found(province, "浮力", sort="nearest", places=HERE, page=n, per_page=5) for n in (1, 2, 3)]

    assert [id_ for page in pages for id_ in page] == found(province, "浮力", sort="nearest", places=HERE)


def test_nearest_takes_six_places_of_any_kind(engine: Engine) -> None:
    places = ["a" * 9_000, "\x00", '"', "*", "😀", "0001", "0002"]
    index(engine, placed("1", "浮力", "0002"), placed("2", "浮力", "0001"))

    assert found(engine, "浮力", sort="nearest", places=places) == ["2", "1"]


# --- relaxing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "ids", "step"),
    [
        ("初二 物理 浮力 教案", ["all"], Step.ALL),
        ("物理 浮力 教案 视频", ["all"], Step.MOST),
        ("浮力 彩虹 火山 地震", ["all", "some"], Step.ANY),
        ("彩虹 火山", [], Step.NOTHING),
        ("物理教案 初二", ["all"], Step.MOST),
        ("", ["all", "other", "some"], Step.BROWSE),
        ("*:*", [], Step.NOTHING),
    ],
)
def test_search_relaxes_and_says_so(engine: Engine, asked: str, ids: list[str], step: Step) -> None:
    index(engine, work("all", "初二物理《浮力》教案"), work("some", "浮力"), work("other", "背影"))

    page = engine.search(ask(asked))

    assert (sorted(hit.id for hit in page.hits), page.total, page.step) == (ids, len(ids), step)


def test_search_relaxes_when_only_hidden_works_hold_all_words(engine: Engine) -> None:
    index(engine, work("hidden", "物理浮力", acl=("u1",)), work("seen", "浮力"))

    page = engine.search(ask("物理 浮力"))

    assert ([hit.id for hit in page.hits], page.step) == (["seen"], Step.ANY)


# --- facets and pages -----------------------------------------------------------------------------------------------


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


# --- permission -----------------------------------------------------------------------------------------------------


@pytest.fixture
def planted(engine: Engine) -> Engine:
    """One open work, and others that must not show in any answer to a stranger."""
    index(
        engine,
        work("open", "浮力的课", facets={"subject": ["物理"]}),
        work("school", "浮力的秘密", acl=("o7",), facets={"subject": ["物理", "机密"]}, adoptions=99),
        work("mine", "浮力的草稿", acl=("u3", "o9"), facets={"subject": ["草稿"]}),
        work("nobody", "浮力的虚无", acl=(), facets={"subject": ["虚无"]}),
    )
    return engine


@pytest.mark.parametrize(
    ("tokens", "ids"),
    [
        (("public",), {"open"}),
        (("public", "o7"), {"open", "school"}),
        (("public", "u3", "o9", "g1"), {"open", "mine"}),
        (("o70", "o", "7", "O7", "%", "*"), set()),
        ((), set()),
    ],
)
@pytest.mark.parametrize("text", ["", "浮力", "浮", "秘密 草稿 虚无 浮力"])
def test_permission_holds_for_hits_counts_and_suggestions(
    planted: Engine, tokens: tuple[str, ...], ids: set[str], text: str
) -> None:
    page = planted.search(ask(text, tokens=tokens, facets=["subject"]))
    seen = {"open": {"物理"}, "school": {"物理", "机密"}, "mine": {"草稿"}}

    assert {hit.id for hit in page.hits} == ids
    assert page.total == len(ids)
    assert {value for value, _ in page.facets["subject"]} == set().union(*(seen[id_] for id_ in ids))
    assert {suggestion.id for suggestion in planted.suggest("浮力", tokens)} == ids


def test_hidden_words_find_nothing(planted: Engine) -> None:
    page = planted.search(ask("秘密", facets=["subject"], filters={"subject": ["机密"]}))

    assert (page.total, list(page.hits), page.step) == (0, [], Step.NOTHING)
    assert page.facets == {"subject": [("机密", 0)]}


def test_permission_taken_away_holds_at_once(planted: Engine) -> None:
    index(planted, work("open", "浮力的课", acl=("o7",), version=2))

    assert found(planted, "浮力") == []


def test_permission_of_somebody_in_very_many_groups(planted: Engine) -> None:
    tokens = (*(f"g{n}" for n in range(3_000)), "o7")

    assert found(planted, "浮力", tokens=tokens) == ["school"]


def test_permission_keeps_hidden_values_out_of_chosen_counts(planted: Engine) -> None:
    chosen = {"subject": ["物理", "机密", "草稿", "虚无"]}

    page = planted.search(ask("", filters=chosen, facets=["subject"]))

    assert (page.total, dict(page.facets["subject"])) == (1, {"物理": 1, "机密": 0, "草稿": 0, "虚无": 0})


# --- suggestions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("分", ["分数的认识", "认识分数"]),
        ("分数", ["分数的认识", "认识分数"]),
        ("分数的认", ["分数的认识"]),
        ("photo", ["Photosynthesis 光合作用"]),
        ("PHOTOSYN", ["Photosynthesis 光合作用"]),
        ('"*', []),
        ("", []),
        ("\x00\ud800", []),
    ],
)
def test_suggest_goes_on_from_what_was_typed(engine: Engine, typed: str, titles: list[str]) -> None:
    index(
        engine,
        work("1", "分数的认识", adoptions=9),
        work("2", "分数的认识", adoptions=8),
        work("3", "认识分数"),
        work("4", "Photosynthesis 光合作用"),
        work("5", "光合", body="分数 photo"),
    )

    assert [suggestion.text for suggestion in engine.suggest(typed, {"public"})] == titles


def test_suggest_names_a_document_that_may_be_seen(engine: Engine) -> None:
    index(engine, work("hidden", "分数的认识", acl=("u1",), adoptions=99), work("seen", "分数的认识"))

    assert [(each.text, each.id) for each in engine.suggest("分数", ["public"])] == [("分数的认识", "seen")]
    assert engine.suggest("分数", []) == []


def test_suggest_gives_titles_as_they_are_written(engine: Engine) -> None:
    index(engine, work("1", "《ＰＨ值》的測定 <b>"))

    assert [each.text for each in engine.suggest("ph值", ["public"])] == ["《ＰＨ值》的測定 <b>"]


def test_suggest_is_bounded(engine: Engine) -> None:
    index(engine, *(work(str(n), f"分数{n}") for n in range(30)))

    assert len(engine.suggest("分数", {"public"}, limit=5)) == 5
    assert engine.suggest("分数" * 10_000, {"public"}) == []


# --- whatever is typed ----------------------------------------------------------------------------------------------

HOSTILE = [
    '"',
    '""',
    "'",
    "浮力 AND",
    "AND OR NOT",
    "NEAR(浮力 课)",
    "NEAR(",
    "浮力*",
    "*",
    "*:*",
    "title:浮力",
    "{title} : 浮力",
    "-浮力",
    "^浮力",
    "浮力 ^ ( )",
    "(((((",
    ")",
    "+",
    "浮力; DROP TABLE doc",
    "' OR 1=1 --",
    "%_",
    "\\",
    "<script>alert('浮力')</script>",
    "{{ 浮力 }}",
    "\x00",
    "浮\x00力",
    "\ud800浮力\udfff",
    "😀👩\u200d🏫",
    "\u202e力浮",
    "שלום مرحبا",
    "(a+)+$" * 20,
    "的" * 10_000,
    "浮力" * 5_000,
    "浮力 " * 5_000,
    "a" * 10_000,
    "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 100,
    '"' * 10_000,
    "\n\t\r",
    "０１２３",
    "ﷺ" * 200,
    "e" + "\u0301" * 10_000,
    "|",
    "浮 | 力",
    "浮力~2",
    "浮力 && !课 || x",
    "/.*浮.*/",
    "[* TO *]",
    '{"match_all": {}}',
    "_exists_:acl",
    '"' + "浮" * 190 + '"',
    " ".join(f'"{chr(0x4E00 + n) * 15}"' for n in range(12)),
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_gets_an_answer(engine: Engine, typed: str) -> None:
    index(engine, work("1", "浮力的课", facets={"subject": ["物理"]}), work("2", typed[:400], body=typed))
    began = time.perf_counter()

    page = engine.search(ask(typed, facets=["subject", typed[:50]], filters={}, tokens=("public", typed[:50])))
    engine.search(ask("浮力", filters={typed[:50]: [typed[:50]], "subject": [typed[:50]]}, sort=typed[:50]))
    engine.suggest(typed, ["public", typed[:50]])

    assert page.total <= 2
    assert time.perf_counter() - began < 1
    assert dict(engine.versions()) == {"1": 1, "2": 1}


def test_the_largest_question_is_answered_in_time(engine: Engine) -> None:
    index(engine, *(work(str(n), "浮力的课", facets={"f0": [f"v{n}"]}) for n in range(20)))
    text = " ".join("浮力课程标准实验报告"[n % 5 :] + str(n) for n in range(60))
    filters = {f"f{n}": ["值" * 40 + str(value) for value in range(60)] for n in range(25)}
    tokens = ("public", *(f"o{n}" for n in range(500)))
    began = time.perf_counter()

    page = engine.search(ask(text, filters=filters, facets=[f"f{n}" for n in range(25)], tokens=tokens, per_page=10**6))

    assert (page.total, time.perf_counter() - began < 3) == (0, True)


def test_ids_come_back_as_they_were(engine: Engine) -> None:
    ids = ["1", "a b", "学/习?#%&", "<script>", "x" * 600, "..", "_all", "\n", "'", "10", "9"]
    index(engine, *(work(id_, "浮力", version=n) for n, id_ in enumerate(ids, 1)))

    assert set(found(engine, "浮力", per_page=50)) == set(ids)
    assert dict(engine.versions()) == {id_: n for n, id_ in enumerate(ids, 1)}
    assert engine.bulk(DeleteOp(id_, 99) for id_ in ids) == Written(done=len(ids))
    assert (found(engine, ""), list(engine.versions())) == ([], [])


def test_documents_with_anything_in_them_are_kept(engine: Engine) -> None:
    strange = "\x00\ud800\u202e<b>'\"\n"
    index(
        engine,
        Document(
            strange,
            1,
            strange,
            strange,
            strange,
            strange,
            {strange: [strange, strange]},
            ["public", strange],
            -5,
            day(1),
        ),
        work("long", "长" * 10_000, keywords="键" * 10_000, summary="摘" * 20_000, body="文字" * 200_000),
    )

    page = engine.search(ask("", facets=[strange]))

    assert page.total == 2
    assert found(engine, "文字") == ["long"]


# --- writes ---------------------------------------------------------------------------------------------------------


def test_bulk_ignores_late_writes(engine: Engine) -> None:
    index(engine, work("1", "新的标题", version=5))

    late = engine.bulk([IndexOp(work("1", "旧的标题", version=4)), DeleteOp("1", 3)])

    assert late == Written(done=0, stale=2)
    assert (found(engine, "新的标题"), found(engine, "旧的")) == (["1"], [])


def test_bulk_takes_an_equal_version_as_it_comes(engine: Engine) -> None:
    index(engine, work("1", "甲课", version=7))
    index(engine, work("1", "乙课", version=7))
    assert (found(engine, "甲课"), found(engine, "乙课")) == ([], ["1"])

    assert engine.bulk([DeleteOp("1", 7)]) == Written(done=1)
    assert found(engine) == []
    index(engine, work("1", "丙课", version=7))
    assert found(engine) == ["1"]


@pytest.mark.parametrize("seed", range(3))
def test_bulk_in_any_order_ends_at_the_latest(engine: Engine, seed: int) -> None:
    chance = random.Random(seed)
    ops: list[Op] = []
    for id_ in "abcdef":
        for version in range(1, 9):
            gone = chance.random() < 0.4
            ops.append(DeleteOp(id_, version) if gone else IndexOp(work(id_, f"课{version}", version=version)))
    wanted = {op.id: 8 for op in ops if op.version == 8 and isinstance(op, IndexOp)}
    chance.shuffle(ops)

    for start in range(0, len(ops), 7):
        engine.bulk(ops[start : start + 7])
        if chance.random() < 0.5:
            engine.bulk(ops[max(0, start - 7) : start + 3])  # once more, as after a lost answer

    assert dict(engine.versions()) == wanted
    assert sorted(found(engine)) == sorted(wanted)
    assert engine.bulk(op for op in ops if op.version < 8) == Written(stale=42)


def test_bulk_of_versions_beyond_what_a_float_holds(engine: Engine) -> None:
    index(engine, work("1", "甲课", version=2**60 + 1))

    assert engine.bulk([IndexOp(work("1", "乙课", version=2**60))]) == Written(stale=1)
    assert list(engine.versions()) == [("1", 2**60 + 1)]


def test_bulk_from_several_threads_loses_nothing(engine: Engine) -> None:
    def some(part: int) -> Written:
        total = Written()
        for n in range(10):
            total += engine.bulk([IndexOp(work(f"{part}-{n}", "浮力")), IndexOp(work("all", "背影", version=part))])
        return total

    with ThreadPoolExecutor(4) as pool:
        written = sum(pool.map(some, range(1, 5)), Written())

    assert written.done + written.stale == 80
    held = dict(engine.versions())
    assert (len(held), held["all"]) == (41, 4)


def test_bulk_may_be_repeated(engine: Engine) -> None:
    ops: list[Op] = [IndexOp(work("1", "浮力", version=2)), DeleteOp("2", 7), IndexOp(work("3", "浮力", version=1))]

    assert engine.bulk(ops) == Written(done=3)
    assert engine.bulk(ops) == Written(done=3)
    assert sorted(found(engine, "浮力")) == ["1", "3"]


def test_bulk_of_one_id_keeps_the_latest(engine: Engine) -> None:
    engine.bulk([IndexOp(work("1", "甲课", version=1)), DeleteOp("1", 2), IndexOp(work("1", "乙课", version=3))])

    assert (found(engine, "甲课"), found(engine, "乙课")) == ([], ["1"])


def test_deleted_documents_do_not_come_back(engine: Engine) -> None:
    index(engine, work("1", "浮力", version=3, facets={"subject": ["物理"]}))
    engine.bulk([DeleteOp("1", 4)])

    assert engine.bulk([IndexOp(work("1", "浮力", version=3))]) == Written(stale=1)
    assert engine.search(ask("浮力", facets=["subject"])).facets == {"subject": []}
    assert (found(engine), engine.suggest("浮", ["public"]), list(engine.versions())) == ([], [], [])

    index(engine, work("1", "浮力", version=5))
    assert found(engine, "浮力") == ["1"]


def test_changed_documents_are_found_by_what_they_say_now(engine: Engine) -> None:
    index(engine, work("1", "浮力", body="阿基米德", facets={"subject": ["物理"]}))
    index(engine, work("1", "背影", body="朱自清", facets={"subject": ["语文"]}, version=2))

    page = engine.search(ask("背影 朱自清", facets=["subject"]))

    assert (page.total, page.facets) == (1, {"subject": [("语文", 1)]})
    assert (found(engine, "浮力"), found(engine, "阿基米德")) == ([], [])


def test_versions_lists_every_document_by_id(engine: Engine) -> None:
    index(engine, work("b", "浮力", version=2), work("a", "背影", version=9))

    assert list(engine.versions()) == [("a", 9), ("b", 2)]


# --- rebuilding -----------------------------------------------------------------------------------------------------


def test_rebuild_takes_over_when_it_is_left(engine: Engine) -> None:
    index(engine, work("old", "浮力"))

    with engine.rebuild() as new:
        assert new.fill(work(f"n{n}", "背影") for n in range(1200)) == 1200
        assert (new.count(), found(engine, "浮力"), found(engine, "背影")) == (1200, ["old"], [])

    assert (found(engine, "浮力"), engine.search(ask("背影")).total) == ([], 1200)
    assert (engine.health().state, engine.health().documents) == (State.READY, 1200)


def test_writes_during_a_rebuild_reach_both(engine: Engine) -> None:
    index(engine, work("1", "浮力一"), work("2", "浮力二"), work("gone", "浮力三"))

    with engine.rebuild() as new:
        new.fill([work("1", "浮力一")])
        engine.bulk([IndexOp(work("1", "背影一", version=2)), DeleteOp("gone", 2), IndexOp(work("new", "背影二"))])
        assert sorted(found(engine, "背影")) == ["1", "new"]
        new.fill([work("2", "浮力二"), work("gone", "浮力三")])
        assert new.replay([IndexOp(work("1", "浮力一")), IndexOp(work("3", "浮力四"))]) == Written(done=1, stale=1)

    assert dict(engine.versions()) == {"1": 2, "2": 1, "3": 1, "new": 1}
    assert sorted(found(engine, "背影")) == ["1", "new"]


def test_writes_from_elsewhere_while_a_rebuild_begins_and_ends_are_not_lost(engine: Engine) -> None:
    """What is in the database when the rebuild reads it comes by filling, what changes later by `bulk`."""
    database: dict[str, int] = {f"{n}": 1 for n in range(60)}
    index(engine, *(work(id_, "浮力", version=version) for id_, version in database.items()))
    stop = threading.Event()

    def change() -> int:
        round_ = 1
        while not stop.is_set():
            round_ += 1
            for id_ in list(database)[round_ % 7 :: 7]:
                database[id_] = round_  # committed first, told to the index then
                index(engine, work(id_, "浮力", version=round_))
            database[f"new{round_}"] = round_
            index(engine, work(f"new{round_}", "浮力", version=round_))
        return round_

    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(change)
        for _rebuild in range(2):
            with engine.rebuild() as new:
                new.fill(work(id_, "浮力", version=version) for id_, version in list(database.items()))
        stop.set()
        assert changing.result() > 2

    assert dict(engine.versions()) == database


def test_rebuild_with_an_error_changes_nothing(engine: Engine) -> None:
    index(engine, work("old", "浮力"))

    def broken() -> Iterator[Document]:
        yield work("n", "背影")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), engine.rebuild() as new:
        new.fill(broken())

    index(engine, work("later", "浮力"))
    assert dict(engine.versions()) == {"old": 1, "later": 1}
    assert engine.health().rebuilding is False


def test_rebuild_runs_once_at_a_time(engine: Engine) -> None:
    with engine.rebuild():
        assert engine.health().rebuilding is True
        with pytest.raises(RebuildRunning), engine.rebuild():
            pass


def test_rollback_brings_the_earlier_index_back(engine: Engine) -> None:
    with pytest.raises(NothingToRollBackTo):
        engine.rollback()
    index(engine, work("old", "浮力"))
    with engine.rebuild() as new:
        new.fill([work("new", "浮力")])

    engine.rollback()

    assert found(engine, "浮力") == ["old"]


def test_rollback_may_be_taken_back_and_built_upon(engine: Engine) -> None:
    index(engine, work("old", "浮力"))
    with engine.rebuild() as new:
        new.fill([work("new", "浮力")])

    engine.rollback()
    index(engine, work("later", "浮力"))
    assert sorted(found(engine, "浮力")) == ["later", "old"]

    engine.rollback()
    assert found(engine, "浮力") == ["new"]
    with engine.rebuild() as third:
        third.fill([work("third", "浮力")])
    assert found(engine, "浮力") == ["third"]
    engine.rollback()
    assert found(engine, "浮力") == ["new"]


def test_rebuild_keeps_what_was_deleted_meanwhile_deleted(engine: Engine) -> None:
    index(engine, work("1", "浮力"))

    with engine.rebuild() as new:
        engine.bulk([DeleteOp("1", 5)])
        new.fill([work("1", "浮力", version=4)])
        assert new.count() == 0

    assert (list(engine.versions()), engine.bulk([IndexOp(work("1", "浮力", version=4))])) == ([], Written(stale=1))


# --- keeping --------------------------------------------------------------------------------------------------------


def test_health_says_empty_until_a_rebuild_has_filled_it(engine: Engine) -> None:
    index(engine, work("1", "浮力"))
    assert (engine.health().state, engine.health().ok, engine.health().documents) == (State.EMPTY, False, 1)

    with engine.rebuild() as new:
        new.fill([])

    assert (engine.health().state, engine.health().ok, engine.health().documents) == (State.READY, True, 0)


def test_ensure_leaves_a_sound_index_alone(engine: Engine) -> None:
    index(engine, work("1", "浮力"))

    engine.ensure()

    assert found(engine, "浮力") == ["1"]


def test_tend_changes_no_answer(engine: Engine) -> None:
    for n in range(40):
        index(engine, work(str(n % 10), f"浮力{n}", version=n))

    while engine.tend(seconds=0.05):
        pass

    assert len(found(engine, "浮力")) == 10


def test_closed_engine_opens_again(engine: Engine) -> None:
    index(engine, work("1", "浮力"))
    engine.close()

    assert found(engine, "浮力") == ["1"]
