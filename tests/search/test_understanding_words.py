"""Numerals, volumes, editions, synonyms, sounds and repair, each as a function of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.understanding.editions import spellings
from search.understanding.numerals import number, numeral
from search.understanding.repair import repairs
from search.understanding.rows import EditionRow
from search.understanding.sounds import Sounds, Term, blurred, readings
from search.understanding.synonyms import FIRST, SECOND, STARTERS, added, table
from search.understanding.volumes import volume_key

SOUNDS = Sounds.of(
    Term(text, weight)
    for text, weight in {
        "浮力": 9,
        "分数": 9,
        "分数的初步认识": 3,
        "牛顿第二定律": 4,
        "牛顿": 2,
        "水浒传": 2,
        "鸡兔同笼": 3,
        "物理": 20,
        "三年级": 20,
        "数学": 20,
        "实验": 5,
        "圆周率": 2,
        "压强": 4,
        "因式分解": 4,
        "琵琶行": 1,
        "绿色": 1,
        "背景": 1,
    }.items()
)


@given(st.integers(0, 99))
def test_numerals_go_there_and_back(value: int) -> None:
    assert number(numeral(value)) == value == number(str(value))


@pytest.mark.parametrize("text", ["", "百", "十十", "一二", "100", "１", "三个", "二十三十"])
def test_what_is_no_numeral_below_a_hundred_is_none(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("必修第一册", "必修1"),
        ("必修1", "必修1"),
        ("选择性必修第三册", "选择性必修3"),
        ("选择性必修10", "选择性必修10"),
        ("上册", "上册"),
        ("必修中外历史纲要（上）", "必修上册"),
        ("选择性必修下册", "选择性必修下册"),
        ("全一册", "全一册"),
        ("水平一", "水平一"),
        ("", ""),
        ("必修", "必修"),
    ],
)
def test_volumes_have_one_key(name: str, key: str) -> None:
    assert volume_key(name) == key


def test_editions_have_short_names_and_families() -> None:
    rows = [
        EditionRow("1", "人教版"),
        EditionRow("2", "人教版（PEP）（三年级起点）（主编：吴欣）"),
        EditionRow("3", "配套人教版"),
        EditionRow("4", "统编版"),
        EditionRow("5", "北京版"),
    ]
    found = spellings(rows)
    assert found["人教"] == found["人教版"] == found["pep"] == ("1", "2", "3", "4")
    assert found["部编"] == found["统编版"] == ("4",)
    assert found["北京版"] == ("5",)
    assert "北京" not in found


def test_synonyms_go_both_ways_and_unite_groups() -> None:
    found = table([("pH值", "pH"), ("ph", "酸碱度"), ("单独",), ("", " ")])
    assert found == {"ph值": ("ph",), "ph": ("ph值", "酸碱度"), "酸碱度": ("ph",)}
    assert table(STARTERS)["dna"] == ("脱氧核糖核酸",)


def test_synonyms_that_came_later_are_added_but_where_an_editor_has_said_something() -> None:
    groups = (("中秋", "中秋节"), ("PBL", "项目学习"), ("磁铁", "吸铁石"))
    assert added(groups, ["月饼，中秋节", "ｐｂｌ；项目化"]) == [("磁铁", "吸铁石")]
    assert added(SECOND, map("，".join, STARTERS)) == []  # a new installation has them
    assert added(SECOND, map("，".join, FIRST)) == list(SECOND)


def _repaired(text: str) -> str:
    """The likeliest reading, or the text itself."""
    return (repairs(text, SOUNDS) or [text])[0]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("浮利", "浮力"),
        ("福利 实验", "浮力 实验"),
        ("分树的初步认识", "分数的初步认识"),
        ("牛顿第二定绿", "牛顿第二定律"),
        ("水许传", "水浒传"),
        ("鸡兔同龙", "鸡兔同笼"),
        ("园周率", "圆周率"),
        ("琵琶形", "琵琶行"),
        ("因试分解", "因式分解"),
        ("浮力", "浮力"),
        ("称象", "称象"),
        ("背影", "背影"),  # a word, though 景 was once read ying as well
        ("背颖", "背景"),
        ("fuli", "浮力"),
        ("fu li", "浮力"),
        ("fenshu", "分数"),
        ("niudun dierdinglv", "牛顿第二定律"),
        ("wulifuli", "物理 浮力"),
        ("jttl", "鸡兔同笼"),
        ("fsdcbrs", "分数的初步认识"),
        ("sannianji shuxue fenshu", "三年级 数学 分数"),
        ("lvse", "绿色"),
        ("hello world", "hello world"),
        ("xyzzy", "xyzzy"),
        ("a", "a"),
        ("", ""),
    ],
)
def test_repair_reads_by_sound(typed: str, meant: str) -> None:
    assert _repaired(typed) == meant


def test_southern_pronunciation_is_heard() -> None:
    assert blurred("zheng") == blurred("zen")
    assert _repaired("牛吨") == "牛顿"


def test_readings_are_few() -> None:
    assert ("shui", "hu", "zhuan") in readings("水浒传")
    assert len(readings("行行行行行行")) <= 4
    assert readings("abc") == [] == readings("长" * 40)


@pytest.mark.parametrize(
    "typed", ["小雪", "大雪", "滑雪", "输血", "种植", "贝壳", "按理", "打扮", "种植活动", "滑雪课"]
)
def test_an_ordinary_word_is_no_misspelled_condition(typed: str) -> None:
    assert _conditions(typed) == []


def test_a_subject_is_heard_in_an_ordinary_word_only_beside_others() -> None:
    assert _conditions("地里 日本") == ["地理 日本"]
    assert _conditions("滑学") == ["化学"]  # no word
    assert _conditions("教按") == ["教案"]


def _conditions(typed: str) -> list[str]:
    subjects = {"化学", "数学", "地理"}
    others = ("小学", "大学", "中职", "备课", "案例", "大班", "教案")
    terms = [Term(text, 20, taught=False, subject=text in subjects) for text in (*subjects, *others)]
    return repairs(typed, Sounds.of(terms))


def test_of_words_that_sound_alike_the_one_that_is_taught_is_meant() -> None:
    assert repairs("茶异", Sounds.of([Term("差异", 9, taught=False), Term("茶艺", 2)])) == ["茶艺"]


@given(st.text(max_size=120))
def test_repair_never_fails(text: str) -> None:
    assert isinstance(_repaired(text), str)


def test_repair_of_a_very_long_run_is_bounded() -> None:
    assert _repaired("福利" * 500).startswith("浮力")
    assert _repaired("fuli" * 500) == "fuli" * 500


def test_no_word_begins_inside_what_is_said_twice() -> None:
    terms = [Term("一件", 9, taught=False), Term("一条", 9, taught=False), Term("浮力", 2)]
    for typed in ("讲一讲红楼梦", "跳一跳"):
        assert repairs(typed, Sounds.of(terms)) == []
    assert repairs("讲一讲浮利", Sounds.of(terms)) == ["讲一讲浮力"]
