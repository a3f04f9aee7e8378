"""The tabs of the search page: the same words asked of works, spaces, people."""

from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import pgettext_lazy

from search.documents import ABOUT, FILTERS_OF, About
from search.finding import Result
from search.page.addresses import PLAIN

LABELS = {
    About.WORK: pgettext_lazy("tab", "作品"),
    About.SPACE: pgettext_lazy("tab", "空间"),
    About.PERSON: pgettext_lazy("tab", "同行"),
}


def tabs_of(result: Result, request: HttpRequest) -> list[dict[str, Any]]:
    """Each with its address and count (None: unknown). Conditions go along as far as they mean something there.
    None for visitors, who find works only."""
    if len(result.abouts) < 2:
        return []
    return [
        {
            "label": LABELS[about],
            "url": _address(about, request),
            "current": about is result.about,
            "count": result.total if about is result.about else count,
        }
        for about, count in result.abouts.items()
    ]


def _address(about: About, request: HttpRequest) -> str:
    kept = {"q", PLAIN, *FILTERS_OF[about]}
    held = {name: values for name, values in request.GET.lists() if name in kept}
    if about is not About.WORK:
        held[ABOUT] = [about.value]
    return f"?{urlencode(held, doseq=True)}"
