"""Text as the tokens that the server is given, so that it need not understand Chinese. Pure.

One token a Chinese character, one a Latin word, one a sign, separated by blanks:

    ph值的测定。数学  ->  ph 值 的 测 定 | 数 学

`|` stands where one run of Chinese ends and the next begins, so that no word is found across a full stop. The server
makes the pairs of neighbours itself (`index_phrases`), which is what makes phrases quick.
"""

from search.analysis import MAX_TOKEN, VERSION, is_han, runs

LAYOUT = 1  # changes whenever the same runs would give other tokens
SIGNATURE = f"{LAYOUT}/{VERSION}"

BORDER = "|"  # never a token of a text: no run of `search.analysis` is a sign of ASCII


def tokens(text: str, *, limit: int | None = None) -> str:
    """The tokens of normalised `text`, separated by blanks; nothing behind `limit` characters."""
    found: list[str] = []
    after_han = False
    for run in runs(text[:limit]):
        han = is_han(run)
        if han:
            if after_han:
                found.append(BORDER)
            found.append(" ".join(run))
        else:
            found.append(run[:MAX_TOKEN])
        after_han = han
    return " ".join(found)


def goes_on(text: str) -> bool:
    """Whether the last token of `text`, still being typed, may go on: a Latin word may, a character is whole."""
    parts = runs(text)
    return bool(parts) and not is_han(parts[-1]) and parts[-1].isalnum()
