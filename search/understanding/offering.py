"""What to offer where no work has the words together: those of them that may be asked alone. Pure."""

from search.analysis import is_han
from search.query import Query
from search.understanding.lexicon import Lexicon
from search.understanding.naming import SAYS_LITTLE
from search.understanding.words import UNSAID

MAX_OFFERED = 4  # further questions to the engine


def single_words(query: Query, lexicon: Lexicon) -> list[str]:
    """Words of a question of several, what is taught first; no mere character or number, and none that says little."""
    words = query.words if len(query.words) > 1 else query.parts
    alone = [word for word in words if len(word) > 1 and _names(word)] if len(words) > 1 else []
    return sorted(alone, key=lambda word: word not in lexicon.names)[:MAX_OFFERED]


def _names(word: str) -> bool:
    """要学 is two characters, each of which says nothing."""
    return (is_han(word) or word.isalpha()) and word not in SAYS_LITTLE | UNSAID and not UNSAID.issuperset(word)
