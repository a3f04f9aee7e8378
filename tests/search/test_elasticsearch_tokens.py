"""Text as the server is given it."""

import pytest

from search.engines.elasticsearch.tokens import goes_on, tokens


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("ph值的测定", "ph 值 的 测 定"),
        ("数。学", "数 | 学"),
        ("数 a 学", "数 a 学"),
        ("a+b=c", "a b c"),
        ("笑😀", "笑 😀"),
        ("", ""),
        ("|", ""),
        ("x" * 100, "x" * 64),
    ],
)
def test_tokens_are_characters_words_and_borders(text: str, row: str) -> None:
    assert tokens(text) == row


def test_tokens_end_at_the_limit() -> None:
    assert tokens("数学广角", limit=2) == "数 学"
    assert [goes_on(text) for text in ("photo", "光 photo", "photo光", "", "光😀")] == [True, True, False, False, False]
