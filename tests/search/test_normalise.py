import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.normalise import as_typed, normalise, storable

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)  # lone surrogates too


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("ＤＮＡ", "dna"),
        ("pH值", "ph值"),
        ("數學教學設計", "数学教学设计"),
        ("⼀⼆", "一二"),  # Kangxi radicals
        ("⻢⻋⻋⻔", "马车车门"),  # radicals supplement
        ("豈更", "岂更"),  # compatibility ideographs
        ("数\u200b学\ufeff", "数学"),
        ("数\x00学\ud800", "数学"),
        ("a\tb\u3000c\nd", "a b c d"),
        ("①㎏ﬁ", "1kgfi"),
        ("cafe\u0301", "café"),
        ("👩\u200d🏫", "👩🏫"),
        ("\u202eשלום", "שלום"),
        ("", ""),
    ],
)
def test_normalise_gives_one_spelling(raw: str, plain: str) -> None:
    assert normalise(raw) == plain


def test_normalise_leaves_nothing_unseen() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))

    left = {character for character in normalise(everything) if unicodedata.category(character) in ("Cc", "Cf", "Cs")}

    assert left == set()


def test_normalise_folds_every_kangxi_radical() -> None:
    assert all("\u4e00" <= normalise(chr(code)) <= "\u9fff" for code in range(0x2F00, 0x2FD6))


@given(ANYTHING)
def test_normalise_never_raises_and_can_be_stored(raw: str) -> None:
    plain = normalise(raw)

    plain.encode()
    assert "\x00" not in plain
    assert not any(character.isspace() and character != " " for character in plain)


@given(ANYTHING)
def test_storable_can_be_stored(raw: str) -> None:
    assert "\x00" not in storable(raw)
    storable(raw).encode()


def test_normalise_in_many_threads_answers_the_same() -> None:
    text = "數學教學設計，乾坤與頭髮" * 50
    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(normalise, [text] * 200))

    assert answers == {normalise(text)}


def test_characters_copied_with_blanks_are_joined_in_what_is_typed_alone() -> None:
    assert as_typed("三 年　级 數 学 ppt") == "三年级数学 ppt"
    assert as_typed("一 次 函 数 图象") == "一次函数 图象"
    for apart in ("天 地 人", "圆 周 率 计算", "a b c d"):
        assert as_typed(apart) == apart
    assert normalise("三 年 级 数 学") == "三 年 级 数 学"
