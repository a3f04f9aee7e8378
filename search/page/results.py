"""The results as their template shows them: tabs, chips, facets, orders, cards, each with its address."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from cms.library.cards import addresses
from cms.library.paging import Counted
from cms.people.queries import Anybody, places_of
from search.documents import FILTERS_OF, About
from search.finding import PER_PAGE, Chip, Result
from search.page.addresses import PLAIN, TEXT, again
from search.page.cards import cards_of
from search.page.choosing import chosen_so, cleared
from search.page.grouping import groups_of
from search.page.tabs import tabs_of
from search.query import MAX_WINDOW, Sort
from search.showing import Found
from search.understanding.steps import Way
from search.wording import freshness_sentence, more_sentence, uncounted_sentence, way_sentence

SORTS = {
    Sort.RELEVANCE: gettext_lazy("最相关"),
    Sort.NEWEST: gettext_lazy("最新发布"),
    Sort.MOST_ADOPTED: gettext_lazy("选用最多"),
    Sort.NEAREST: gettext_lazy("离我近的"),
}

BESIDE_WORKS = (Sort.RELEVANCE, Sort.NEAREST)
"""Of spaces and people."""


def context_of(result: Result, plain: Sequence[str], behind: float, request: HttpRequest) -> dict[str, Any]:
    """All that `search/_results.html` asks for.

    plain    texts that are only words, though they name the curriculum
    behind   seconds that the index was behind the database when it was asked
    """
    about = result.about
    chips = _chips(result, request)
    return {
        **csrf(request),
        "request": request,
        "user": request.user,
        "result": result,
        "about": about.value,
        "tabs": tabs_of(result, request),
        "allowed": about in result.abouts,
        "hits": _drawn(result.items, request),
        "more": _drawn(result.more, request),
        "more_title": more_sentence(result.answer, result.read),
        "chips": chips,
        "clear": cleared(request.GET, result.answer) if len(chips) > 1 else "",
        "replaced": _replaced(result, request),
        "given_up": _given_up(result),
        "kept": _kept(about, request),
        "meant": _meant(result, request),
        "offers": _offers(result, request),
        "save": _save(result, request),
        "sorts": _sorts(result, request),
        "page": Counted(min(result.total, MAX_WINDOW), PER_PAGE).get_page(result.query.page),
        "relaxed": way_sentence(result.answer, result.read, result.chips),
        "literally": _literally(plain, request),
        # Last: the counts may still be with the engine.
        "groups": groups_of(result, request),
        "uncounted": "" if result.counted else uncounted_sentence(),
        "freshness": freshness_sentence(result.from_standby, behind),
    }


def _save(result: Result, request: HttpRequest) -> SafeString:
    """The form that saves the search, for who can: drawn once, it stands beside the heading or below the list."""
    asks = bool(result.answer.understood.text or result.chips)
    if result.about is not About.WORK or not request.user.is_authenticated or not asks:
        return SafeString("")
    return render_to_string("search/_save.html", {**csrf(request), "request": request})


def sorts_for(user: Anybody) -> dict[Sort, Any]:
    """Orders that are offered; who is nowhere has nothing near."""
    return {value: label for value, label in SORTS.items() if value is not Sort.NEAREST or places_of(user)}


def _sorts(result: Result, request: HttpRequest) -> list[dict[str, Any]]:
    """Each with its address; the one in use has none. Spaces and people are adopted by nobody and as good when they are
    old; without words, or with conditions alone, there is one order of them, which is said."""
    offered = sorts_for(request.user)
    if result.about is not About.WORK:
        by_words = result.query.sort is Sort.RELEVANCE or result.answer.understood.rest
        offered = {sort: offered[sort] for sort in BESIDE_WORKS[0 if by_words else 1 :] if sort in offered}
    return [
        {"label": label, "url": "" if sort is result.query.sort else again(request.GET, sort=[sort.value])}
        for sort, label in offered.items()
    ]


def _drawn(found: Sequence[Found], request: HttpRequest) -> SafeString:
    return render_to_string("search/_hits.html", {"cards": _cards(found, request)}) if found else SafeString("")


def _cards(found: Sequence[Found], request: HttpRequest) -> list[dict[str, Any]]:
    """What is shown of each hit: its card, and where words have found it the address that says why it stands there."""
    why, asked = addresses("search:why"), again(request.GET)
    typed = bool(request.GET.get(TEXT, "").strip())
    return [
        {"card": card, "why": why(one.row.uuid) + asked if typed else ""}
        for card, one in zip(cards_of(found, request), found, strict=True)
    ]


def _chips(result: Result, request: HttpRequest) -> list[dict[str, Any]]:
    """What was read, then what was chosen, each with the address without it. What was read becomes words again; one
    text that was read as two conditions (三上) is one chip."""
    return [
        *(
            {"about": "·".join(titles), "label": text, "without": _with(request, PLAIN, text)}
            for text, titles in _titles(result.understood).items()
        ),
        *(
            {
                "about": chip.title,
                "label": chip.label,
                "without": chosen_so(request.GET, {chip.name: _others(request, chip.name, chip.value)}, result.answer),
            }
            for chip in result.chips
        ),
    ]


def _replaced(result: Result, request: HttpRequest) -> list[dict[str, Any]]:
    """What was typed as a condition while another was chosen by hand, each with the address under which it holds."""
    names: dict[str, list[str]] = {}
    for chip in result.read.replaced:
        names.setdefault(chip.text, []).append(chip.name)
    return [{"label": text, "url": again(request.GET, **dict.fromkeys(some, ()))} for text, some in names.items()]


def _given_up(result: Result) -> list[dict[str, str]]:
    """Conditions without which the answer was found; those that became words are said to be words."""
    lost = [] if result.answer.way is Way.PLAIN else result.read.given_up
    return [{"about": "·".join(titles), "label": text} for text, titles in _titles(lost).items()]


def _titles(chips: Sequence[Chip]) -> dict[str, list[str]]:
    """What was typed -> what it was read as."""
    found: dict[str, list[str]] = {}
    for chip in chips:
        found.setdefault(chip.text, []).append(chip.title)
    return found


def _kept(about: About, request: HttpRequest) -> list[tuple[str, str]]:
    """What the next question of the page's own box goes on with: the conditions chosen by hand, and the order. Texts
    that were taken away belong to the words that were typed."""
    names = (*FILTERS_OF[about], "sort")
    return [(name, value) for name in names for value in request.GET.getlist(name)]


def _literally(plain: Sequence[str], request: HttpRequest) -> list[dict[str, str]]:
    """Texts that are only words, each with the address that reads it as a condition again."""
    return [{"label": text, "url": _without(request, PLAIN, text)} for text in plain if text]


def _meant(result: Result, request: HttpRequest) -> dict[str, str]:
    """The question as it was answered, where it was answered by its sound; conditions go along."""
    text = result.answer.sounds_like
    return {"text": text, "url": again(request.GET, q=[text])} if text else {}


def _offers(result: Result, request: HttpRequest) -> list[dict[str, Any]]:
    """Questions with one of the words, where none of them were found."""
    return [
        {"text": text, "count": count, "url": again(request.GET, q=[text])}
        for text, count in result.answer.offers.items()
    ]


def _with(request: HttpRequest, name: str, value: str) -> str:
    return again(request.GET, **{name: [*_others(request, name, value), value]})


def _without(request: HttpRequest, name: str, value: str) -> str:
    return again(request.GET, **{name: _others(request, name, value)})


def _others(request: HttpRequest, name: str, value: str) -> list[str]:
    return [other for other in request.GET.getlist(name) if other != value]
