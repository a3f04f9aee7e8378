"""How a question becomes a looser one: less of its words, or one of them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from search.analysis import is_han, phrase
from search.query import MAX_WORDS, Query
from search.understanding.lexicon import Lexicon
from search.understanding.words import LITTLE, OCCASIONS


def strict(query: Query) -> Query:
    """All of the words, and nothing less."""
    return replace(query, parts=(), loose=())


def most(query: Query) -> Query:
    """Three quarters of the words, mere characters not counted: 鸡, 兔, 同 and the stand in any text. No question at
    all where that is all of the words, or none."""
    parts = tuple(part for part in query.parts if part not in LITTLE and (len(part) > 1 or not is_han(part)))
    if len(parts) == 1 and len(query.parts) > 1 and is_han(parts[0]):
        parts = ()  # one word of several is not most of them
    fewer = replace(query, words=(), parts=parts, loose=())
    everything = bool(parts) and fewer.asks[0].least == len(parts) == len(query.words)
    return replace(fewer, parts=()) if everything and set(parts) <= set(query.words) else fewer


def one_of(query: Query, pieces: Sequence[str]) -> Query:
    """One of several pieces; no question where it is one."""
    return replace(query, words=(), parts=(), loose=tuple(pieces[:MAX_WORDS]) if len(pieces) > 1 else ())


def typed_apart(rest: str) -> list[str]:
    """Several things between blanks. When something is used, and the, count only where nothing else was typed."""
    pieces = [piece.strip('"的了吗呢') for piece in rest.split()]
    pieces = [piece for piece in dict.fromkeys(pieces) if (len(piece) > 1 or is_han(piece)) and phrase(piece).tokens]
    return [piece for piece in pieces if piece not in OCCASIONS and piece not in LITTLE] or pieces


def quoted(names: Iterable[str]) -> str:
    """As whoever wants each of them whole would type it."""
    return " ".join(f'"{name}"' for name in names)


def only_occasions(rest: str, lexicon: Lexicon) -> bool:
    """Whether what is left beside conditions and numbered units says no more than when something is used: 期末 of
    五年级期末试卷."""
    return all(
        piece in OCCASIONS or all(word in OCCASIONS for word in lexicon.cutter.words(piece)) for piece in rest.split()
    )
