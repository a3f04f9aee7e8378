"""From text to what an index holds and is asked: bigrams for documents, dictionary words for queries. Pure.

Documents are cut into bigrams, so that no dictionary decides what can be found; a word of the query is asked as a
phrase of bigrams. Every Chinese character begins exactly one token, and the last of a run stands alone:

    ph值的测定  ->  ph 值的 的测 测定 定

so a single character is found by prefix, and a token's position is its character's position.
"""

import re
import threading
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import add

import rjieba

VERSION = f"1/{unicodedata.unidata_version}"  # changes whenever the same text would give other tokens

MAX_TOKEN = 64  # characters of one Latin word
TERM_FREQUENCY = 1_000_000  # above every word of the dictionary, so that a curriculum term is cut out whole

HAN = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_HAN = re.compile(f"[{HAN}]+")
_WIDE = "utf-32-le"
_RUN = re.compile(f"([{HAN}]+)|([^\\W_{HAN}]+|[^\\w\\s\\x00-\\x7f\u2010-\u2027\u3000-\u303f])")


def is_han(text: str) -> bool:
    """Whether `text` is all Chinese characters (or kana, hangul: what is written without blanks)."""
    return _HAN.fullmatch(text) is not None


def runs(text: str) -> list[str]:
    """The runs of normalised `text`: Chinese, Latin words and numbers, and signs such as △ or 😀 one by one."""
    return [han or other for han, other in runs_by_script(text)]


def runs_by_script(text: str) -> Iterator[tuple[str, str]]:
    """The same as pairs (Chinese, anything else); one of the two is empty."""
    for pair in _RUN.findall(text):
        run = pair[0] or pair[1]
        if len(run) > 1 or _stands_alone(run):
            yield pair


@lru_cache(maxsize=10_000)
def _stands_alone(character: str) -> bool:
    """Punctuation does not."""
    return character.isalnum() or unicodedata.category(character)[0] == "S"


def index_text(text: str, *, limit: int) -> str:
    """The tokens of normalised `text`, separated by blanks; what stands behind `limit` characters is not indexed."""
    firsts: list[str] = []  # of each token one character, and the one that follows it, if any
    seconds: list[str] = []
    words: list[str] = []
    for han, other in runs_by_script(text[:limit]):
        if han:
            firsts.append(han)
            seconds += han[1:], NOTHING
        else:
            firsts.append(WORD)
            seconds.append(NOTHING)
            words.append(other[:MAX_TOKEN])
    return with_words(woven("".join(firsts), "".join(seconds)).replace(NOTHING, ""), words)


WORD, NOTHING = "\n", "\t"  # stand for a word and for no character while a text is woven; in no normalised text


def woven(*threads: str) -> str:
    """A character of each thread in turn, a blank, and again; all are of one length.

    As joining lists of characters would have it, but ten times as quick: each character is four bytes to be moved.
    """
    width, length = len(threads) + 1, len(threads[0])
    cloth = array("I", " ".encode(_WIDE) * (width * length))
    for place, thread in enumerate(threads):
        cloth[place::width] = array("I", thread.encode(_WIDE))
    return cloth.tobytes().decode(_WIDE)[:-1]


def with_words(text: str, words: list[str]) -> str:
    """`text` with the words in place of the WORDs, one for each."""
    if not words:
        return text
    pieces = [""] * (2 * len(words) + 1)
    pieces[::2], pieces[1::2] = text.split(WORD), words
    return "".join(pieces)


@dataclass(frozen=True)
class Phrase:
    """What an index of `index_text` is asked for one word: these tokens in a row, the last perhaps only begun."""

    tokens: tuple[str, ...]
    prefix: bool


def phrase(word: str, *, unfinished: bool = False) -> Phrase:
    """The phrase that finds `word` (normalised) wherever it stands; no tokens when nothing in it can be found.

    unfinished  somebody is still typing: a Latin word at the end may go on
    """
    tokens: list[str] = []
    parts = runs(word)
    for place, run in enumerate(parts):
        if not is_han(run):
            tokens.append(run[:MAX_TOKEN])
            continue
        tokens.extend(map(add, run, run[1:]))
        if len(run) == 1 or place < len(parts) - 1:
            tokens.append(run[-1])
    if not parts:
        return Phrase((), prefix=False)
    last = parts[-1]
    return Phrase(tuple(tokens), prefix=len(last) == 1 if is_han(last) else unfinished)


class Tokenised:
    """Normalised text that says whether a word stands in it, as an index would: ai not in rain, ph值 in ph 值."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _row(self) -> str:
        return f" {index_text(self._text, limit=len(self._text))} "

    def holds(self, word: str) -> bool:
        """Whether `word` (normalised) stands in the text. One in which nothing can be found is no condition."""
        asked = phrase(word)
        row = " ".join(asked.tokens)
        return not row or f" {row}{'' if asked.prefix else ' '}" in self._row


class Cutter:
    """A dictionary with curriculum terms in it. Many threads may cut; nothing is added after it was made."""

    def __init__(self, terms: Iterable[str] = ()) -> None:
        self._dictionary = rjieba.Jieba()
        for term in terms:
            if len(term) > 1:
                self._dictionary.add_word(term, TERM_FREQUENCY, "n")

    def words(self, text: str) -> list[str]:
        """Normalised `text` cut into words, blanks and signs between them kept. Joined, they are the text again."""
        # Without the hidden Markov model: it glues unknown words by their neighbours, so query and title differ.
        return list(self._dictionary.cut(text, hmm=False))

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """The same words, each with what kind of word the dictionary calls it: n, v, a …"""
        return list(self._dictionary.tag(text, hmm=False))

    def parts(self, word: str) -> list[str]:
        """`word` taken apart into shorter words of two or more characters, or `[word]` when it is one thing."""
        shorter = [part for part in self._dictionary.cut_for_search(word, hmm=False) if 1 < len(part) < len(word)]
        return _tiling(word, shorter) or [word]


def _tiling(word: str, parts: list[str]) -> list[str]:
    """The fewest `parts` that make up `word` in a row; empty when they do not."""
    best: list[list[str] | None] = [[], *[None] * len(word)]
    for start in range(len(word)):
        before = best[start]
        if before is None:
            continue
        for part in parts:
            end = start + len(part)
            if word.startswith(part, start):
                here = best[end]
                if here is None or len(here) > len(before) + 1:
                    best[end] = [*before, part]
    return best[-1] or []


_making = threading.Lock()


@lru_cache(maxsize=4)  # 25 MB each: none, the curriculum, all terms in use, and those an editor has just changed
def _cutter(terms: frozenset[str]) -> Cutter:
    return Cutter(sorted(terms))


def cutter(terms: Iterable[str] = ()) -> Cutter:
    """The cutter for these terms (normalised), made once per process: 0.1 s, later calls are free."""
    wanted = terms if isinstance(terms, frozenset) else frozenset(terms)
    with _making:
        return _cutter(wanted)
