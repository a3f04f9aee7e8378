"""A question of a person, asked in steps (`steps`) until enough is found. Knows `Query` and `Page`, no engine: it is
passed in.

The first step that finds anything answers. Where it finds fewer than FEW, what the next steps find follows, told apart.
Where no step finds any of the words, those of them that find something alone are offered.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from search.engines.ahead import ahead, later
from search.engines.base import Hit, Page
from search.query import Query, only_counts
from search.understanding.chips import Understood, understand
from search.understanding.lexicon import Lexicon
from search.understanding.loosening import strict
from search.understanding.offering import single_words
from search.understanding.steps import MAX_ASKED, Asked, Filters, Found, Steps, Way, ways

FEW = 5  # hits below which the question is asked more loosely
MORE = 10  # hits of looser steps shown beside few exact ones

Search = Callable[[Query], Page]
Counts = Mapping[str, Sequence[tuple[str, int]]]
"""As `Page.facets`."""


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
    understood = understand(text, lexicon, plain=plain, own=wanted.own)
    steps = Steps(lexicon, wanted, plain, apart=elsewhere and bool(understood.text))
    if not understood.text:
        everything = steps.query("", understood)
        page = begin(partial(search, everything))
        return lambda: Answer(everything, steps.heard(page()), Way.BROWSE, understood, beside=steps.beside)
    heard = begin(partial(_asked, search, steps, understood))

    def answered() -> Answer:
        found = _together(steps, understood, heard())
        return _counted(search, steps, found) if steps.apart else found

    return answered


def _asked(search: Search, steps: Steps, understood: Understood) -> list[Found]:
    """What the steps found, as far as they are asked. May be the work of another thread: no table is read here, and
    nothing is worded for a person."""
    found: list[Found] = []
    for way, query, meant in ways(steps, understood, found):
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
    search: Search, steps: Steps, understood: Understood, filters: Filters, conditions: Iterable[str] = ()
) -> dict[str, int]:
    """Questions with one of the words, and how many each finds. conditions: the words in which `filters` were typed"""
    offers = {}
    for word in single_words(steps.query(understood.rest, understood), steps.lexicon):
        alone = strict(steps.query(word, understood))
        if total := search(replace(alone, filters=filters, facets=(), page=1, per_page=1)).total:
            offers[" ".join(dict.fromkeys([*conditions, word]))] = total
    return offers


def _counted(search: Search, steps: Steps, answer: Answer) -> Answer:
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


def _together(steps: Steps, understood: Understood, found: list[Found]) -> Answer:
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
