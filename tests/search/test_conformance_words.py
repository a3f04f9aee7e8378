"""A promise of `search.engines.base`, for every engine: what words find, rank and tell; how a question is relaxed."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from search.engines.base import Engine
from search.query import Step
from tests.search.conftest import ask, day, found, index, work

# --- words ------------------------------------------------------------------------------------------------------------


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


# --- relaxing ---------------------------------------------------------------------------------------------------------


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
