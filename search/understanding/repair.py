"""Same-sound repair: 浮利 is 浮力, fenshu is 分数, jttl is 鸡兔同笼. Pure; proposes, never decides."""

import re

from search.analysis import cutter, is_han
from search.understanding.sounds import Key, Sounds, Term, syllables

MAX_RUN = 40  # characters of one run of Chinese that are repaired
MAX_LETTERS = 60
_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,}")
_LETTERS = re.compile(r"[a-z]+(?:[ ']+[a-z]+)*")
_BLANKS = re.compile(r"[ ']+")


def repaired(text: str, sounds: Sounds) -> str:
    """Normalised `text` with Chinese and pinyin read by their sound; the same text when nothing sounds better."""
    latin = _LETTERS.sub(lambda match: _from_letters(match[0], sounds), text)
    return _RUN.sub(lambda match: _from_characters(match[0], sounds), latin)


def _from_letters(typed: str, sounds: Sounds) -> str:
    letters = _BLANKS.sub("", typed)
    if not 2 < len(letters) <= MAX_LETTERS:
        return typed
    whole = sounds.spelled(letters)
    if whole:
        return whole[0].text
    words = _cover(letters, sounds)
    if words:
        return " ".join(words)
    begun = sounds.begun(letters) if len(letters) < 12 else []
    return begun[0].text if begun else typed


def _cover(letters: str, sounds: Sounds) -> list[str]:
    """The fewest terms whose pinyin makes up all of `letters`; the weightier of as many. Empty when there are none."""
    best: list[tuple[int, int, list[str]] | None] = [(0, 0, []), *[None] * len(letters)]
    for start in range(len(letters)):
        here = best[start]
        if here is None:
            continue
        for end in range(start + 2, min(len(letters), start + sounds.longest_pinyin) + 1):
            terms = sounds.spelled(letters[start:end])
            if not terms:
                continue
            there = (here[0] + 1, here[1] - min(terms[0].weight, 100), [*here[2], terms[0].text])
            if best[end] is None or there[:2] < best[end][:2]:  # type: ignore[index]
                best[end] = there
    found = best[-1]
    return found[2] if found else []


def _from_characters(run: str, sounds: Sounds) -> str:
    """`run` in words that sound the same, as few characters changed as can be; unknown stretches stay."""
    run_ = run[:MAX_RUN]
    keys = syllables(run_)
    if not keys:
        return run
    best: list[tuple[float, str] | None] = [(0.0, ""), *[None] * len(run_)]
    for start in range(len(run_)):
        here = best[start]
        if here is None:
            continue
        _better(best, start + 1, here[0] + 1.0, here[1] + run_[start])
        for end in range(start + 2, min(len(run_), start + sounds.longest) + 1):
            piece = run_[start:end]
            if sounds.knows(piece):
                _better(best, end, here[0] + 0.4, here[1] + piece)
                continue
            term = _nearest(piece, _alike(piece, keys[start:end], sounds))
            if term is not None:
                changed = sum(a != b for a, b in zip(piece, term.text, strict=True))
                _better(best, end, here[0] + 0.5 + 0.3 * changed, here[1] + term.text)
    found = best[-1]
    return (found[1] if found else run_) + run[MAX_RUN:]


def _better(best: list[tuple[float, str] | None], end: int, cost: float, text: str) -> None:
    now = best[end]
    if now is None or cost < now[0]:
        best[end] = (cost, text)


def _alike(piece: str, key: Key, sounds: Sounds) -> list[Term]:
    """Terms that may be meant by `piece`. A word of the dictionary is meant as it is read: 背影 is no 背景, though 景
    was once read ying."""
    misread = sounds.misread(key)
    is_word = misread and cutter().words(piece) == [piece]
    return [*sounds.like(key), *([] if is_word else misread)]


def _nearest(piece: str, terms: list[Term]) -> Term | None:
    """The term with the most characters of `piece`; of those the weightiest."""
    same = [term for term in terms if len(term.text) == len(piece) and is_han(term.text)]
    return min(same, key=lambda term: sum(a != b for a, b in zip(piece, term.text, strict=True)), default=None)
