"""册次: one key for each way in which publishers and teachers name a volume. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache

from search.normalise import normalise
from search.understanding.numerals import number

UPPER, LOWER, WHOLE = "上册", "下册", "全一册"
REQUIRED, ELECTIVE = "必修", "选择性必修"

_BOOK = re.compile(r"(选择性必修|选修|必修)(?:第)?([一二三四五六七八九十]{1,3}|\d{1,2})册?")
_HALF = re.compile(r"(选择性必修|必修)?(?:中外历史纲要)?\(?([上下])\)?册?")


@lru_cache(maxsize=1_000)
def volume_key(name: str) -> str:
    """`必修1` of 必修第一册 and of 必修1; `必修上册` of 必修中外历史纲要（上）; any other name is its own key."""
    text = normalise(name).strip()
    if book := _BOOK.fullmatch(text):
        kind = REQUIRED if book[1] == REQUIRED else ELECTIVE
        return f"{kind}{number(book[2])}"
    if half := _HALF.fullmatch(text):
        return f"{half[1] or ''}{UPPER if half[2] == '上' else LOWER}"
    return text


def half(which: str, *, senior: bool = False) -> tuple[str, ...]:
    """Keys of the books that 上 or 下 can mean; a book for the whole year is meant by both. Senior school
    counts its books, and 下 goes on from the second."""
    name, books = (UPPER, (1,)) if which == "上" else (LOWER, (2, 3))
    series = [f"{kind}{book}" for kind in (REQUIRED, ELECTIVE) for book in books] if senior else []
    return (name, WHOLE, f"{REQUIRED}{name}", f"{ELECTIVE}{name}", *series)


def numbered(kind: str, count: int) -> tuple[str, ...]:
    """Keys of 必修1 and the like; the first two of a series may also be called 上册 and 下册."""
    keys = [f"{kind}{count}"]
    if count in (1, 2):
        keys.append(f"{kind}{UPPER if count == 1 else LOWER}")
    return tuple(keys)


def beginning(kind: str, known: Iterable[str]) -> tuple[str, ...]:
    """Those of the known keys that are 必修 or 选择性必修, whichever book."""
    return tuple(dict.fromkeys([kind, *(key for key in sorted(known) if key.startswith(kind))]))
