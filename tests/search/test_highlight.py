import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlight import aligned, highlight, snippet
from search.query import parse

PIECES = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=()), max_size=8),
        st.sampled_from(
            ["<script>alert(1)</script>", "<mark>", "</mark>", "&amp;", '"', "數學", "数学", "㎏", "\u200b"]
        ),
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("raw", "asked", "expected"),
    [
        ("分数的初步认识", "分数", "<mark>分数</mark>的初步认识"),
        ("《分數的初步認識》", "分数 认识", "《<mark>分數</mark>的初步<mark>認識</mark>》"),
        ("测定 pH 值", "PH值", "测定 <mark>pH 值</mark>"),
        ("alph值 pH值x", "PH值", "alph值 <mark>pH值</mark>x"),
        ("banana ana", "ana", "banana <mark>ana</mark>"),
        ("abcd ab-cd", '"ab cd"', "abcd <mark>ab-cd</mark>"),
        ("photo 与 ph", "ph", "photo 与 <mark>ph</mark>"),
        ("５㎏ 重", "kg", "５㎏ 重"),  # in the index it is the word 5kg
        ("㎏", "kg", "<mark>㎏</mark>"),
        ("数\u200b学", "数学", "<mark>数\u200b学</mark>"),
        ("cafe\u0301!", "café", "<mark>cafe\u0301</mark>!"),
        ("二次函数", "二次函数", "<mark>二次函数</mark>"),
        ("<b>数学</b>", "数学", "&lt;b&gt;<mark>数学</mark>&lt;/b&gt;"),
        ("a<数学", "script", "a&lt;数学"),
        ("坏\x00字\ud800", "字", "坏<mark>字</mark>"),
        ("没有", "", "没有"),
        ("", "数学", ""),
    ],
)
def test_highlight_marks_raw_text(raw: str, asked: str, expected: str) -> None:
    assert highlight(raw, parse(asked).marks) == expected


def test_snippet_begins_after_the_stop_before_the_match() -> None:
    raw = "开头的话。" * 20 + "浮力的大小与什么有关？" + "后面的话。" * 40

    shown = snippet(raw, parse("浮力").marks, width=40)

    assert shown.startswith("…<mark>浮力</mark>的大小与什么有关？后面的话。")
    assert shown.endswith("…")


def test_snippet_begins_with_no_sign_that_belongs_to_what_is_left_out() -> None:
    raw = f"{'物' * 20}、{'理' * 29}浮力{'学' * 40}"
    assert snippet(raw, parse("浮力").marks).startswith(f"…{'理' * 29}<mark>浮力</mark>")


def test_snippet_without_a_match_is_the_beginning() -> None:
    assert snippet("一二三四五\n 六七八九十", parse("浮力").marks, width=5) == "一二三四五…"


def test_snippet_shows_where_most_of_the_words_stand_together() -> None:
    raw = (
        "浮力是什么？"
        + "开头的话。" * 40
        + "浮力和压强，和压强，还有压强。"
        + "中间的话。" * 40
        + "压强、浮力与液体的深度。浮力。"
    )

    assert snippet(raw, ("浮力", "压强", "深度"), width=40) == (
        "…<mark>压强</mark>、<mark>浮力</mark>与液体的<mark>深度</mark>。<mark>浮力</mark>。"
    )
    assert "<mark>浮力</mark>和<mark>压强</mark>" in snippet(raw, ("浮力", "压强"), width=40)
    assert snippet(raw, ("浮力",), width=40).startswith("<mark>浮力</mark>是什么？")


@pytest.mark.parametrize("asked", ["牛顿 " * 50, "浮力 大小 实验 目标 探究"])
def test_snippet_of_a_long_text_is_quick(asked: str) -> None:
    raw = "實驗目標，探究ﬁ浮力大小😀。" * 100_000
    began = time.perf_counter()

    snippet(raw, parse(asked).marks)

    assert time.perf_counter() - began < 1


def without_marks(shown: str) -> str:
    return re.sub(r"</?mark>", "", shown)


@given(PIECES, PIECES)
def test_highlight_lets_no_markup_through(raw: str, asked: str) -> None:
    for shown in (highlight(raw, parse(asked).marks), snippet(raw, parse(asked).marks, width=20)):
        plain = without_marks(shown)
        assert "<" not in plain
        assert ">" not in plain
        assert '"' not in plain
        assert re.fullmatch(r"(?:[^<]|<mark>[^<]+</mark>)*", shown)
        shown.encode()


@given(PIECES, PIECES)
def test_highlight_changes_no_character_that_can_be_shown(raw: str, asked: str) -> None:
    shown = html.unescape(without_marks(highlight(raw, parse(asked).marks)))

    assert shown == html.unescape(without_marks(highlight(raw, ())))
    assert [c for c in shown if c.isprintable()] == [c for c in raw if c.isprintable()]


@given(PIECES)
def test_aligned_has_a_place_for_every_character(raw: str) -> None:
    text, places = aligned(raw)

    assert len(places) == len(text) + 1
    assert places == sorted(places)
    assert places[-1] == len(raw)


def test_snippet_of_signs_that_are_normalised_one_by_one_is_looked_for_in_their_beginning() -> None:
    """All 50,000 of them would take a fifth of a second a hit."""
    near, far = "①" * 10_000 + "浮力", "①" * 20_000 + "浮力"
    assert "<mark>浮力</mark>" in snippet(near, ["浮力"])
    assert snippet(far, ["浮力"]) == "①" * 120 + "…"
