"""The steps in which a question is asked until enough is found. Knows `Query` and `Page`, no engine: it is passed in.

    1  the words, with the chips as filters; then without the words of chips that were taken away
    2  the chips' texts as words; last where nothing else was typed
    3  what sounds the same, when nothing was found so far; of letters the likeliest by all the steps that follow
    4  the words with fewer and fewer chips (see `relaxing`)
    5  what of the words names something that is taught, with the chips, with fewer, with none
    6  three quarters of the words, with the chips; all of the words with no chips
    7  one of several names, or of several things that were typed apart
    8  the chips alone; directly after 3 where the words say nothing (怎么办) or only when it is used (期末), and before
       the words with no chips where a subject is given up for what names nothing that is taught (英语动画)

The first step that finds anything answers. Where it finds fewer than FEW, what the next steps find follows, told apart.
Where no step finds any of the words, those of them that find something alone are offered.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property, partial
from itertools import chain

from search.engines.ahead import ahead, later
from search.engines.base import Hit, Page
from search.query import Query, Sort, Wording, bounded_query, only_counts, worded, wording
from search.understanding.chips import Chip, Understood, filters_of, understand
from search.understanding.lexicon import Lexicon
from search.understanding.loosening import most, one_of, quoted, says_nothing, strict, typed_apart
from search.understanding.naming import names_in
from search.understanding.offering import single_words
from search.understanding.relaxing import Chips, fewer, is_nursery, main_of
from search.understanding.repair import repairs
from search.understanding.words import OCCASIONS, UNSAID

FEW = 5  # hits below which the question is asked more loosely
MORE = 10  # hits of looser steps shown beside few exact ones
MAX_ASKED = 16  # questions to the engine for one question of a person

LETTER = re.compile("[a-z]")

Search = Callable[[Query], Page]
Filters = Mapping[str, tuple[str, ...]]
Counts = Mapping[str, Sequence[tuple[str, int]]]
"""As `Page.facets`."""


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
    only: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Answer:
    """query     the question that was answered, `page` its answer
    understood  of what was typed, or of what it sounds like where that was answered
    sounds_like what was answered instead, with all of it when `way` is SOUND; empty when nothing sounds better
    more        hits of looser steps, best first, none of them on `page`; `more_way` says of which, `more_filters` under
                which conditions all of them were found
    asked       questions put to the engine until it had answered
    counting    waits for what the facets count, where that was asked apart
    beside      value of the facet `Asked.beside` -> count in the first step that found any with it
    offers      where none of the words were found: question with one of them -> how many that finds
    """

    query: Query
    page: Page
    way: Way
    understood: Understood
    sounds_like: str = ""
    more: tuple[Hit, ...] = ()
    more_way: Way = Way.NOTHING
    more_filters: Filters = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    asked: int = 1
    beside: Mapping[str, int] = field(default_factory=dict)
    offers: Mapping[str, int] = field(default_factory=dict)
    counting: Callable[[], Page] | None = None

    @property
    def facets(self) -> Counts:
        """What the facets of `query` count; waits where that was asked apart."""
        return self._counted.facets

    @property
    def from_standby(self) -> bool:
        """An engine that may lack the newest has answered, or counted; waits as `facets` does."""
        return self.page.from_standby or self._counted.from_standby

    @property
    def _counted(self) -> Page:
        return self.page if self.counting is None else self.counting()


Found = tuple[Way, Query, Page, Understood]


@dataclass
class _Steps:
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


def answer(search: Search, text: str, lexicon: Lexicon, wanted: Asked, *, plain: Collection[str] = ()) -> Answer:
    """Ask `text` in steps. Raises whatever `search` raises."""
    return begun(search, text, lexicon, wanted, plain=plain)()


def begun(
    search: Search,
    text: str,
    lexicon: Lexicon,
    wanted: Asked,
    *,
    plain: Collection[str] = (),
    elsewhere: bool = False,
) -> Callable[[], Answer]:
    """The question is begun; what is returned hears its answer.

    elsewhere   the engine is in another process. It is asked ahead, and for hits and counts apart: steps that find
                nothing, and looser ones, are not counted, and what answers is counted while its hits are drawn
    """
    begin = ahead if elsewhere else later
    understood = understand(text, lexicon, plain=plain)
    steps = _Steps(lexicon, wanted, plain, apart=elsewhere and bool(understood.text))
    if not understood.text:
        everything = steps.query("", understood)
        page = begin(partial(search, everything))
        return lambda: Answer(everything, steps.heard(page()), Way.BROWSE, understood, beside=steps.beside)
    heard = begin(partial(_asked, search, steps, understood))

    def answered() -> Answer:
        found = _together(steps, understood, heard())
        return _counted(search, steps, found) if steps.apart else found

    return answered


def _asked(search: Search, steps: _Steps, understood: Understood) -> list[Found]:
    """What the steps found, as far as they are asked. May be the work of another thread: no table is read here, and
    nothing is worded for a person."""
    found: list[Found] = []
    for way, query, meant in _ways(steps, understood, found):
        page = steps.heard(search(query))
        if page.total:
            found.append((way, query, page, meant))
        if sum(one.total for _way, _query, one, _meant in found) >= FEW or steps.count >= MAX_ASKED:
            break
    if not found:
        steps.offers = _offered(search, steps, understood, steps.chosen)
    elif found[0][0] is Way.FACETS:
        held = _offered(search, steps, understood, found[0][1].filters, [chip.text for chip in understood.chips])
        steps.offers = held or _offered(search, steps, understood, steps.chosen)
    return found


def _offered(
    search: Search, steps: _Steps, understood: Understood, filters: Filters, conditions: Iterable[str] = ()
) -> dict[str, int]:
    """Questions with one of the words, and how many each finds. conditions: the words in which `filters` were typed"""
    offers = {}
    for word in single_words(steps.query(understood.rest, understood), steps.lexicon):
        alone = strict(steps.query(word, understood))
        if total := search(replace(alone, filters=filters, facets=(), page=1, per_page=1)).total:
            offers[" ".join(dict.fromkeys([*conditions, word]))] = total
    return offers


def _counted(search: Search, steps: _Steps, answer: Answer) -> Answer:
    """The answer with its counts on their way."""
    named = (name for name in steps.facets(answer.query.filters) if name != steps.wanted.beside)  # heard with the hits
    counting = only_counts(answer.query, named)
    if not counting.facets:
        return answer
    query = replace(answer.query, facets=counting.facets)
    if answer.way is Way.NOTHING:
        return replace(answer, query=query, page=replace(answer.page, facets=dict.fromkeys(counting.facets, ())))
    begin = ahead if answer.page.hits else later  # behind the last page nobody will want to narrow it
    return replace(answer, query=query, counting=begin(partial(search, counting)))


def _ways(steps: _Steps, understood: Understood, found: list[Found]) -> Iterable[tuple[Way, Query, Understood]]:
    """The steps, each only as far as somebody goes on asking; no question is put twice."""
    before: list[Query] = []
    for way, query, meant in chain(
        _literal(steps, understood), _sounding(steps, understood, found), _looser(steps, understood, found)
    ):
        if query not in before and (query.asks or not query.text):
            before.append(query)
            yield way, query, meant


def _literal(steps: _Steps, understood: Understood) -> Iterator[tuple[Way, Query, Understood]]:
    yield Way.EXACT, strict(steps.query(understood.rest, understood, understood.chips)), understood
    rest = _without_taken_away(steps, understood)
    if rest is not None:
        way = Way.MOST if rest else Way.FACETS
        yield way, strict(steps.query(rest, understood, understood.chips)), understood
    if understood.rest:
        yield _plain(steps, understood)


def _plain(steps: _Steps, understood: Understood) -> tuple[Way, Query, Understood]:
    return Way.PLAIN, strict(steps.query(understood.words, understood)), understood


def _without_taken_away(steps: _Steps, understood: Understood) -> str | None:
    """The words without those that were conditions until the person took them away; None where there are none, or no
    other condition. Nobody who gives up one condition means to lose the others for it."""
    chosen = any(name != steps.wanted.beside for name in steps.chosen)
    return understood.left if understood.chips or chosen else None


def _sounding(steps: _Steps, understood: Understood, found: list[Found]) -> Iterator[tuple[Way, Query, Understood]]:
    """Every reading with all of it. The likeliest of several things in letters is asked more loosely before the next:
    that no 分数 has a ppt makes fenshu ppt no 份数. One thing alone, such as zswt, may as well be the next."""
    for place, like in enumerate(() if found else sounding(understood, steps.lexicon)):
        if found:
            return
        meant = understand(like, steps.lexicon, plain=steps.plain)
        yield Way.SOUND, strict(steps.query(meant.rest, meant, meant.chips)), meant
        several = " " in understood.text and meant.rest
        if place == 0 and several and LETTER.search(understood.rest):
            yield from _sounding_looser(steps, understood, meant, found)


def _sounding_looser(
    steps: _Steps, understood: Understood, meant: Understood, found: list[Found]
) -> Iterator[tuple[Way, Query, Understood]]:
    """What the letters are read as, as if it had been typed; but letters that stand somewhere are what was meant."""
    if not found and understood.chips:
        yield Way.LOOSE, strict(steps.query(understood.rest, understood)), understood
    if not found:
        yield _plain(steps, meant)
        yield from _looser(steps, meant, found)


def _looser(steps: _Steps, understood: Understood, found: list[Found]) -> Iterator[tuple[Way, Query, Understood]]:
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
    steps: _Steps, understood: Understood, looser: Sequence[Chips], found: list[Found]
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
    steps: _Steps, understood: Understood, looser: Sequence[Chips], found: list[Found]
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
    steps: _Steps, understood: Understood, taught: Sequence[str]
) -> Iterator[tuple[Way, Query, Understood]]:
    """One of several names, or of several things that were typed apart."""
    several = len(taught) > 1
    pieces = taught if several else typed_apart(understood.beside_units, understood.text)
    for some in (understood.chips, main_of(understood.chips)):
        query = steps.query(quoted(taught) if several else understood.rest, understood, some)
        yield Way.ANY, one_of(query, pieces), understood


def sounding(understood: Understood, lexicon: Lexicon) -> list[str]:
    """The question with what was not understood read by its sound, the likeliest first; none where nothing sounds
    better."""
    conditions = dict.fromkeys(chip.text for chip in understood.chips)
    likes = repairs(understood.rest, lexicon.sounds)
    return [" ".join([*conditions, *like.replace('"', " ").split()]) for like in likes]


def _together(steps: _Steps, understood: Understood, found: list[Found]) -> Answer:
    if not found:
        query = steps.query(understood.rest, understood, understood.chips)
        empty = Page(facets=dict.fromkeys(query.facets, ()), from_standby=steps.from_standby)
        nothing = Answer(query, empty, Way.NOTHING, understood, asked=steps.count, beside=steps.beside)
        return replace(nothing, offers=steps.offers)
    way, query, page, meant = found[0]
    shown = {hit.id for hit in page.hits}
    more: list[Hit] = []
    more_way, conditions = Way.NOTHING, list[Filters]()
    for other, asked, looser, _meant in found[1:] if query.page == 1 else ():
        fresh = [hit for hit in looser.hits if hit.id not in shown]
        if fresh and len(more) < MORE:
            more_way = other if more_way is Way.NOTHING else more_way
            shown |= {hit.id for hit in fresh}
            more += fresh
            conditions.append(asked.filters)
    marks = tuple(dict.fromkeys(mark for _way, one, _page, _meant in found for mark in one.marks))
    return Answer(
        query,
        page,
        way,
        meant,
        sounds_like=meant.text if meant is not understood else "",
        more=tuple(more[:MORE]),
        more_way=more_way,
        more_filters=_common(conditions),
        marks=marks,
        asked=steps.count,
        beside=steps.beside,
        offers=steps.offers,
    )


def _common(conditions: Sequence[Filters]) -> Filters:
    """What all of these have."""
    first, *others = conditions or [{}]
    return {facet: values for facet, values in first.items() if all(values == other.get(facet) for other in others)}
