"""What to offer where no work has the words together: those of them that may be asked alone. Pure."""

import re

from search.analysis import is_han
from search.query import Query
from search.understanding.lexicon import Lexicon
from search.understanding.naming import SAYS_LITTLE
from search.understanding.words import UNSAID

MAX_OFFERED = 4  # further questions to the engine

_ORDINAL = re.compile(r"第?[一二三四五六七八九十百两]+|第\d+")


def single_words(query: Query, lexicon: Lexicon) -> list[str]:
    """Words of a question of several, what is taught first; no mere character or number, and none that says little."""
    words = query.words if len(query.words) > 1 else query.parts
    alone = [word for word in words if len(word) > 1 and _names(word)] if len(words) > 1 else []
    return sorted(alone, key=lambda word: word not in lexicon.names)[:MAX_OFFERED]


def _names(word: str) -> bool:
    """要学 is two characters, each of which says nothing; 第二 of 牛顿第二定律 names nothing either."""
    if word in SAYS_LITTLE | UNSAID or UNSAID.issuperset(word) or _ORDINAL.fullmatch(word):
        return False
    return is_han(word) or word.isalpha()
