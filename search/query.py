"""What a person asks, as a value: parsed, bounded and harmless whatever was typed. Pure; no engine, no database."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from search.analysis import Cutter, cutter, is_han, phrase, runs
from search.inflection import forms
from search.normalise import as_typed, storable

MAX_TEXT = 200  # characters of a query that are read
MAX_WORDS = 12  # words (and their parts) asked of an engine
MAX_PER_PAGE = 100
MAX_WINDOW = 10_000  # hits that can be paged through; page is pulled back to the last one inside
MAX_FACETS = 20
MAX_VALUES = 50  # chosen values of one facet
MAX_VALUE = 200  # characters of one value
MAX_DIGITS = 18  # of a number of 64 bits, whichever they are
MAX_OTHERS = 6  # further spellings of one word
MAX_PLAIN = 12  # texts taken away that were read as conditions
MAX_PLACES = 6  # from the nearest outwards: as many tiers as there are, and one

PLACE = "place"  # the facet that holds the places of a document

MOST = 0.75  # of the words, rounded half up, at least one

# Words that connect and carry nothing; dropped unless nothing else was typed.
PARTICLES = frozenset("的了吗呢吧啊呀和与及或之")

# Characters that say nothing of the word they touch: 从出租车到水箱 is no word.
APART = frozenset(
    "从到在是有对把被用让给我你他她它要会能可想请来去上下做讲教学看听说写读画背唱玩不没就都也还很太这那哪每各之其以为于由向"
)
PREFIXES = frozenset("大小新老多超微非反再双单副总")  # 基于大单元
YEAR = 4  # digits: 2024真题 is no word

QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|「([^」]+)」|『([^』]+)』|《([^》]+)》')
_SIGN = re.compile(r"[\W_]+")
_WHOLE = re.compile(  # 5.4 of a chapter, 3.14, e-mail
    r"(?<![a-z0-9])(第\d+(?:\.\d+)+[章节课]|\d+(?:\.\d+)+|[a-z]+(?:-[a-z]+)+)(?![a-z0-9])"
)


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    MOST_ADOPTED = "most_adopted"
    NEAREST = "nearest"  # to Query.places; among equals by relevance, or the newest where no words were typed


class Step(StrEnum):
    """How far the question was relaxed before it found something."""

    BROWSE = "browse"  # nothing typed: everything the filters leave
    ALL = "all"
    MOST = "most"
    ANY = "any"
    NOTHING = "nothing"  # typed, and not found in any step


@dataclass(frozen=True)
class Ask:
    """One step of relaxing: at least `least` of `words` must be found, each as a phrase, in any of its spellings."""

    step: Step
    words: tuple[str, ...]
    least: int
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def spellings(self, word: str) -> tuple[str, ...]:
        """The word and what is found in its stead."""
        return (word, *self.others.get(word, ()))


@dataclass(frozen=True)
class Query:
    """One question to an engine. Make it with `parse`, which keeps every bound.

    text     what was typed, normalised and cut to MAX_TEXT
    words    what must be found, each word as a phrase; quoted text is one word
    parts    the same taken further apart, for relaxing and for marking
    loose    those of `parts` that are worth finding alone
    others   word or part -> what else is as good: synonyms, the same number in other numerals, other English forms
    filters  facet -> values: any of the values, for every facet
    facets   names of the facets to count
    tokens   permission tokens of who asks; a document is seen when it carries one of them
    per_page  hits of a page; none where only the facets are wanted
    places   values of the facet `place` from the nearest outwards, for Sort.NEAREST; without them it is RELEVANCE
    only     id of the one document of which everything is to be told; empty for a page of hits
    """

    text: str = ""
    words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    facets: tuple[str, ...] = ()
    tokens: frozenset[str] = frozenset()
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = 20
    places: tuple[str, ...] = ()
    only: str = ""

    @property
    def by_words(self) -> bool:
        """Whether words count in the score, where there are any."""
        return self.sort in (Sort.RELEVANCE, Sort.NEAREST)

    @property
    def offset(self) -> int:
        """Hits before this page."""
        return (self.page - 1) * self.per_page

    @cached_property
    def asks(self) -> tuple[Ask, ...]:
        """The steps to try in turn until one finds something; none when nothing that can be found was typed."""
        steps: list[Ask] = []
        if self.words:
            steps.append(self._ask(Step.ALL, self.words, len(self.words)))
        if self.parts:
            steps.append(self._ask(Step.MOST, self.parts, max(1, int(len(self.parts) * MOST + 0.5))))
        if self.loose:
            steps.append(self._ask(Step.ANY, self.loose, 1))
        different: dict[tuple[frozenset[str], int], Ask] = {}
        for ask in steps:
            different.setdefault((frozenset(ask.words), ask.least), ask)
        return tuple(different.values())

    def _ask(self, step: Step, words: tuple[str, ...], least: int) -> Ask:
        return Ask(step, words, least, {word: self.others[word] for word in words if word in self.others})

    @property
    def marks(self) -> tuple[str, ...]:
        """What to highlight in the hits; of words taken apart no mere character, which stands in any text."""
        apart = () if self.words else tuple(part for part in self.parts if len(part) > 1 or not is_han(part))
        words = (*self.words, *apart, *self.loose)
        return tuple(dict.fromkeys((*words, *(other for word in words for other in self.others.get(word, ())))))


@dataclass(frozen=True)
class Wording:
    """What a text says, as words. Fields as those of `Query`."""

    text: str = ""
    words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Word:
    text: str
    parts: tuple[str, ...]
    loose: tuple[str, ...]

    def with_before(self, crumb: str) -> "_Word":
        return _Word(crumb + self.text, (crumb, *self.parts), (crumb + self.text, *self.loose))

    def with_behind(self, crumb: str) -> "_Word":
        return _Word(self.text + crumb, (*self.parts, crumb), (self.text + crumb, *self.loose))


def parse(
    text: str,
    *,
    terms: Iterable[str] = (),
    others: Mapping[str, Sequence[str]] | None = None,
    filters: Mapping[str, Iterable[str]] | None = None,
    facets: Iterable[str] = (),
    tokens: Iterable[str] = (),
    sort: str = Sort.RELEVANCE,
    page: int = 1,
    per_page: int = 20,
    places: Iterable[str] = (),
    only: str = "",
) -> Query:
    """The query for what a person typed and chose. Never raises: what is too long, too deep or unknown is cut down.

    terms   normalised curriculum terms to be kept whole when cutting
    others  normalised word -> normalised spellings that are as good; those of other words are left out
    """
    return worded(
        bounded_query(tokens=tokens, sort=sort, page=page, per_page=per_page, places=places, only=only),
        wording(text, terms),
        others=others or {},
        filters=filters or {},
        facets=facets,
    )


def wording(text: str, terms: Iterable[str] = ()) -> Wording:
    """`text` cut into words."""
    clean = as_typed(text[: MAX_TEXT * 4])[:MAX_TEXT].strip()
    words = _words(clean, cutter(terms))
    return Wording(
        text=clean,
        words=tuple(word.text for word in words),
        parts=_once(part for word in words for part in word.parts),
        loose=_once(part for word in words for part in word.loose),
    )


def bounded_query(
    *, tokens: Iterable[str], sort: str, page: int, per_page: int, places: Iterable[str], only: str
) -> Query:
    """What is asked whatever the words are: who asks, in which order, for which page."""
    per_page = min(max(per_page, 1), MAX_PER_PAGE)
    near = tuple(dict.fromkeys(storable(place)[:MAX_VALUE] for place in places))[:MAX_PLACES]
    order = Sort(sort) if sort in set(Sort) else Sort.RELEVANCE
    return Query(
        tokens=frozenset(storable(token) for token in tokens),
        sort=Sort.RELEVANCE if order is Sort.NEAREST and not near else order,
        page=min(max(page, 1), MAX_WINDOW // per_page),
        per_page=per_page,
        places=near if order is Sort.NEAREST else (),
        only=storable(only),
    )


def worded(
    query: Query,
    said: Wording,
    *,
    others: Mapping[str, Sequence[str]],
    filters: Mapping[str, Iterable[str]],
    facets: Iterable[str],
) -> Query:
    """The same question with these words, under these filters."""
    return replace(
        query,
        text=said.text,
        words=said.words,
        parts=said.parts,
        loose=said.loose,
        others=_others((*said.words, *said.parts, *said.loose), others),
        filters=_filters(filters),
        facets=_named(facets),
    )


def only_counts(query: Query, facets: Iterable[str]) -> Query:
    """The same question, of which only these facets are wanted; in an order for which nothing need be scored."""
    return replace(query, facets=_named(facets), page=1, per_page=0, sort=Sort.NEWEST, places=())


def _named(facets: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(facets))[:MAX_FACETS]


def _once(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(parts))[:MAX_WORDS]


def _others(words: Iterable[str], known: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    found = {}
    for word in words:
        inflected = forms(word)
        some = (*known.get(word, ()), *inflected, *(other for form in inflected for other in known.get(form, ())))
        if some:
            found[word] = tuple(dict.fromkeys(some))[:MAX_OTHERS]
    return found


def is_id(value: str) -> bool:
    """Whether it can be the number of a row: an old address may hold anything, a database only so many digits."""
    return value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS


def bounded(values: Iterable[str]) -> tuple[str, ...]:
    """Chosen values of one facet as they are asked: each once, none empty, neither too many nor too long."""
    return tuple(dict.fromkeys(storable(value)[:MAX_VALUE] for value in values if value))[:MAX_VALUES]


def _filters(chosen: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    kept: dict[str, tuple[str, ...]] = {}
    for facet, values in list(chosen.items())[:MAX_FACETS]:
        some = bounded(values)
        if some:
            kept[storable(facet)[:MAX_VALUE]] = some
    return kept


def _words(text: str, cut: Cutter) -> list[_Word]:
    """The words of normalised `text` in their order, none twice, at most MAX_WORDS."""
    found: list[_Word] = []
    end = 0
    for quoted in QUOTED.finditer(text):
        found.extend(_read(text[end : quoted.start()], cut))
        inside = next(group for group in quoted.groups() if group is not None).strip()
        found.append(_Word(inside, (inside,), (inside,)))
        end = quoted.end()
    found.extend(_read(text[end:], cut))

    findable = {word.text: word for word in found if phrase(word.text).tokens}
    said = [word for word in findable.values() if _carries(word.text)]
    return (said or list(findable.values()))[:MAX_WORDS]


def _carries(word: str) -> bool:
    """Mathematical signs do, which an index holds: √2 is not 2."""
    return word not in PARTICLES and (not _SIGN.fullmatch(word) or any(unicodedata.category(s) == "Sm" for s in word))


def says_something(text: str, terms: Iterable[str]) -> bool:
    """Whether a word of normalised `text` is neither sign nor particle."""
    return any(phrase(word.text).tokens and _carries(word.text) for word in _words(text, cutter(terms)))


def _read(text: str, cut: Cutter) -> list[_Word]:
    """The words of a stretch without quotation marks; a number with points in it is one, as is a word with a hyphen."""
    found: list[_Word] = []
    for place, piece in enumerate(_WHOLE.split(text)):
        found += [_Word(piece, (piece,), (piece,))] if place % 2 else _cut(piece, cut)
    return found


def _cut(text: str, cut: Cutter) -> list[_Word]:
    """`text` as dictionary words. A character that is no word alone stays with what it touches: its neighbours (pH值,
    第3课, 高1, 王小明), or the word before it, or behind it where it begins one (学习单, 大单元, 9月份)."""
    found: list[_Word] = []
    crumbs: list[str] = []
    touches = False  # the last of `found` ends where the next begins
    for word in [*cut.words(text), ""]:
        han = is_han(word)
        if (han and len(word) == 1 and word not in PARTICLES) or (not han and word.isalnum()):
            crumbs.append(word)
            continue
        known = han and len(word) > 1
        before = ""
        if crumbs and known and _begins(crumbs[-1], alone=len(crumbs) == 1 and not touches):
            before = crumbs.pop()
        if crumbs:
            if touches and len(crumbs) == 1 and _ends(crumbs[0]):
                found[-1] = found[-1].with_behind(crumbs[0])
            else:
                found.append(_glued(crumbs))
            crumbs = []
        touches = known
        if known:
            parts = tuple(cut.parts(word))
            one = _Word(word, parts, parts)
            found.append(one.with_before(before) if before else one)
        elif word.strip():
            found.append(_Word(word, (word,), (word,)))
    return found


def _begins(crumb: str, *, alone: bool) -> bool:
    """Whether it belongs to the word behind it."""
    if not is_han(crumb):
        return crumb.isdecimal() and len(crumb) < YEAR
    return crumb in PREFIXES or (alone and crumb not in APART)


def _ends(crumb: str) -> bool:
    return is_han(crumb) and crumb not in APART


def _glued(crumbs: list[str]) -> _Word:
    """Neighbours as one word; its parts are Latin words and single characters, the latter too common alone."""
    whole = "".join(crumbs)
    parts = [part for run in runs(whole) for part in (run if is_han(run) else [run])]
    return _Word(whole, tuple(parts), (whole, *(part for part in parts if part.isascii() and not part.isdecimal())))
