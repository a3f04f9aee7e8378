"""The page that says why a hit stands where it stands."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cms.library.queries import get_visible
from cms.organisations.models import Organisation
from search.errors import SearchError
from search.explaining import FILES, Explanation, explain
from search.finding import Chip
from search.page.addresses import tidied
from search.page.results import SORTS
from search.page.views import asked_in
from search.query import Sort
from search.ranking import ADOPTIONS, BODY, BY_NAME, NEWNESS, SIGNALS, WORDS, Acts
from search.wording import answered_sentence, more_sentence

FIELD_NAMES = {**{signal.name: signal.label for signal in SIGNALS if signal.acts is Acts.FIELD}}
FIELD_NAMES |= {BODY: gettext_lazy("正文"), FILES: gettext_lazy("文件")}


@require_safe
def why(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same parameters as the search; 404 for a work that this person may not see, found or not."""
    work = get_visible(request.user, uuid)
    request.GET = tidied(request.GET)  # type: ignore[assignment]
    asked = asked_in(request)
    try:
        explanation = explain(request.user, work, **asked)
    except SearchError:
        return render(request, "search/unavailable.html", {"q": asked["text"]}, status=503)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "search/why.html",
        {
            "work": work,
            "q": explanation.answer.understood.text,
            "back": f"{reverse('search:search')}?{query.urlencode()}",
            "found": explanation.hit,
            "total": explanation.answer.page.total,
            "beside": more_sentence(explanation.answer, explanation.read) if explanation.beside else "",
            "sort": SORTS[explanation.query.sort],
            "by_score": explanation.query.by_words,
            "near": _near(explanation),
            "places_first": explanation.query.sort is Sort.NEAREST,
            "answered": ""
            if explanation.beside
            else answered_sentence(explanation.answer, explanation.read, explanation.chips),
            "conditions": _conditions((*explanation.read.held, *explanation.chips)),
            "words": [
                {
                    "word": word.word,
                    "points": word.points,
                    "share": f"{word.share:.0%}" if word.points else "",
                    "fields": [FIELD_NAMES[name] for name in word.fields],
                }
                for word in explanation.words
            ],
            "factors": _factors(explanation),
            "signals": [{"signal": signal, "weight": _weight(signal.name)} for signal in SIGNALS],
        },
    )


def _conditions(chips: Iterable[Chip]) -> list[str]:
    return list(dict.fromkeys(f"{chip.title}：{chip.label}" for chip in chips))


def _factors(explanation: Explanation) -> dict[str, Any]:
    """The parts of the score, and the facts they come from; with as many digits as whoever multiplies them needs."""
    if explanation.hit is None:
        return {}
    published: datetime | None = explanation.work.last_published_at
    return {
        "words": explanation.hit.parts[WORDS],
        "adoptions": f"{explanation.hit.parts[ADOPTIONS]:.4f}",
        "spaces": explanation.adoptions,
        "newness": f"{explanation.hit.parts[NEWNESS]:.4f}",
        "published": published,
    }


def _near(explanation: Explanation) -> str:
    """The nearest organisation that the person and the work share; nothing where none is, or it does not count."""
    hit = explanation.hit
    if hit is None or not hit.near:
        return ""
    path = explanation.query.places[hit.near - 1]
    return str(Organisation.objects.filter(path=path).first() or "")


def _weight(name: str) -> str:
    signal = BY_NAME[name]
    return f"+{signal.weight:.0%}" if name == NEWNESS else f"{signal.weight:g}"
