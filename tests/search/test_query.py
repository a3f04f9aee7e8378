from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.documents import by_source
from search.query import MAX_TEXT, MAX_WINDOW, MAX_WORDS, Ask, Query, Sort, Step, is_id, parse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("二次函数的图象与性质", ("二次", "函数", "图象", "性质")),
        ("pH值", ("ph值",)),
        ("第3课", ("第3课",)),
        ("学习单", ("学习单",)),
        ("基于大单元的教学", ("基于", "大单元", "教学")),
        ("9月份", ("9月份",)),
        ("电流 九年级", ("电流", "九年级")),
        ("阅读新课标", ("阅读", "新课标")),
        ("2024月份", ("2024", "月份")),  # a year is no part of what stands behind it
        ("从出租车到水箱", ("从", "出租车", "到", "水箱")),  # words by which nothing is called
        ("三 年 级 数 学", ("三年级", "数学")),
        ("加 减 乘", ("加", "减", "乘")),
        ("5.4 平移", ("5.4", "平移")),
        ("第4.2节", ("第4.2节",)),
        ("1.1集合", ("1.1", "集合")),
        ("圆周率3.14。", ("圆周率", "3.14")),
        ("v2.0", ("v2", "0")),
        ("E-mail 写作", ("e-mail", "写作")),
        ("u-i图像", ("u-i", "图像")),
        ("x-1", ("x", "1")),
        ("DNA 双螺旋", ("dna", "双螺旋")),
        ("画圆", ("画圆",)),
        ("café", ("café",)),
        ("数学 数学", ("数学",)),
        ("“分数的初步认识” 教案", ("分数的初步认识", "教案")),
        ("《背影》", ("背影",)),
        ('半开"引号', ("半开", "引号")),
        ("的", ("的",)),
        ("😀", ("😀",)),
        ("😀 数学", ("数学",)),
        ("*:*", ()),
        ("   ", ()),
        ("", ()),
    ],
)
def test_parse_finds_words(text: str, words: tuple[str, ...]) -> None:
    assert parse(text).words == words


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        ("stories", ("story", "storie")),
        ("story", ("stories",)),
        ("letters", ("letter",)),
        ("letter", ("letters",)),
        ("lunches", ("lunch", "lunche")),
        ("lunch", ("lunches",)),
        ("writing", ("writ", "write")),
        ("stopped", ("stopp", "stoppe", "stop")),
        ("e-mail", ("email",)),
        ("pen", ()),
        ("news", ()),
        ("class", ("classes",)),
        ("spring", ("springs",)),
        ("dna", ()),
        ("unit3", ()),
        ("浮力", ()),
    ],
)
def test_an_english_word_is_found_in_its_other_forms(typed: str, others: tuple[str, ...]) -> None:
    assert parse(typed).others == ({typed: others} if others else {})


def test_another_form_of_an_english_word_is_found_by_what_means_the_same() -> None:
    assert parse("phonic", others={"phonics": ("自然拼读",)}).others == {"phonic": ("phonics", "自然拼读")}
    assert parse("story", others={"story": ("故事",)}).others == {"story": ("故事", "stories")}


def test_parse_keeps_curriculum_terms_whole() -> None:
    assert parse("学习任务群设计", terms=["学习任务群"]).words == ("学习任务群", "设计")


def test_asks_relax_step_by_step() -> None:
    assert parse("初二物理 浮力 教案").asks == (
        Ask(Step.ALL, ("初二", "物理", "浮力", "教案"), 4),
        Ask(Step.MOST, ("初二", "物理", "浮力", "教案"), 3),
        Ask(Step.ANY, ("初二", "物理", "浮力", "教案"), 1),
    )


def test_asks_take_dictionary_words_apart() -> None:
    assert parse("数学教案").asks == (
        Ask(Step.ALL, ("数学教案",), 1),
        Ask(Step.MOST, ("数学", "教案"), 2),
        Ask(Step.ANY, ("数学", "教案"), 1),
    )


def test_asks_never_relax_to_single_characters_of_one_word() -> None:
    assert parse("称象").asks == (Ask(Step.ALL, ("称象",), 1), Ask(Step.MOST, ("称", "象"), 2))


@pytest.mark.parametrize(
    ("given_", "attribute", "expected"),
    [
        ({"page": 0}, "page", 1),
        ({"page": -(10**30)}, "page", 1),
        ({"page": 10**30, "per_page": 20}, "page", MAX_WINDOW // 20),
        ({"per_page": 10**9}, "per_page", 100),
        ({"per_page": 0}, "per_page", 1),
        ({"sort": "newest"}, "sort", Sort.NEWEST),
        ({"sort": "; DROP TABLE"}, "sort", Sort.RELEVANCE),
        ({"filters": {"grade": [], "subject": ["数学", "数学"]}}, "filters", {"subject": ("数学",)}),
        ({"filters": {"a": ["\ud800"]}}, "filters", {"a": ("\ufffd",)}),
        ({"facets": ["a", "a", "b"]}, "facets", ("a", "b")),
    ],
)
def test_parse_bounds_what_is_asked(given_: dict[str, Any], attribute: str, expected: object) -> None:
    assert getattr(parse("数学", **given_), attribute) == expected


def test_parse_bounds_what_is_chosen() -> None:
    query = parse("", filters={f"f{n}": [f"v{m}" * 100 for m in range(60)] for n in range(30)})

    assert len(query.filters) == 20
    assert {len(values) for values in query.filters.values()} == {50}
    assert max(len(value) for values in query.filters.values() for value in values) == 200


@given(st.text(st.characters(exclude_categories=()), max_size=400))
def test_parse_answers_anything(text: str) -> None:
    query = parse(text)

    assert len(query.text) <= MAX_TEXT
    assert all(len(ask.words) <= MAX_WORDS and 1 <= ask.least <= len(ask.words) for ask in query.asks)


def test_parse_reads_the_beginning_of_a_long_text() -> None:
    assert parse("浮力" + "。" * 10_000 + "牛顿").words == ("浮力",)


def test_query_can_be_a_key() -> None:
    assert len({parse("数学"), parse("数学"), Query()}) == 2


@pytest.mark.parametrize(
    ("value", "number"),
    [("7", True), ("9" * 18, True), ("9" * 19, False), ("", False), ("-1", False), ("七", False), ("７", False)],
)
def test_what_cannot_be_the_number_of_a_row_is_not_asked_of_a_table(value: str, number: bool) -> None:
    assert is_id(value) is number
    assert bool(by_source([f"space:{value}"])) is number
