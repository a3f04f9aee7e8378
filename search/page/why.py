"""The page that says why a hit stands where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cms.library.models import Work
from cms.library.queries import get_visible
from cms.organisations.models import Organisation
from cms.people import rules as people_rules
from cms.people.models import User
from cms.people.queries import Anybody
from cms.spaces import rules as space_rules
from cms.spaces.models import Space
from search.documents import ABOUT, About, about_of, people, spaces
from search.errors import SearchError
from search.explaining import FILES, Explanation, explain
from search.finding import Chip
from search.page.addresses import tidied
from search.page.cards import person_url
from search.page.results import SORTS
from search.page.views import asked_in
from search.query import Sort
from search.ranking import ADOPTIONS, BODY, BY_NAME, KEYWORDS, NEWNESS, SIGNALS, SUMMARY, TITLE, WHOLE, WORDS
from search.wording import answered_sentence, more_sentence

FIELD_NAMES = {BODY: gettext_lazy("正文"), FILES: gettext_lazy("文件")}
"""Told apart for whoever asks why; the table of signals has one row for both."""

Told = tuple[Any, Any]
"""What a signal is called, and what it says."""

BESIDE_WORKS: dict[About, dict[str, Told]] = {
    About.SPACE: {
        TITLE: (gettext_lazy("名称"), gettext_lazy("词语出现在名称里。")),
        KEYWORDS: (gettext_lazy("关键词"), gettext_lazy("词语出现在机构、学科或空间类型里。")),
        SUMMARY: (gettext_lazy("简介"), gettext_lazy("词语出现在简介里。")),
        WHOLE: (
            gettext_lazy("整句在名称里"),
            gettext_lazy("几个词连在一起，原样出现在名称里，相当于名称里多一个词。"),
        ),
        NEWNESS: (gettext_lazy("新旧"), gettext_lazy("今天建立的加 15%，三年前的加 7.5%，每三年减半。")),
    },
    About.PERSON: {
        TITLE: (gettext_lazy("姓名"), gettext_lazy("词语出现在姓名里。")),
        KEYWORDS: (gettext_lazy("关键词"), gettext_lazy("词语出现在姓名的写法、单位、学段、学科里。")),
        SUMMARY: (gettext_lazy("简介"), gettext_lazy("词语出现在个人空间的简介里。")),
        WHOLE: (
            gettext_lazy("整句在姓名里"),
            gettext_lazy("几个词连在一起，原样出现在姓名里，相当于姓名里多一个词。"),
        ),
    },
}
"""The signals of spaces and people, which have no body and are adopted by nobody; people are not newer or older."""

THIS = {
    About.WORK: gettext_lazy("这件作品"),
    About.SPACE: gettext_lazy("这个空间"),
    About.PERSON: gettext_lazy("这位同行"),
}


@dataclass(frozen=True)
class Thing:
    """What was found. `since`: from when its newness counts; None where it has none."""

    row: Work | Space | User
    title: str
    url: str
    since: datetime | None = None


@require_safe
def why(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same parameters as the search; 404 for what this person may not see, found or not."""
    request.GET = tidied(request.GET)  # type: ignore[assignment]
    about = about_of(request.GET.get(ABOUT, ""))
    thing = FIND[about](request.user, uuid)
    asked = asked_in(request, about)
    try:
        explanation = explain(request.user, thing.row, about=about, **asked)
    except SearchError:
        return render(request, "search/unavailable.html", {"q": asked["text"]}, status=503)
    signals = _signals(about)
    names = {**{name: label for name, (label, _says) in signals.items()}, **FIELD_NAMES}
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "search/why.html",
        {
            "thing": thing,
            "this": THIS[about],
            "about": about.value,
            "is_work": about is About.WORK,
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
            else answered_sentence(explanation.answer, explanation.read, explanation.chips, about),
            "conditions": _conditions((*explanation.read.held, *explanation.chips)),
            "words": [
                {
                    "word": word.word,
                    "points": word.points,
                    "share": f"{word.share:.0%}" if word.points else "",
                    "fields": [names[name] for name in word.fields],
                }
                for word in explanation.words
            ],
            "factors": _factors(explanation),
            # of a person whom no words have found there is nothing to reckon
            "scored": about is not About.PERSON or bool(explanation.words),
            "signals": [
                {"label": label, "says": says, "weight": _weight(name)} for name, (label, says) in signals.items()
            ],
            "title_name": names[TITLE],
            "whole_name": names[WHOLE],
        },
    )


def _work(user: Anybody, uuid: UUID) -> Thing:
    work = get_visible(user, uuid)
    return Thing(work, work.title, work.get_absolute_url(), work.last_published_at)


def _space(user: Anybody, uuid: UUID) -> Thing:
    space = get_object_or_404(spaces.live(), space_rules.as_q(user, "view"), uuid=uuid)
    return Thing(space, space.name, space.get_absolute_url(), space.created_at)


def _person(user: Anybody, uuid: UUID) -> Thing:
    person = get_object_or_404(people.with_what_is_told(people.live()), people_rules.as_q(user, "find"), uuid=uuid)
    return Thing(person, person.name, person_url(person))


FIND = {About.WORK: _work, About.SPACE: _space, About.PERSON: _person}
"""Raise Http404 where the visitor may not see it."""


def _signals(about: About) -> dict[str, Told]:
    """All that decides where such a thing stands, in the order of the table."""
    return BESIDE_WORKS.get(about) or {signal.name: (signal.label, signal.says) for signal in SIGNALS}


def _conditions(chips: Iterable[Chip]) -> list[str]:
    return list(dict.fromkeys(f"{chip.title}：{chip.label}" for chip in chips))


def _factors(explanation: Explanation) -> dict[str, Any]:
    """The parts of the score, and the facts they come from; with as many digits as whoever multiplies them needs."""
    if explanation.hit is None:
        return {}
    return {
        "words": explanation.hit.parts[WORDS],
        "adoptions": f"{explanation.hit.parts[ADOPTIONS]:.4f}",
        "spaces": explanation.adoptions,
        "newness": f"{explanation.hit.parts[NEWNESS]:.4f}",
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
