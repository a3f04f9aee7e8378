"""Every promise of `search.engines.base`, for every engine there is."""

import time
from collections.abc import Iterator
from dataclasses import replace

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

    assert set(hit.parts) == {"text", "adoptions", "recency"}
    product = hit.parts["text"] * hit.parts["adoptions"] * hit.parts["recency"]
    assert hit.score == pytest.approx(product)


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
