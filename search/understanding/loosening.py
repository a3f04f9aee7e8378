"""How a question becomes a looser one: less of its words, or one of them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from search.analysis import is_han, phrase
from search.query import MAX_WORDS, PARTICLES, Query
from search.understanding.lexicon import Lexicon
from search.understanding.naming import SAYS_LITTLE
from search.understanding.words import LITTLE, OCCASIONS, UNSAID

EMPTY = UNSAID | OCCASIONS | LITTLE


def strict(query: Query) -> Query:
    """All of the words, and nothing less."""
    return replace(query, parts=(), loose=())


def most(query: Query) -> Query:
    """Three quarters of the words, mere characters not counted, nor what says nothing beside another: 鸡, 兔, 同, the
    and 为什么 stand in any text. No question at all where that is all of the words, or none."""
    said = _saying(query.parts)
    parts = [part for part in said if len(part) > 1 or not is_han(part)]
    if len(parts) == 1 and len(said) > 1 and (is_han(parts[0]) or parts[0].isdecimal()):
        parts = []  # one word of several is not most of them
    fewer = replace(query, words=(), parts=tuple(parts), loose=())
    everything = bool(parts) and fewer.asks[0].least == len(parts) == len(query.words)
    return replace(fewer, parts=()) if everything and set(parts) <= set(query.words) else fewer


def one_of(query: Query, pieces: Sequence[str]) -> Query:
    """One of several pieces; no question where it is one."""
    return replace(query, words=(), parts=(), loose=tuple(pieces[:MAX_WORDS]) if len(pieces) > 1 else ())


def typed_apart(rest: str, text: str) -> list[str]:
    """Several things, of which `rest` is left: those that stood between blanks of `text`. A blank in place of what was
    understood makes no two things of 轴对称怎么画. What says nothing counts only where nothing else was typed."""
    pieces = dict.fromkeys(piece.strip('"的了吗呢') for piece in rest.split())
    some = _saying(piece for piece in pieces if (len(piece) > 1 or is_han(piece)) and phrase(piece).tokens)
    return some if sum(any(piece in typed for piece in some) for typed in text.split()) > 1 else []


def _saying(words: Iterable[str]) -> list[str]:
    """Those that say something beside others; all where none does."""
    some = list(words)
    return [word for word in some if word not in EMPTY] or some


def quoted(names: Iterable[str]) -> str:
    """As whoever wants each of them whole would type it."""
    return " ".join(f'"{name}"' for name in names)


def says_nothing(rest: str, lexicon: Lexicon) -> bool:
    """Whether what is left beside conditions and numbered units names nothing that could be found: 期末 of
    五年级期末试卷, 孩子 and 怎么办."""
    return all(_says_nothing(lexicon.cutter.words(piece)) for piece in rest.replace('"', " ").split())


def _says_nothing(words: Sequence[str]) -> bool:
    """Of the words of one piece. Behind an occasion 复习 and 考试 say nothing either: 期末复习, 期末考试."""
    left = list(words)
    occasion = next((left[0][:length] for length in (3, 2) if left[0][:length] in OCCASIONS), "")
    empty = EMPTY | SAYS_LITTLE if occasion else EMPTY
    if occasion:
        left[0] = left[0].removeprefix(occasion)
    return all(word in empty or word.isdecimal() or word in PARTICLES or not phrase(word).tokens for word in left)
