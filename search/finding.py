"""What a person searches, from the request's plain values to rows that may be shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from cms.library import rules
from cms.library.models import Work
from cms.library.queries import for_cards
from cms.library.tokens import tokens_of
from cms.people.queries import Anybody
from search.documents import FACETS, FILTERS, plain
from search.engines import engine
from search.engines.base import Page
from search.highlight import highlight, snippet
from search.query import Query, parse
from search.vocabulary import TITLES, labels, terms

PER_PAGE = 20
MOST_VALUES = 12  # of one facet shown


@dataclass(frozen=True)
class Found:
    """One row of the result: the work, its title with the words marked, and where they stand."""

    work: Work
    title: SafeString
    excerpt: SafeString
    score: float


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
    """One chosen value, as words."""

    name: str
    title: str
    value: str
    label: str


@dataclass(frozen=True)
class Result:
    """The answer as a page shows it. `total` counts what this person may see."""

    query: Query
    page: Page
    items: list[Found]
    facets: list[Facet]
    chips: list[Chip]

    @property
    def total(self) -> int:
        return self.page.total


def find(
    user: Anybody,
    text: str,
    *,
    chosen: Mapping[str, Iterable[str]] | None = None,
    sort: str = "relevance",
    page: int = 1,
    per_page: int = PER_PAGE,
    facets: Iterable[str] = FACETS,
) -> Result:
    """Permit first, search second: the person's tokens are part of the query, and the database is asked again.

    Raises  search.errors.SearchError when the index cannot answer
    """
    wanted = {name: [value for value in values if value] for name, values in (chosen or {}).items() if name in FILTERS}
    query = parse(
        text,
        terms=terms(),
        filters=wanted,
        facets=facets,
        tokens=tokens_of(user),
        sort=sort,
        page=page,
        per_page=per_page,
    )
    answer = engine().search(query)
    return Result(query, answer, _rows(user, query, answer), _facets(query, answer), _chips(query))


def _rows(user: Anybody, query: Query, answer: Page) -> list[Found]:
    ids = [int(hit.id) for hit in answer.hits]
    visible = Work.objects.filter(rules.as_q(user, "view"))
    works = for_cards(visible).defer(None).in_bulk(ids)
    return [
        Found(
            work=works[int(hit.id)],
            title=highlight(works[int(hit.id)].title, query.marks),
            excerpt=_excerpt(works[int(hit.id)], query),
            score=hit.score,
        )
        for hit in answer.hits
        if int(hit.id) in works
    ]


def _excerpt(work: Work, query: Query) -> SafeString:
    """From the summary when a word stands there (or nowhere), else from the body."""
    from_summary = snippet(work.summary, query.marks)
    if "<mark>" in from_summary or not query.marks:
        return from_summary
    from_body = snippet(plain(work.body), query.marks)
    return from_body if "<mark>" in from_body else from_summary


def _facets(query: Query, answer: Page) -> list[Facet]:
    found = []
    for name in query.facets:
        counts = dict(answer.facets.get(name, ()))
        picked = query.filters.get(name, ())
        values = list(dict.fromkeys([*picked, *list(counts)[:MOST_VALUES]]))
        names = labels(name, values)
        shown = [
            Value(value, names[value], counts.get(value, 0), value in picked) for value in values if value in names
        ]
        if shown:
            found.append(Facet(name, str(TITLES[name]), shown))
    return found


def _chips(query: Query) -> list[Chip]:
    found = []
    for name in FILTERS:
        picked = query.filters.get(name, ())
        names = labels(name, picked) if picked else {}
        found += [Chip(name, str(TITLES[name]), value, names[value]) for value in picked if value in names]
    return found
