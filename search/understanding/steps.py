"""The steps in which a question is asked, the strictest first: which texts, under which conditions. Pure.

1  the words, with the chips as filters; then without the words of chips that were taken away
2  the chips' texts as words; last where nothing else was typed
3  what sounds the same, when nothing was found so far; of letters the likeliest by all the steps that follow
4  the words with fewer and fewer chips (see `relaxing`)
5  what of the words names something that is taught, with the chips, with fewer, with none
6  three quarters of the words, with the chips; all of the words with no chips
7  one of several names, or of several things that were typed apart
8  the chips alone; directly after 3 where the words say nothing (怎么办) or only when it is used (期末), and before
   the words with no chips where a subject is given up for what names nothing that is taught (英语动画)
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import chain

from search.engines.base import Page
from search.query import Query, Sort, Wording, bounded_query, worded, wording
from search.understanding.chips import Chip, Understood, filters_of, understand
from search.understanding.lexicon import Lexicon
from search.understanding.loosening import most, one_of, quoted, says_nothing, strict, typed_apart
from search.understanding.naming import names_in
from search.understanding.relaxing import Chips, fewer, is_nursery, main_of
from search.understanding.repair import repairs
from search.understanding.words import OCCASIONS, UNSAID

MAX_ASKED = 16  # questions to the engine for one question of a person

LETTER = re.compile("[a-z]")

Filters = Mapping[str, tuple[str, ...]]


class Way(StrEnum):
    """Which step answered."""

    BROWSE = "browse"  # nothing typed
    EXACT = "exact"
    PLAIN = "plain"  # chips as words
    SOUND = "sound"
    LOOSE = "loose"  # without some chips
    TOPIC = "topic"  # what is named among the words
    MOST = "most"
    ANY = "any"
    FACETS = "facets"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Asked:
    """Everything a person chose beside the words.

    beside   a facet whose counts are kept though its filter finds nothing: what else the same words would have found
    """

    chosen: Mapping[str, Iterable[str]] = field(default_factory=dict)
    facets: Iterable[str] | Callable[[Filters], Iterable[str]] = ()  # or which they are under what holds
    tokens: Collection[str] = ()
    sort: str = Sort.RELEVANCE
    page: int = 1
    per_page: int = 20
    places: Iterable[str] = ()
    own: tuple[str, ...] = ()  # see `understand`
    only: str = ""
    beside: str = ""


Found = tuple[Way, Query, Page, Understood]


@dataclass
class Steps:
    lexicon: Lexicon
    wanted: Asked
    plain: Collection[str] = ()
    apart: bool = False  # hits are asked without counts
    count: int = 0
    from_standby: bool = False  # for one of the steps
    beside: dict[str, int] = field(default_factory=dict)
    offers: dict[str, int] = field(default_factory=dict)
    said: dict[str, Wording] = field(default_factory=dict)  # by text: most steps ask the same with other chips

    def query(self, text: str, understood: Understood, chips: Iterable[Chip] = ()) -> Query:
        chosen = {**filters_of(chips), **self.chosen}
        if text not in self.said:
            self.said[text] = wording(text, self.lexicon.terms)
        return worded(
            self.base,
            self.said[text],
            others={**self.lexicon.synonyms, **understood.others} if understood.others else self.lexicon.synonyms,
            filters=chosen,
            facets=filter(None, [self.wanted.beside]) if self.apart else self.facets(chosen),
        )

    def facets(self, filters: Filters) -> Iterable[str]:
        """What is counted of a question under these filters."""
        named = self.wanted.facets
        return named(filters) if callable(named) else named

    @cached_property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """What a person chose by hand goes before what we read."""
        return {facet: some for facet, values in self.wanted.chosen.items() if (some := tuple(values))}

    @cached_property
    def base(self) -> Query:
        """What every step asks alike."""
        wanted = self.wanted
        return bounded_query(
            tokens=wanted.tokens,
            sort=wanted.sort,
            page=wanted.page,
            per_page=wanted.per_page,
            places=wanted.places,
            only=wanted.only,
        )

    def heard(self, page: Page) -> Page:
        self.count += 1
        self.from_standby |= page.from_standby
        for value, count in page.facets.get(self.wanted.beside, ()):
            if count:
                self.beside.setdefault(value, count)
        return page


def ways(steps: Steps, understood: Understood, found: list[Found]) -> Iterable[tuple[Way, Query, Understood]]:
    """The steps, each only as far as somebody goes on asking; no question is put twice."""
    before: list[Query] = []
    for way, query, meant in chain(
        _literal(steps, understood), _sounding(steps, understood, found), _looser(steps, understood, found)
    ):
        if query not in before and (query.asks or not query.text):
            before.append(query)
            yield way, query, meant


def _literal(steps: Steps, understood: Understood) -> Iterator[tuple[Way, Query, Understood]]:
    yield Way.EXACT, strict(steps.query(understood.rest, understood, understood.chips)), understood
    rest = _without_taken_away(steps, understood)
    if rest is not None:
        way = Way.MOST if rest else Way.FACETS
        yield way, strict(steps.query(rest, understood, understood.chips)), understood
    if understood.rest:
        yield _plain(steps, understood)


def _plain(steps: Steps, understood: Understood) -> tuple[Way, Query, Understood]:
    return Way.PLAIN, strict(steps.query(understood.words, understood)), understood


def _without_taken_away(steps: Steps, understood: Understood) -> str | None:
    """The words without those that were conditions until the person took them away; None where there are none, or no
    other condition. Nobody who gives up one condition means to lose the others for it."""
    chosen = any(name != steps.wanted.beside for name in steps.chosen)
    return understood.left if understood.chips or chosen else None


def _sounding(steps: Steps, understood: Understood, found: list[Found]) -> Iterator[tuple[Way, Query, Understood]]:
    """Every reading with all of it. The likeliest of several things in letters is asked more loosely before the next:
    that no 分数 has a ppt makes fenshu ppt no 份数. One thing alone, such as zswt, may as well be the next."""
    for place, like in enumerate(() if found else sounding(understood, steps.lexicon)):
        if found:
            return
        meant = understand(like, steps.lexicon, plain=steps.plain, own=steps.wanted.own)
        yield Way.SOUND, strict(steps.query(meant.rest, meant, meant.chips)), meant
        several = " " in understood.text and meant.rest
        if place == 0 and several and LETTER.search(understood.rest):
            yield from _sounding_looser(steps, understood, meant, found)


def _sounding_looser(
    steps: Steps, understood: Understood, meant: Understood, found: list[Found]
) -> Iterator[tuple[Way, Query, Understood]]:
    """What the letters are read as, as if it had been typed; but letters that stand somewhere are what was meant."""
    if not found and understood.chips:
        yield Way.LOOSE, strict(steps.query(understood.rest, understood)), understood
    if not found:
        yield _plain(steps, meant)
        yield from _looser(steps, meant, found)


def _looser(steps: Steps, understood: Understood, found: list[Found]) -> Iterator[tuple[Way, Query, Understood]]:
    if any(way is Way.SOUND or meant is not understood for way, _query, _page, meant in found):
        return  # what was typed was something else
    rest, chips = understood.rest, understood.chips
    looser = fewer(chips, steps.lexicon)
    for step in _fewer_words(steps, understood, looser, found) if rest else ():
        if chips and not found and steps.count >= MAX_ASKED - 1:
            break  # the last question is for the conditions
        yield step
    for some in (chips, *looser):
        if (some or understood.noise) and not found:
            yield Way.FACETS, steps.query("", understood, some), understood
    if not rest and (not found or set(main_of(chips)) != set(chips)):
        yield _plain(steps, understood)  # whoever wants 音乐课件 wants music before anything in which both words stand
    if rest and not found:
        yield Way.LOOSE, strict(steps.query(rest, understood)), understood


def _fewer_words(
    steps: Steps, understood: Understood, looser: Sequence[Chips], found: list[Found]
) -> Iterator[tuple[Way, Query, Understood]]:
    rest, chips = understood.rest, understood.chips
    names = tuple(name for name in names_in(understood.beside_units, steps.lexicon) if name not in UNSAID)
    everything = set(steps.query(rest, understood).words)  # which is asked anyway
    whole = tuple(name for name in names if name in steps.lexicon.names)  # no mere words of titles
    taught = tuple(name for name in whole if name in steps.lexicon.taught)
    weak = says_nothing(understood.beside_units, steps.lexicon)
    if weak and chips:
        yield from _conditions_alone(steps, understood, looser, found)
    # What another subject has, or an older child, is no answer unless it is what the words name.
    bound = any(chip.facet == "subject" for chip in chips) or is_nursery(chips, steps.lexicon)
    only_words = not chips and "".join(names) != "".join(rest.split())
    for some in (*looser, *(() if bound or weak else ((),))):
        yield Way.LOOSE, strict(steps.query(rest, understood, some)), understood
    # Beside an answer another subject is only noise; who asked for no subject wants more of what the words name.
    tried = (names, whole) if not chips or set(names) != everything else ()
    for together in dict.fromkeys(quoted(some) for some in tried if some and set(some) != everything):
        for some in (chips, *looser[:1], ()):
            if some or only_words or not (found or (bound and not whole)):
                yield Way.TOPIC, strict(steps.query(together, understood, some)), understood
    yield Way.MOST, most(steps.query(rest, understood, chips)), understood
    if not (found or weak or (bound and not taught)):  # 英语语法 is nothing of another subject's
        yield Way.LOOSE, strict(steps.query(rest, understood)), understood
    if len(taught) > 1 or not found:
        yield from _one_of_several(steps, understood, taught)


def _conditions_alone(
    steps: Steps, understood: Understood, looser: Sequence[Chips], found: list[Found]
) -> Iterator[tuple[Way, Query, Understood]]:
    """Where the words say nothing. A unit or an occasion says something of a work, if little: it is asked again before
    conditions are given up."""
    yield Way.FACETS, steps.query("", understood, understood.chips), understood
    if understood.others or any(occasion in understood.rest for occasion in OCCASIONS):
        return
    for some in looser:
        if not found:
            yield Way.FACETS, steps.query("", understood, some), understood


def _one_of_several(
    steps: Steps, understood: Understood, taught: Sequence[str]
) -> Iterator[tuple[Way, Query, Understood]]:
    """One of several names, or of several things that were typed apart."""
    several = len(taught) > 1
    pieces = taught if several else typed_apart(understood.beside_units, understood.text)
    for some in (understood.chips, main_of(understood.chips)):
        query = steps.query(quoted(taught) if several else understood.rest, understood, some)
        yield Way.ANY, one_of(query, pieces), understood


def sounding(understood: Understood, lexicon: Lexicon) -> list[str]:
    """The question with what was not understood read by its sound, the likeliest first; none where nothing sounds
    better. Conditions stand before it or behind it, as they were typed."""
    conditions = dict.fromkeys(chip.text for chip in understood.chips)
    at = understood.text.find(understood.rest.replace('"', " ").strip().partition(" ")[0])
    behind = [text for text in conditions if understood.text.find(text) > at >= 0]
    before = [text for text in conditions if text not in behind]
    likes = repairs(understood.rest, lexicon.sounds)
    return [" ".join([*before, *like.replace('"', " ").split(), *behind]) for like in likes]
