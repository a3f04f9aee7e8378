"""What a person searches, from the request's plain values to rows that may be shown."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ParamSpec

from django.utils.functional import cached_property  # Python's own holds a lock for all results while one waits

from cms.people.queries import Anybody, places_of, school_of
from search.curriculum import LEVELS, Filters, Node
from search.documents import ABOUT, CHIPS_OF, FACETS_OF, FILTERS_OF, About
from search.engines import engine
from search.engines.base import Page
from search.errors import SearchError
from search.permission import COLLEAGUES, MEMBERS, beside_works, tokens_of
from search.query import MAX_PLAIN, Query, Sort, bounded
from search.shelf import Shelf
from search.showing import Found, shown
from search.understanding.asking import Answer, Counts
from search.understanding.asking import begun as asking
from search.understanding.chips import understand
from search.understanding.steps import MAX_ASKED, Asked, Way
from search.vocabulary import GONE, TITLES, labels, lexicon, told_apart

log = logging.getLogger("gongjian.search")

P = ParamSpec("P")

PER_PAGE = 20
MOST_VALUES = 12  # of one facet shown


@dataclass(frozen=True)
class Value:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """`values` in the order of their counts, chosen ones first."""

    name: str
    title: str
    values: list[Value]


@dataclass(frozen=True)
class Chip:
    """One condition, as words: chosen by hand, or read out of what was typed.

    value  of the facet, when it was chosen
    text   what it was read from; it is taken away by asking again with `plain=<text>`
    values what it was read as, any of them
    """

    name: str
    title: str
    value: str
    label: str
    text: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Read:
    """What became of the conditions that were read out of the words.

    held      they hold in the answer
    wider     what holds in place of some of them: 学前 for 小班
    replaced  another value of theirs was chosen by hand
    given_up  the answer was found without them
    beside    what looser steps found was found without them
    """

    held: list[Chip]
    wider: list[Chip]
    replaced: list[Chip]
    given_up: list[Chip]
    beside: list[Chip]


@dataclass(frozen=True)
class Result:
    """The answer as a page shows it. `total` counts what this person may see.

    abouts   what this person can ask about, with how many there are by the same question; None where that is unknown
    more     what looser steps found, where the exact answer is short
    chips    what was chosen by hand
    read     what was read out of the words
    choices  waits for the counts, and gives `facets` and `tree`

    What was found is shown though nobody could count it: then `counted` is false, and there are no facets and no tree.
    """

    about: About
    abouts: dict[About, int | None]
    query: Query
    answer: Answer
    items: list[Found]
    more: list[Found]
    chips: list[Chip]
    read: Read
    choices: Callable[[], tuple[list[Facet], list[Node]]]

    @property
    def page(self) -> Page:
        return self.answer.page

    @property
    def facets(self) -> list[Facet]:
        return self._narrowing[0] if self._narrowing else []

    @property
    def tree(self) -> list[Node]:
        """The curriculum, where it was asked for; its levels are not among `facets` then."""
        return self._narrowing[1] if self._narrowing else []

    @property
    def counted(self) -> bool:
        """Whether the engine could say by what this can be narrowed; waits for it, as `facets` and `tree` do."""
        return self._narrowing is not None

    @cached_property
    def _narrowing(self) -> tuple[list[Facet], list[Node]] | None:
        try:
            return self.choices()
        except SearchError as error:
            log.error("what was found could not be counted: %s", error)
            return None

    @property
    def from_standby(self) -> bool:
        """Some of it is told by an engine that may lack the newest."""
        return self.answer.from_standby if self.counted else self.page.from_standby

    @property
    def understood(self) -> list[Chip]:
        """What was read out of the words and holds in the answer."""
        return self.read.held

    @property
    def total(self) -> int:
        """Without those of this page that the index has yet to hear are gone."""
        return self.answer.page.total - (len(self.answer.page.hits) - len(self.items))


def begun(
    user: Anybody,
    text: str,
    *,
    about: About = About.WORK,
    chosen: Mapping[str, Iterable[str]] | None = None,
    plain: Collection[str] = (),
    sort: str = "relevance",
    page: int = 1,
    per_page: int = PER_PAGE,
    facets: Iterable[str] | None = None,
    shelf: Shelf | None = None,
) -> Callable[[], Result]:
    """Permit first, search second: the person's tokens are part of the query, and the database is asked again.

    about   works, spaces or people
    plain   texts that are to be words, though they name the curriculum
    facets  to be counted; all that there are when left out
    shelf   the curriculum is wanted as a tree: of its levels only those that are shown are counted

    The question is on its way when this returns; what is returned waits for the answer, and raises
    search.errors.SearchError when the index cannot give one.
    """
    wanted, plain = known(chosen or {}, about), list(plain)[:MAX_PLAIN]
    abouts = _abouts(user)
    counted = facets if shelf is None else shelf.counted
    only_words = words_only(text, about, plain)
    sort = order_of(user, text, about, sort, [*plain, *only_words])
    asked = asked_for(user, wanted, about=about, sort=sort, page=page, per_page=per_page, facets=counted)
    one = engine()
    answered = asking(one.search, text, lexicon(), asked, plain=[*plain, *only_words], elsewhere=one.elsewhere)

    def result() -> Result:
        answer = answered()
        query = answer.query
        rows = shown(user, (*answer.page.hits, *answer.more), answer.marks or query.marks)
        return Result(
            about=about,
            # Another question is asked of things that words are no conditions for: rather no count than a wrong one.
            abouts={of: None if only_words and of is not about else _count(of, wanted, answer) for of in abouts},
            query=query,
            answer=answer,
            items=[rows[hit.id] for hit in answer.page.hits if hit.id in rows],
            more=[rows[hit.id] for hit in answer.more if hit.id in rows],
            chips=chosen_chips(wanted, query),
            read=read_chips(wanted, answer),
            choices=partial(_choices, answer, wanted, shelf),
        )

    return result


def _waited_for(begin: Callable[P, Callable[[], Result]]) -> Callable[P, Result]:
    return lambda *args, **kwargs: begin(*args, **kwargs)()


find = _waited_for(begun)
"""The same, and the answer at once."""


def known(chosen: Mapping[str, Iterable[str]], about: About = About.WORK) -> dict[str, list[str]]:
    """Of what was chosen, what a search can be narrowed by, as it is asked."""
    return {
        name: some for name, values in chosen.items() if name in FILTERS_OF[about] and (some := list(bounded(values)))
    }


def asked_for(
    user: Anybody,
    wanted: Mapping[str, list[str]],
    *,
    about: About = About.WORK,
    sort: str,
    page: int = 1,
    per_page: int = PER_PAGE,
    facets: Iterable[str] | Callable[[Filters], Iterable[str]] | None = (),
    only: str = "",
) -> Asked:
    """The question beside its words, under the permission of this person.

    facets   to be counted, or which they are under what holds; all that there are for None
    """
    named = facets if callable(facets) else tuple(FACETS_OF[about] if facets is None else facets)
    asked = Asked(wanted, named, tokens_of(user), sort, page, per_page, places_of(user), own_of(user), only)
    if about is About.WORK and not beside_works(user):
        return asked  # who can find nothing but works need not say so
    if about is not About.WORK and sort != Sort.NEAREST:
        sort = Sort.RELEVANCE.value  # nobody adopts a person
    return replace(asked, sort=sort, chosen={**wanted, ABOUT: [about.value]}, facets=_and_about(named), beside=ABOUT)


def own_of(user: Anybody) -> tuple[str, ...]:
    """The value of `organisation` for this person's 我们学校, if there is one."""
    school = school_of(user)
    return (str(school.pk),) if school else ()


