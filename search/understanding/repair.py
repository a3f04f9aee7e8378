"""Same-sound repair: 浮利 is 浮力, fenshu is 分数, jttl is 鸡兔同笼. Pure; proposes, never decides."""

import re
from itertools import accumulate

from search.analysis import cutter, is_han
from search.understanding.sounds import Key, Sounds, Term, syllables

MAX_RUN = 40  # characters of one run of Chinese that are repaired
MAX_LETTERS = 60
MOST = 3  # readings of letters that are tried
PARTICLES = frozenset({"de", "le", "he", "yu", "ji", "zhi", "zai"})  # 的 了 和 与 及 之 在
_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,}")
_LETTERS = re.compile(r"[a-z]+(?:[ ']+[a-z]+)*")
_TWICE = re.compile(r"(.)一\1")  # 讲一讲: no word of another sound begins inside
_BLANKS = re.compile(r"[ ']+")


def repairs(text: str, sounds: Sounds) -> list[str]:
    """Normalised `text` with Chinese and pinyin read by their sound, the likeliest first: letters may be several words
    (zswt is 整数问题 and 植树问题). None when nothing sounds better."""
    found = (_repaired(text, sounds, place) for place in range(MOST if _LETTERS.search(text) else 1))
    return [some for some in dict.fromkeys(found) if some != text]


def _repaired(text: str, sounds: Sounds, place: int) -> str:
    latin = _LETTERS.sub(lambda match: _from_letters(match[0], sounds, place), text)
    several = len(latin.split()) > 1
    return _RUN.sub(lambda match: _from_characters(match[0], sounds, beside=several), latin)


def _from_letters(typed: str, sounds: Sounds, place: int) -> str:
    """What the letters may be, the likeliest at 0; the last where there are fewer."""
    letters = _BLANKS.sub("", typed)
    if not 2 < len(letters) <= MAX_LETTERS:
        return typed
    whole = sounds.spelled(letters)
    if whole:
        return whole[min(place, len(whole) - 1)].text
    words = _cover(letters, sounds)
    if words:
        return " ".join(words)
    if letters != typed and (some := _word_by_word(typed, sounds)):
        return some
    begun = sounds.begun(letters) if len(letters) < 12 else []
    return begun[min(place, len(begun) - 1)].text if begun else typed


def _word_by_word(typed: str, sounds: Sounds) -> str:
    """The words between blanks that sound like something; empty where others than particles are left."""
    found = []
    for letters in _BLANKS.split(typed):
        if whole := sounds.spelled(letters) if len(letters) > 2 else []:
            found.append(whole[0].text)
        elif words := _cover(letters, sounds):
            found += words
        elif letters not in PARTICLES:
            return ""
    return " ".join(found)


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


def _from_characters(run: str, sounds: Sounds, *, beside: bool) -> str:
    """`run` in words that sound the same, as few characters changed as can be; unknown stretches stay. `beside`: words
    were typed apart from it."""
    run_ = run[:MAX_RUN]
    keys = syllables(run_)
    if not keys:
        return run
    starts = _word_starts(run_)
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
            if not (start in starts and end in starts):
                continue  # half of a word means nothing by itself: 西游 of 西游记
            term = _nearest(piece, _alike(piece, keys[start:end], sounds, beside=beside and len(piece) == len(run_)))
            if term is not None:
                changed = sum(a != b for a, b in zip(piece, term.text, strict=True))
                _better(best, end, here[0] + 0.5 + 0.3 * changed, here[1] + term.text)
    found = best[-1]
    return (found[1] if found else run_) + run[MAX_RUN:]


def _word_starts(run: str) -> frozenset[int]:
    """Where words of the dictionary begin, and where the last ends; 讲一讲 is one."""
    inside = {place for twice in _TWICE.finditer(run) for place in range(twice.start() + 1, twice.end())}
    return frozenset(accumulate(map(len, cutter().words(run)), initial=0)) - inside


def _better(best: list[tuple[float, str] | None], end: int, cost: float, text: str) -> None:
    now = best[end]
    if now is None or cost < now[0]:
        best[end] = (cost, text)


def _alike(piece: str, key: Key, sounds: Sounds, *, beside: bool) -> list[Term]:
    """Terms that may be meant by `piece`. A word of the dictionary is meant as it is read (背影 is no 背景, though 景
    was once read ying), exactly (近视 is no 近似), and only for what is taught (福利 for 浮力, 史记 not for 实际): for
    no stage, grade or type (小雪 is no 小学), and for a subject only beside words that its works must have (地里 日本;
    滑雪 alone is no 化学)."""
    like, misread = sounds.like(key), sounds.misread(key)
    if (like or misread) and cutter().words(piece) == [piece]:
        return [term for term in like if (term.taught or (term.subject and beside)) and syllables(term.text) == key]
    return [*like, *misread]


def _nearest(piece: str, terms: list[Term]) -> Term | None:
    """The term with the most characters of `piece`; of those what is taught, then the weightiest."""
    same = [term for term in terms if len(term.text) == len(piece) and is_han(term.text)]
    changed = {term: sum(a != b for a, b in zip(piece, term.text, strict=True)) for term in same}
    return min(same, key=lambda term: (changed[term], not (term.taught or term.subject)), default=None)
