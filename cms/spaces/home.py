"""The home page: a visitor's, or put together for who signed in by the rooms that know something of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.library import visitor_page
from cms.library.cards import cards_of
from cms.library.models import Work
from cms.library.queries import for_cards
from cms.library.sections import gather
from cms.people.queries import standing
from cms.spaces import queries
from cms.taxonomy.choosing import grades_by_stage, subjects_by_stage
from cms.taxonomy.models import Stage

HOOK = "construct_home_page"
"""Answered with `(components, request)` for somebody who signed in. Places: `main`, `side`."""

NEWEST = 9  # three rows of three


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What to do next for who signed in; for a visitor the box, the curriculum and the newest open works."""
    if visitor_page.plain_visit(request):
        newest = queries.newest_open(NEWEST)
        name = "spaces.home:" + ",".join(f"{pk}.{version}" for pk, version in newest)
        return visitor_page.kept(request, name, lambda: _for_visitor(request, newest))
    if not request.user.is_authenticated:
        return _for_visitor(request, queries.newest_open(NEWEST))
    who = standing(request.user)
    context = {"sections": gather(HOOK, request), "is_author": who.is_author, **picker()}
    return render(request, "home/home.html", context)


def _for_visitor(request: HttpRequest, newest: list[tuple[int, int]]) -> HttpResponse:
    works = for_cards(Work.objects.filter(live=True)).in_bulk([pk for pk, _version in newest])
    cards = cards_of([works[pk] for pk, _version in newest if pk in works], request)
    return render(request, "home/visitor.html", {"cards": cards, **picker()})


def picker() -> dict[str, Any]:
    """The curriculum to begin a search with."""
    return {
        "stages": Stage.objects.filter(retired=False),
        "subjects": subjects_by_stage(),
        "grades": grades_by_stage(),
    }