def _and_about(facets: tuple[str, ...] | Callable[[Filters], Iterable[str]]) -> Callable[[Filters], Iterable[str]]:
    return lambda filters: (*(facets(filters) if callable(facets) else facets), ABOUT)


def order_of(user: Anybody, text: str, about: About, sort: str, plain: Collection[str]) -> str:
    """The order in which is asked: nothing is relevant to no words, and then spaces and people come by their place.
    Conditions are no words: 数学 finds the mathematicians of one's own school first.

    plain   texts that are words, though they could be conditions
    """
    if about is About.WORK or (text.strip() and understand(text, lexicon(), plain=plain, own=own_of(user)).rest):
        return sort
    return Sort.NEAREST.value


def words_only(text: str, about: About, plain: Collection[str]) -> list[str]:
    """What beside `plain` would be read as a condition that spaces or people do not have."""
    if about is About.WORK:
        return []
    chips = understand(text, lexicon(), plain=plain).chips
    return [chip.text for chip in chips if chip.facet not in CHIPS_OF[about]]


def _abouts(user: Anybody) -> list[About]:
    """What this person can find at all: the first is works."""
    carried = beside_works(user)
    return [
        About.WORK,
        *([About.SPACE] if MEMBERS in carried else []),
        *([About.PERSON] if COLLEAGUES in carried else []),
    ]


