"""Mark in raw text what a query found in normalised text. Raw text in, safe HTML out. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape, unescape
from itertools import islice

from django.utils.safestring import SafeString

from search.analysis import HAN, is_han, runs
from search.normalise import normalise

MAX_RAW = 50_000  # characters in which a snippet is looked for
MOST_PIECES = 15_000  # of them that are normalised each by itself: a twentieth of a second
MARK = "<mark>"  # before each word that was found, and nowhere else in what is escaped
WIDTH = 120  # characters of a snippet
BEFORE = 30  # of them before the first match, at most
MOST_PLACES = 40  # of one word, among which the best stretch of a text is looked for
STOPS = "。！？；!?;"
NEVER_FIRST = " ，、：,:）)”’》」』】"  # signs that belong to what stands before them

# Characters that normalise one to one, whatever stands beside them.
_PLAIN = " -~·×÷—‘’“”\u3001-\u3029\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e"
_COMBINING = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
_ALL_PLAIN = re.compile(f"[{_PLAIN}]*")
_CLUSTER = re.compile(f"(?:[{_PLAIN}](?![{_COMBINING}]))+|[\\s\\S][{_COMBINING}]*")
_LATIN = re.compile(f"[^\\W_{HAN}]+")
_BETWEEN = r"[\W_]{%d,3}"  # what stands between the runs of one word (pH 值, pH-值); between Latin ones there is some
_MARKED = re.compile(f"{MARK}(.*?)</mark>", re.DOTALL)
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def highlight(raw: str, words: Iterable[str]) -> SafeString:
    """All of `raw`, escaped, every one of `words` (normalised) in <mark>."""
    return _html(raw, _united(_matches(raw, words)))


def stands(raw: str, words: Iterable[str]) -> bool:
    """Whether one of `words` (normalised) stands in `raw`."""
    text = normalise(raw)
    return any(True for word in words for _place in _places(word, text))


def snippet(raw: str, words: Iterable[str], *, width: int = WIDTH) -> SafeString:
    """About `width` characters of `raw` where most of the words stand together, or from the beginning; escaped and
    marked."""
    text = " ".join(raw[:MAX_RAW].split())
    found = _matches(text, words, most=MOST_PIECES)
    first = _fullest([(start, word) for start, _stop, word in found], width - _before(width))
    start = _start(text, first, width) if first is not None else 0
    end = min(start + width, len(text))
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in _united(found) if a < end and b > start]
    html = _html(text[start:end], inside)
    return SafeString(f"{'…' if start else ''}{html}{'…' if end < len(text) else ''}")


def lit(marked: str) -> int:
    """Characters of the longest stretch that is marked in what `highlight` or `snippet` made; 0 where none is."""
    return max((len(unescape(stretch)) for stretch in _MARKED.findall(marked)), default=0)


def fullest(text: str, words: Iterable[str], width: int) -> int | None:
    """Where the `width` characters of normalised `text` begin in which most of `words` stand, the first of such; None
    where none of them stands."""
    return _fullest(
        [(start, word) for word in words for start, _end in islice(_places(word, text), MOST_PLACES)], width
    )


def _fullest(places: Iterable[tuple[int, str]], width: int) -> int | None:
    """Of places of words the one from which on most different words stand within `width` characters."""
    rows = sorted(places)
    held: Counter[str] = Counter()
    low = here = most = 0
    best = None
    for begin, word in rows:
        here += not held[word]
        held[word] += 1
        while (left := rows[low])[0] + width <= begin:
            held[left[1]] -= 1
            here -= not held[left[1]]
            low += 1
        if here > most:
            best, most = rows[low][0], here
    return best


def _before(width: int) -> int:
    """Characters of a snippet that stand before what it is about, at most."""
    return min(BEFORE, width // 4)


def _start(text: str, first: int, width: int) -> int:
    """Where a snippet begins that shows the match at `first`: after the stop before it, when that is near."""
    if first <= BEFORE:
        return 0
    start = first - _before(width)
    stop = max(text.rfind(sign, start, first) for sign in STOPS)
    start = stop + 1 if stop >= 0 else start
    while start < first and text[start] in NEVER_FIRST:
        start += 1
    return start


def aligned(raw: str, *, most: int | None = None) -> tuple[str, list[int]]:
    """`raw` normalised, and for each of its characters (and the end) the place in `raw` where it comes from; only its
    beginning where it has more than `most` pieces that are normalised each by itself."""
    if _ALL_PLAIN.fullmatch(raw) and len(plain := normalise(raw)) == len(raw):
        return plain, list(range(len(raw) + 1))
    pieces: list[str] = []
    places: list[int] = []
    end = 0
    for cluster in islice(_CLUSTER.finditer(raw), most):
        end = cluster.end()
        start, piece = cluster.start(), cluster.group()
        plain = normalise(piece)
        if len(plain) == len(piece):
            places.extend(range(start, start + len(piece)))
        else:
            places.extend([start] * len(plain))
        pieces.append(plain)
    return "".join(pieces), [*places, end]


def _matches(raw: str, words: Iterable[str], *, most: int | None = None) -> list[tuple[int, int, str]]:
    """Where which of the words stand in `raw`."""
    known = [word for word in words if _pattern(word) is not None]
    if not known:
        return []
    text, places = aligned(raw, most=most)
    spans: list[tuple[int, int, str]] = []
    for word in known:
        for start, stop in _places(word, text):
            end = stop
            while end < len(text) and places[end] == places[end - 1]:
                end += 1  # half a character cannot be marked
            spans.append((places[start], places[end], word))
    return spans


def _places(word: str, text: str) -> Iterator[tuple[int, int]]:
    """Where `word` stands in normalised `text`: a Latin run for a whole word, a Chinese one for itself anywhere, as in
    the index."""
    pattern = _pattern(word)
    at = 0
    while pattern is not None and (found := pattern.search(text, at)) is not None:
        start, at = found.span()
        if not _in_a_run(text, start) and not _in_a_run(text, at):
            yield start, at
        else:
            run = _LATIN.match(text, start)
            at = run.end() if run is not None else start + 1


def _in_a_run(text: str, at: int) -> bool:
    """Whether a Latin run goes on here. Asked beside the pattern: written into it, each new word of a person would cost
    4 ms for the ranges of all that is Chinese."""
    run = _LATIN.match(text, at - 1, at + 1) if at else None
    return run is not None and run.end() > at


@lru_cache(maxsize=1000)
def _pattern(word: str) -> re.Pattern[str] | None:
    """The runs of the word one after the other; None where it has none."""
    written = ""
    before = False
    for run in runs(word):
        latin = run.isalnum() and not is_han(run)
        written += (_BETWEEN % (before and latin) if written else "") + re.escape(run)
        before = latin
    return re.compile(written) if written else None


def _united(spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """In their order, touching ones as one."""
    united: list[tuple[int, int]] = []
    for start, end, _word in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


def _html(raw: str, spans: Sequence[tuple[int, int]]) -> SafeString:
    parts: list[str] = []
    done = 0
    for start, end in spans:
        parts += [_safe(raw[done:start]), MARK, _safe(raw[start:end]), "</mark>"]
        done = end
    parts.append(_safe(raw[done:]))
    return SafeString("".join(parts))


def _safe(raw: str) -> str:
    return escape(raw if raw.isprintable() else _UNSHOWABLE.sub("", raw))
