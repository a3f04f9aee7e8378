"""What of the words names something that is taught: 浮力 of 浮力说课稿, 红楼梦 of 想听听怎么讲红楼梦. Pure.

Chinese has no blanks, and much of what teachers write around a topic stands in no work: then the topic alone is asked
for.
"""

import re

from search.understanding.lexicon import Lexicon
from search.understanding.words import COMMON, LITTLE, OCCASIONS

MOST = 6  # names of one question
SAYS_LITTLE = COMMON | OCCASIONS | LITTLE
_APART = re.compile(r"(?<![a-z0-9]) | (?![a-z0-9])")  # blanks, but for those of pen pal
NOUN = "n"  # what the dictionary calls a noun begins with it


def names_in(rest: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Topics, titles and words with synonyms in what was not understood, in their order, none twice."""
    found: dict[str, None] = {}
    for piece in _APART.split(" ".join(rest.replace('"', " ").split())):
        found |= dict.fromkeys(_names_of(piece, lexicon))
    return tuple(found)[:MOST]


def _names_of(piece: str, lexicon: Lexicon) -> list[str]:
    """One that stands right behind another noun is only a part of what is meant: 算法 of 区块链共识算法. A mere word of
    a title names something only at the beginning, or behind another name or a word that says little: 入门 of
    滑板双翘入门 does not, 影子 of 活动影子 does."""
    found: list[str] = []
    at, end, behind_noun = 0, 0, False
    for word, kind in lexicon.cutter.tagged(piece):
        if at >= end:
            mere = at == end and word in lexicon.title_words and not word.startswith("第")
            name = piece[at : lexicon.name(piece, at)] or (word if mere else "")
            if name and name not in SAYS_LITTLE and not behind_noun:
                found.append(name)
                end = at + len(name)
            elif word in SAYS_LITTLE:
                end = at + len(word)
            else:
                behind_noun = kind.startswith(NOUN)
        if at < end:
            behind_noun = False
        at += len(word)
    return found
