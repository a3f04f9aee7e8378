"""Text as the tokens that the server is given, so that it need not understand Chinese. Pure.

One token a Chinese character, one a Latin word, one a sign, separated by blanks:

    ph值的测定。数学  ->  ph 值 的 测 定 | 数 学

`|` stands where one run of Chinese ends and the next begins, so that no word is found across a full stop. The server
makes the pairs of neighbours itself (`index_phrases`), which is what makes phrases quick.
"""

from collections.abc import Iterable

from search.analysis import MAX_TOKEN, VERSION, WORD, is_han, runs, runs_by_script, with_words, woven

LAYOUT = 1  # changes whenever the same runs would give other tokens
SIGNATURE = f"{LAYOUT}/{VERSION}"

BORDER = "|"  # never a token of a text: no run of `search.analysis` is a sign of ASCII


END = "\r"  # of a text, while several are woven at once; in no normalised text


def tokens(text: str, *, limit: int | None = None) -> str:
    """The tokens of normalised `text`, separated by blanks; nothing behind `limit` characters."""
    return tokens_each([(text, limit)])[0]


def tokens_each(texts: Iterable[tuple[str, int | None]]) -> list[str]:
    """The same of each text and its limit: at once, because most of what short texts cost is the calls."""
    signs: list[str] = []  # one character a token
    words: list[str] = []
    for text, limit in texts:
        after_han = ""
        for han, other in runs_by_script(text[:limit]):
            if han:
                signs += (BORDER, han) if after_han else (han,)
            else:
                signs.append(WORD)
                words.append(other[:MAX_TOKEN])
            after_han = han
        signs.append(END)
    return [found.strip() for found in with_words(woven("".join(signs)), words).split(END)[:-1]]


def goes_on(text: str) -> bool:
    """Whether the last token of `text`, still being typed, may go on: a Latin word may, a character is whole."""
    parts = runs(text)
    return bool(parts) and not is_han(parts[-1]) and parts[-1].isalnum()
