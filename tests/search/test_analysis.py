from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import Phrase, cutter, index_text, phrase
from search.normalise import normalise

TEXT = st.text(st.sampled_from("数学分数的值一丁ab1 ,，。△😀\U00020000"), max_size=30).map(normalise)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("数学分数", "数学 学分 分数 数"),
        ("ph值的测定", "ph 值的 的测 测定 定"),
        ("浮", "浮"),
        ("co2, h2o", "co2 h2o"),
        ("数学，分数", "数学 学 分数 数"),
        ("△abc≌△def", "△ abc ≌ △ def"),
        ("a" * 100, "a" * 64),
        ("snake_case", "snake case"),
        ('"(*:^)"', ""),
    ],
)
def test_index_text_is_bigrams_and_latin_words(text: str, tokens: str) -> None:
    assert index_text(text, limit=1000) == tokens


def test_index_text_ends_at_its_limit() -> None:
    assert index_text("数学分数", limit=2) == "数学 学"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("数学", Phrase(("数学",), prefix=False)),
        ("数学课", Phrase(("数学", "学课"), prefix=False)),
        ("浮", Phrase(("浮",), prefix=True)),
        ("ph值", Phrase(("ph", "值"), prefix=True)),
        ("第3课", Phrase(("第", "3", "课"), prefix=True)),
        ("dna", Phrase(("dna",), prefix=False)),
        ("*:*", Phrase((), prefix=False)),
    ],
)
def test_phrase_asks_for_what_index_text_writes(word: str, expected: Phrase) -> None:
    assert phrase(word) == expected


def stands(asked: Phrase, tokens: list[str]) -> bool:
    """What a full text does with a phrase."""
    size = len(asked.tokens)
    last = asked.tokens[-1]
    return any(
        tokens[at : at + size - 1] == list(asked.tokens[:-1])
        and (tokens[at + size - 1].startswith(last) if asked.prefix else tokens[at + size - 1] == last)
        for at in range(len(tokens) - size + 1)
    )


@given(TEXT, st.data())
def test_phrase_finds_every_stretch_of_chinese(text: str, data: st.DataObject) -> None:
    han = [character for character in text if character in "数学分数的值一丁\U00020000"]
    start = data.draw(st.integers(0, len(text)))
    stretch = text[start : data.draw(st.integers(start, len(text)))]
    asked = phrase(stretch)

    if han and asked.tokens and all(character in han for character in stretch):
        assert stands(asked, index_text(text, limit=1000).split())


def test_words_keeps_user_terms_whole() -> None:
    assert cutter(["必修第一册"]).words("语文必修第一册教案") == ["语文", "必修第一册", "教案"]


def test_cutter_is_made_once_for_the_same_terms() -> None:
    assert cutter({"必修第一册", "学习任务群"}) is cutter(["学习任务群", "必修第一册"])


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_words_joined_are_the_text(text: str) -> None:
    assert "".join(cutter().words(text)) == text


@pytest.mark.parametrize(
    ("word", "parts"), [("数学教案", ["数学", "教案"]), ("数学", ["数学"]), ("必修第一册", ["必修", "第一册"])]
)
def test_parts_tile_the_word(word: str, parts: list[str]) -> None:
    assert cutter(["必修第一册"]).parts(word) == parts


def test_cutter_serves_many_threads() -> None:
    cut = cutter(["学习任务群"])
    with ThreadPoolExecutor(4) as threads:
        answers = {tuple(words) for words in threads.map(cut.words, ["二次函数的图象与性质" * 20] * 400)}

    assert len(answers) == 1