def _count(of: About, wanted: Mapping[str, Sequence[str]], answer: Answer) -> int | None:
    """How many of these the same question finds. That there are none is known only where every step was asked, and
    where the conditions mean something there."""
    if count := answer.beside.get(of.value):
        return count
    same = all(name in FILTERS_OF[of] for name in wanted)
    same &= all(chip.facet in CHIPS_OF[of] for chip in answer.understood.chips)
    everything = answer.way is Way.BROWSE or (answer.way is Way.NOTHING and answer.asked < MAX_ASKED)
    return 0 if same and everything else None


def _choices(
    answer: Answer, chosen: Mapping[str, Sequence[str]], shelf: Shelf | None
) -> tuple[list[Facet], list[Node]]:
    """By what the answer can be narrowed: facets, and the curriculum where there is a shelf for it."""
    counts = answer.facets
    if shelf is None:
        return _facets(answer.query, counts, chosen, ()), []
    levels = {name: dict(counts[name]) for name in (*LEVELS, "subject") if name in counts}
    held = {name: _held(name, answer.query, levels.get(name, {}), chosen) for name in LEVELS}
    tree = shelf.tree(answer.query.filters, levels, held)
    return _facets(answer.query, counts, chosen, LEVELS), tree


def _facets(
    query: Query, counted: Counts, chosen: Mapping[str, Sequence[str]], elsewhere: Collection[str]
) -> list[Facet]:
    found = []
    for name in query.facets:
        if name == ABOUT or name in elsewhere:
            continue
        counts = dict(counted.get(name, ()))
        held = _held(name, query, counts, chosen)
        some = [value for value, count in counts.items() if count][:MOST_VALUES]
        values = list(dict.fromkeys([*held, *some]))
        names = told_apart(name, values)
        shown = [Value(value, names[value], counts.get(value, 0), value in held) for value in values if value in names]
        if shown:
            found.append(Facet(name, str(TITLES[name]), shown))
    return found


def _held(name: str, query: Query, counts: Mapping[str, int], chosen: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The values of a facet that hold: those chosen by hand, or of what was read those that there are any of."""
    return chosen.get(name) or [value for value in query.filters.get(name, ()) if counts.get(value)]


def chosen_chips(chosen: Mapping[str, Sequence[str]], query: Query) -> list[Chip]:
    """What was chosen by hand. What an old address names and is no more narrows too, so it can be taken away too."""
    found = []
    for name in chosen:
        picked = query.filters.get(name, ())
        names = labels(name, picked) if picked else {}
        found += [Chip(name, str(TITLES[name]), value, names.get(value, str(GONE))) for value in picked]
    return found


def read_chips(chosen: Mapping[str, Sequence[str]], answer: Answer) -> Read:
    """What was read out of the words, told apart by what became of it."""
    read = [
        Chip(chip.facet, str(TITLES[chip.facet]), "", chip.text, chip.text, chip.values)
        for chip in answer.understood.chips
    ]
    free = [chip for chip in read if chip.name not in chosen]
    held = [chip for chip in free if _holds(chip, answer.query.filters)]
    return Read(
        held=held,
        wider=_wider(answer.query, {*chosen, *(chip.name for chip in held)}),
        replaced=[chip for chip in read if chip.name in chosen and not set(chip.values) & set(chosen[chip.name])],
        given_up=[chip for chip in free if not _holds(chip, answer.query.filters)],
        beside=[chip for chip in free if answer.more and not _holds(chip, answer.more_filters)],
    )


def _wider(query: Query, known: Collection[str]) -> list[Chip]:
    """Conditions of the answer that are none of the known. The same stage of another school system says no more."""
    found = []
    for name, values in query.filters.items():
        if name in TITLES and name not in known:
            names = labels(name, values)
            plain = dict.fromkeys(names[value].partition("（")[0] for value in values if value in names)
            found += [Chip(name, str(TITLES[name]), "", label) for label in plain]
    return found


def _holds(chip: Chip, filters: Filters) -> bool:
    return set(chip.values) <= set(filters.get(chip.name, ()))
