"""Whether what is read as a condition is a word of its own where it stands: not in 学军中学, nor 论文 of 论文写作."""

import re
from collections.abc import Collection, Iterable

from search.analysis import cutter, is_han
from search.understanding.grades import spelled
from search.understanding.lexicon import Lexicon, Meaning
from search.understanding.words import BEHIND_KINDS, HOUSES, LITTLE, NOISE, SCHOOLS

FILES = frozenset({"ppt", "pptx"})  # are typed among words of any language, pinyin too
_LATIN = re.compile(r"[a-z0-9]+")
BEHIND_SUBJECT = frozenset("课题卷书")
_DONE_WITH = re.compile(rf"(?:设计)?(?:{'|'.join(sorted(BEHIND_KINDS))})")
_FUSED = re.compile(r"[与和同]\w{0,6}融合")  # 信息技术与学科融合 is no matter of the subject
_LATIN_BEHIND, _TWO_IN_LATIN = re.compile(r"[a-z] $"), re.compile(r" [a-z]+ [a-z]")
_LONGEST_NOISE = max(map(len, NOISE))


def is_whole(
    text: str, at: int, entry: tuple[int, Meaning], starts: Collection[int], free: bool, lexicon: Lexicon
) -> bool:
    """Whether the spelling is a word here and not the beginning of another."""
    end, meaning = entry
    if text[at:end] not in FILES and _in_english(text, at, end, lexicon):
        return False
    if meaning.weak:
        before, behind = text[at - 1 : at], text[end : end + 1]
        return (free or not before or not before.isalnum()) and (not behind or not behind.isalnum())
    if meaning.facet == "badge" and not stands_apart(text, end, starts, lexicon):
        return False
    if _done_with(text, end, meaning, lexicon) or _other_word(text, at, end, meaning.facet == "subject", starts, free):
        return False
    if text[at:end].isascii():
        return not _LATIN.match(text, end)
    if end >= len(text) or end in starts:
        return True
    if meaning.facet == "subject" and text[end] in BEHIND_SUBJECT and (end + 1 >= len(text) or end + 1 in starts):
        return True
    if lexicon.begins(text, end) or spelled(text, end, lexicon.grades):
        return True
    left = text[end : next((place for place in sorted(starts) if place > end), len(text))]
    return len(left) > 1 and lexicon.cutter.words(left) == [left]


def stands_apart(text: str, end: int, starts: Collection[int], lexicon: Lexicon) -> bool:
    """Whether nothing stands behind that it says something of: 去年的课件 and 省级优秀课件, but neither 去年的树 nor
    省级课题, 2025年中考."""
    behind = end + 1 if text[end : end + 1] == "的" else end
    if behind >= len(text) or not text[behind].isalnum():
        return True
    known = any(True for _reading in lexicon.readings(text, behind)) or spelled(text, behind, lexicon.grades)
    return bool(known) or noise_end(text, behind, starts) > behind


def _in_english(text: str, at: int, end: int, lexicon: Lexicon) -> bool:
    """Whether it is one word of an English phrase: english of do you speak english, but not of english writing, nor of
    primary school english, where the others are conditions too, nor of english for beginners."""
    if not text[at:end].isascii():
        return False
    before, behind = text[:at].split(), text[end:].split()
    if _LATIN_BEHIND.search(text[:at]) and not _known((before[-1:], before[-2:]), lexicon):
        return True
    two = _TWO_IN_LATIN.match(text, end) is not None
    return two and behind[0] not in LITTLE and not _known((behind[:1], behind[:2]), lexicon)


def _known(phrases: Iterable[list[str]], lexicon: Lexicon) -> bool:
    return any(" ".join(words) in lexicon.entries for words in phrases)


def _done_with(text: str, end: int, meaning: Meaning, lexicon: Lexicon) -> bool:
    """Whether what stands right behind a kind or a type makes another matter of it: 论文写作, but not 案例研究成果; or
    behind a subject: 信息技术与学科融合."""
    if meaning.facet == "subject":
        return _FUSED.match(text, end) is not None
    if meaning.facet not in ("kind", "type") or _DONE_WITH.match(text, end) is None:
        return False
    return not any(True for _reading in lexicon.readings(text, end))


def _other_word(text: str, at: int, end: int, subject: bool, starts: Collection[int], free: bool) -> bool:
    """Whether it is part of a name (学军中学, 语文出版社), or the cutter tore a word apart behind it (项目化|学习);
    a subject is one before it is half of another word: 数学好难 is not about 学好."""
    if any(text.startswith(house, end) for house in HOUSES):
        return True
    if not free and text[at:end] in SCHOOLS and is_han(text[at - 2 : at]) and at > 1:
        return True
    behind = min((place for place in starts if place > end), default=len(text))
    torn = text[end - 1 : end + 1]
    if subject or behind > end + 1 or end not in starts:
        return False
    return is_han(torn) and cutter().words(torn) == [torn]


def noise_end(text: str, at: int, starts: Collection[int]) -> int:
    """Where what people say around what they want ends; never inside a word: 有余数 is not 有."""
    for end in range(min(len(text), at + _LONGEST_NOISE), at, -1):
        if text[at:end] in NOISE and (end == len(text) or end in starts):
            return end
    return at
