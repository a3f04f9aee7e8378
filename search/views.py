"""The search page: box, understood filters as chips, facets with counts, results with why they match."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cms.library.cards import cards_of
from cms.library.tokens import tokens_of
from search.documents import FILTERS
from search.engines import engine
from search.errors import SearchError
from search.finding import PER_PAGE, Chip, Facet, Found, find
from search.query import MAX_WINDOW, Sort
from search.wording import more_sentence, way_sentence

PLAIN = "plain"  # parameter: texts that were read as conditions and are words

SORTS = {
    Sort.RELEVANCE: gettext_lazy("最相关"),
    Sort.NEWEST: gettext_lazy("最新发布"),
    Sort.MOST_ADOPTED: gettext_lazy("选用最多"),
}


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """`q`, any facet (several values each), `plain` (chips taken away), `sort`, `page`."""
    text = request.GET.get("q", "")
    sort = request.GET.get("sort", Sort.RELEVANCE.value)
    chosen = {name: request.GET.getlist(name) for name in FILTERS if name in request.GET}
    plain = request.GET.getlist(PLAIN)
    try:
        result = find(request.user, text, chosen=chosen, plain=plain, sort=sort, page=page_number(request))
    except SearchError:
        return render(request, "search/unavailable.html", {"q": text}, status=503)
    return render(
        request,
        "search/_results.html" if request.headers.get("HX-Target") == "search-results" else "search/search.html",
        {
            "q": text,
            "result": result,
            "cards": _cards(result.items, request),
            "more": _cards(result.more, request),
            "more_title": more_sentence(result.answer),
            "chips": [_chip(chip, request) for chip in (*result.understood, *result.chips)],
            "facets": [_facet(facet) for facet in result.facets],
            "sorts": [(value, label, value == result.query.sort) for value, label in SORTS.items()],
            "page": Counted(min(result.total, MAX_WINDOW)).get_page(result.query.page),
            "relaxed": way_sentence(result.answer),
            "literally": [{"label": text, "url": _address(request, PLAIN, text, drop=True)} for text in plain if text],
        },
    )


@require_GET
def suggest(request: HttpRequest) -> JsonResponse:
    """Titles that go on from what was typed, which this visitor may see."""
    text = request.GET.get("q", "")[:100]
    try:
        found = engine().suggest(text, tokens_of(request.user)) if text.strip() else []
    except SearchError:
        found = []
    return JsonResponse({"items": [suggestion.text for suggestion in found]})


class Counted(Paginator[None]):
    """Page numbers for a total that is known; the rows come from the engine."""

    def __init__(self, total: int) -> None:
        super().__init__([], PER_PAGE)
        self.total = total

    @property
    def count(self) -> int:
        return self.total


def page_number(request: HttpRequest) -> int:
    """A page from 1; whatever else was asked is the first."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _cards(found: Sequence[Found], request: HttpRequest) -> list[dict[str, Any]]:
    cards = cards_of([one.work for one in found], request)
    for card, one in zip(cards, found, strict=True):
        card["why"] = one.excerpt
    return cards


def _chip(chip: Chip, request: HttpRequest) -> dict[str, Any]:
    """A chip and the address without it: what was read out of the words becomes words again."""
    without = _address(request, PLAIN, chip.text) if chip.text else _address(request, chip.name, chip.value, drop=True)
    return {"about": chip.title, "label": chip.label, "without": without}


def _address(request: HttpRequest, name: str, value: str, *, drop: bool = False) -> str:
    """This search with one more value of a parameter, or without it; from its first page on."""
    query = request.GET.copy()
    query.pop("page", None)
    others = [other for other in query.getlist(name) if other != value]
    query.setlist(name, others if drop else [*others, value])
    return f"?{query.urlencode()}"


def _facet(facet: Facet) -> dict[str, Any]:
    tiers = facet.name == "tier"
    return {
        "name": facet.name,
        "label": facet.title,
        "options": [
            {
                "value": value.value,
                "label": value.label,
                "count": value.count,
                "selected": value.chosen,
                **({"tier": value.value} if tiers else {}),
            }
            for value in facet.values
        ],
    }
