"""The search page: box, understood filters as chips, facets with counts, results with why they match."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cms.library.cards import addresses
from cms.people.queries import Anybody, places_of
from search import suggesting
from search.addresses import PLAIN, tidied
from search.cards import cards_of
from search.documents import ABOUT, FILTERS_OF, About, about_of
from search.errors import SearchError
from search.finding import PER_PAGE, Result, find
from search.grouping import groups_of
from search.indexing import seconds_behind
from search.query import MAX_WINDOW, Sort
from search.shelf import Shelf
from search.showing import Found
from search.tabs import tabs_of
from search.wording import freshness_sentence, more_sentence, way_sentence

SORTS = {
    Sort.RELEVANCE: gettext_lazy("最相关"),
    Sort.NEWEST: gettext_lazy("最新发布"),
    Sort.MOST_ADOPTED: gettext_lazy("选用最多"),
    Sort.NEAREST: gettext_lazy("离我近的"),
}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`q`, `about` (work, space, person), any facet (several values), `plain` (chips taken away), `sort`, `page`."""
    request.GET = tidied(request.GET)  # type: ignore[assignment]
    about = about_of(request.GET.get(ABOUT, ""))
    asked = asked_in(request, about)
    text = asked["text"]
    try:
        shelf = Shelf() if about is About.WORK else None
        result = find(request.user, **asked, about=about, page=page_number(request), shelf=shelf)
        if last := _last_page(result):
            result = find(request.user, **asked, about=about, page=last, shelf=shelf)
    except SearchError:
        return render(request, "search/unavailable.html", {"q": text}, status=503)
    return render(
        request,
        "search/_results.html" if request.headers.get("HX-Target") == "search-results" else "search/search.html",
        {
            "q": text,
            "result": result,
            "about": about.value,
            "tabs": tabs_of(result, request),
            "allowed": about in result.abouts,
            "cards": _cards(result.items, request),
            "more": _cards(result.more, request),
            "more_title": more_sentence(result.answer),
            "chips": _chips(result, request),
            "meant": _meant(result, request),
            "saveable": about is About.WORK
            and request.user.is_authenticated
            and bool(result.answer.understood.text or result.chips),
            "groups": groups_of(result, request),
            "sorts": [(value, label, value == result.query.sort) for value, label in sorts_for(request.user).items()]
            if about is About.WORK
            else [],
            "page": Counted(min(result.total, MAX_WINDOW)).get_page(result.query.page),
            "freshness": freshness_sentence(result.page.from_standby, seconds_behind),
            "relaxed": way_sentence(result.answer),
            "literally": _literally(asked["plain"], request),
        },
    )


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Titles and topics that go on from what was typed, which this visitor may see."""
    try:
        found = suggesting.suggest(request.user, request.GET.get("q", ""))
    except SearchError:
        found = []
    return JsonResponse({"items": found})


def asked_in(request: HttpRequest, about: About = About.WORK) -> dict[str, Any]:
    """The question of an address: what `find` and `explain` take, whatever stands there."""
    return {
        "text": request.GET.get("q", ""),
        "chosen": {name: request.GET.getlist(name) for name in FILTERS_OF[about] if name in request.GET},
        "plain": request.GET.getlist(PLAIN),
        "sort": request.GET.get("sort", Sort.RELEVANCE.value),
    }


def sorts_for(user: Anybody) -> dict[Sort, Any]:
    """Orders that are offered; who is nowhere has nothing near."""
    return {value: label for value, label in SORTS.items() if value is not Sort.NEAREST or places_of(user)}


def _last_page(result: Result) -> int:
    """The page to show where one behind the last was asked for; else 0."""
    pages = -(-min(result.total, MAX_WINDOW) // result.query.per_page)
    return pages if 0 < pages < result.query.page else 0


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
    """What is shown of each hit: its card, and of a work the address that says why it stands there."""
    query = request.GET.copy()
    query.pop("page", None)
    why, asked = addresses("search:why"), query.urlencode()
    return [
        {"card": card, "why": f"{why(one.work.uuid)}?{asked}" if one.is_work else ""}
        for card, one in zip(cards_of(found, request), found, strict=True)
    ]


def _chips(result: Result, request: HttpRequest) -> list[dict[str, Any]]:
    """What was read, then what was chosen, each with the address without it. What was read becomes words again; one
    text that was read as two conditions (三上) is one chip."""
    read: dict[str, list[str]] = {}
    for chip in result.understood:
        read.setdefault(chip.text, []).append(chip.title)
    return [
        *(
            {"about": "·".join(titles), "label": text, "without": _address(request, PLAIN, text)}
            for text, titles in read.items()
        ),
        *(
            {"about": chip.title, "label": chip.label, "without": _address(request, chip.name, chip.value, drop=True)}
            for chip in result.chips
        ),
    ]


def _literally(plain: Sequence[str], request: HttpRequest) -> list[dict[str, str]]:
    """Texts that are only words, each with the address that reads it as a condition again."""
    return [{"label": text, "url": _address(request, PLAIN, text, drop=True)} for text in plain if text]


def _meant(result: Result, request: HttpRequest) -> dict[str, str]:
    """The question as it was answered, where it was answered by its sound; conditions go along."""
    text = result.answer.sounds_like
    if not text:
        return {}
    query = request.GET.copy()
    query.pop("page", None)
    query["q"] = text
    return {"text": text, "url": f"?{query.urlencode()}"}


def _address(request: HttpRequest, name: str, value: str, *, drop: bool = False) -> str:
    """This search with one more value of a parameter, or without it; from its first page on."""
    query = request.GET.copy()
    query.pop("page", None)
    others = [other for other in query.getlist(name) if other != value]
    query.setlist(name, others if drop else [*others, value])
    return f"?{query.urlencode()}"
