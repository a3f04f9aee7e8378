"""What a person searches, from the request's plain values to rows that may be shown."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from cms.library import rules
from cms.library.models import Work
from cms.library.queries import for_cards
from cms.library.tokens import tokens_of
from cms.people.queries import Anybody, places_of
from search.documents import FACETS, FILTERS
from search.documents import plain as plain_text
from search.engines import engine
from search.engines.base import Hit, Page
from search.highlight import highlight, snippet
from search.query import Query
from search.understanding.asking import Answer, Asked
from search.understanding.asking import answer as ask
from search.vocabulary import TITLES, labels, lexicon

PER_PAGE = 20
MOST_VALUES = 12  # of one facet shown
MAX_PLAIN = 12  # texts of chips taken away that are read


@dataclass(frozen=True)
class Found:
    """One row of the result: the work, its title with the words marked, and where they stand."""

    work: Work
    title: SafeString
    excerpt: SafeString
    score: float
    parts: Mapping[str, float]


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
    """

    name: str
    title: str
    value: str
    label: str
    text: str = ""


@dataclass(frozen=True)
class Result:
    """The answer as a page shows it. `total` counts what this person may see.

    more        what looser steps found, where the exact answer is short
    chips       what was chosen by hand
    understood  what was read out of the words and holds in the answer
    """

    query: Query
    answer: Answer
    items: list[Found]
    more: list[Found]
    facets: list[Facet]
    chips: list[Chip]
    understood: list[Chip]

    @property
    def page(self) -> Page:
        return self.answer.page

    @property
    def total(self) -> int:
        return self.answer.page.total


def find(
    user: Anybody,
    text: str,
    *,
    chosen: Mapping[str, Iterable[str]] | None = None,
    plain: Collection[str] = (),
    sort: str = "relevance",
    page: int = 1,
    per_page: int = PER_PAGE,
    facets: Iterable[str] = FACETS,
) -> Result:
    """Permit first, search second: the person's tokens are part of the query, and the database is asked again.

    plain  texts that are to be words, though they name the curriculum

    Raises  search.errors.SearchError when the index cannot answer
    """
    wanted = known(chosen or {})
    asked = asked_for(user, wanted, sort=sort, page=page, per_page=per_page, facets=facets)
    answer = ask(engine().search, text, lexicon(), asked, plain=list(plain)[:MAX_PLAIN])
    query = answer.query
    shown = _rows(user, (*answer.page.hits, *answer.more), answer.marks or query.marks)
    return Result(
        query=query,
        answer=answer,
        items=[shown[hit.id] for hit in answer.page.hits if hit.id in shown],
        more=[shown[hit.id] for hit in answer.more if hit.id in shown],
        facets=_facets(query, answer.page, wanted),
        chips=chosen_chips(wanted, query),
        understood=understood_chips(wanted, query, answer),
    )


def known(chosen: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Of what was chosen, what a search can be narrowed by."""
    return {
        name: some
        for name, values in chosen.items()
        if name in FILTERS and (some := [value for value in values if value])
    }


def asked_for(
    user: Anybody,
    wanted: Mapping[str, list[str]],
    *,
    sort: str,
    page: int = 1,
    per_page: int = PER_PAGE,
    facets: Iterable[str] = (),
    only: str = "",
) -> Asked:
    """The question beside its words, under the permission of this person."""
    return Asked(wanted, tuple(facets), tokens_of(user), sort, page, per_page, places_of(user), only)


def _rows(user: Anybody, hits: Sequence[Hit], marks: Sequence[str]) -> dict[str, Found]:
    visible = Work.objects.filter(rules.as_q(user, "view"))
    works = for_cards(visible, body=True).in_bulk([int(hit.id) for hit in hits])
    return {
        hit.id: Found(
            work=works[int(hit.id)],
            title=highlight(works[int(hit.id)].title, marks),
            excerpt=_excerpt(works[int(hit.id)], marks),
            score=hit.score,
            parts=hit.parts,
        )
        for hit in hits
        if int(hit.id) in works
    }


def _excerpt(work: Work, marks: Sequence[str]) -> SafeString:
    """From the summary when a word stands there (or nowhere), else from the body."""
    from_summary = snippet(work.summary, marks)
    if "<mark>" in from_summary or not marks:
        return from_summary
    from_body = snippet(plain_text(work.body), marks)
    return from_body if "<mark>" in from_body else from_summary


def _facets(query: Query, answer: Page, chosen: Mapping[str, Sequence[str]]) -> list[Facet]:
    found = []
    for name in query.facets:
        counts = dict(answer.facets.get(name, ()))
        picked = chosen.get(name, ())
        held = [value for value in query.filters.get(name, ()) if counts.get(value)]
        values = list(dict.fromkeys([*picked, *held, *list(counts)[:MOST_VALUES]]))
        names = labels(name, values)
        shown = [
            Value(value, names[value], counts.get(value, 0), value in picked) for value in values if value in names
        ]
        if shown:
            found.append(Facet(name, str(TITLES[name]), shown))
    return found


def chosen_chips(chosen: Mapping[str, Sequence[str]], query: Query) -> list[Chip]:
    """What was chosen by hand."""
    found = []
    for name in FILTERS:
        picked = query.filters.get(name, ()) if name in chosen else ()
        names = labels(name, picked) if picked else {}
        found += [Chip(name, str(TITLES[name]), value, names[value]) for value in picked if value in names]
    return found


def understood_chips(chosen: Mapping[str, Sequence[str]], query: Query, answer: Answer) -> list[Chip]:
    """What was read out of the words and holds in the answer."""
    return [
        Chip(chip.facet, str(TITLES[chip.facet]), "", chip.text, chip.text)
        for chip in answer.understood.chips
        if chip.facet not in chosen and set(chip.values) <= set(query.filters.get(chip.facet, ()))
    ]
