"""The search page: box, understood filters as chips, facets with counts, results with why they match."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from search import suggesting
from search.documents import ABOUT, FILTERS_OF, About, about_of
from search.errors import SearchError
from search.finding import Result, begun
from search.indexing.queueing import seconds_behind
from search.page.addresses import PLAIN, tidied
from search.page.results import context_of
from search.query import MAX_WINDOW, Sort
from search.shelf import Shelf

VARY = {"Vary": "HX-Target"}  # a browser that goes back is not to take the results for the page

RESULTS = SafeString("<!-- results -->")
"""Where the results go. Nobody can write it: what people write is escaped."""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`q`, `about` (work, space, person), any facet (several values), `plain` (chips taken away), `sort`, `page`."""
    request.GET = tidied(request.GET)  # type: ignore[assignment]
    about = about_of(request.GET.get(ABOUT, ""))
    asked = asked_in(request, about)
    try:
        results = _begun(request, asked, about)
        if request.headers.get("HX-Target") == "search-results":
            return HttpResponse(results(), headers=VARY)
        frame = _frame(request, asked, about)  # while the question is with the engine
        return HttpResponse(frame.replace(RESULTS, results(), 1), headers=VARY)
    except SearchError:
        return render(request, "search/unavailable.html", {"q": asked["text"]}, status=503)


def _begun(request: HttpRequest, asked: dict[str, Any], about: About) -> Callable[[], SafeString]:
    """The engine is asked; what is returned waits for its answer, or raises SearchError, and draws it."""
    question = partial(begun, request.user, **asked, about=about, shelf=Shelf() if about is About.WORK else None)
    answered = question(page=page_number(request))

    def results() -> SafeString:
        behind = seconds_behind()
        result = answered()
        if last := _last_page(result):
            result = question(page=last)()
        return render_to_string("search/_results.html", context_of(result, asked["plain"], behind, request))

    return results


def _frame(request: HttpRequest, asked: dict[str, Any], about: About) -> SafeString:
    """The page around its results."""
    page = {"q": asked["text"], "about": about.value, "results": RESULTS}
    return render_to_string("search/search.html", page, request)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Titles and topics that go on from what was typed, which this visitor may see."""
    return JsonResponse({"items": suggesting.suggest(request.user, request.GET.get("q", ""))})


def asked_in(request: HttpRequest, about: About = About.WORK) -> dict[str, Any]:
    """The question of an address: what `find` and `explain` take, whatever stands there."""
    return {
        "text": request.GET.get("q", ""),
        "chosen": {name: request.GET.getlist(name) for name in FILTERS_OF[about] if name in request.GET},
        "plain": request.GET.getlist(PLAIN),
        "sort": request.GET.get("sort", Sort.RELEVANCE.value),
    }


def _last_page(result: Result) -> int:
    """The page to show where one behind the last was asked for; else 0."""
    pages = -(-min(result.total, MAX_WINDOW) // result.query.per_page)
    return pages if 0 < pages < result.query.page else 0


def page_number(request: HttpRequest) -> int:
    """A page from 1; whatever else was asked is the first."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
