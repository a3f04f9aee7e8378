"""The work page of visitors who are not signed in, kept as bytes.

Whether the work is openly shared is asked of the database each time (one query), so a recall closes the page at once in
every process. What is kept is keyed by work, version, live revision and language: a new version has another key, and
nothing needs to be thrown away. What else stands on the page (number of adoptions, names) is at most KEEP seconds old.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from cms.library.models import Grant

KEEP = 300  # seconds
_MARK = secrets.token_hex(16).encode()
"""Stands for the nonce of the response in kept pages; unguessable, so no author can write it into a work. Keys name it:
processes that share a cache each keep their own pages."""


@dataclass(frozen=True)
class Open:
    """An openly shared work as the key needs it."""

    pk: int
    version: int
    live_revision: int | None
    live: bool


def openly_shared(uuid: UUID) -> Open | None:
    """The work when visitors may see it now, or might before it was retired (`live` False): one query."""
    row = Grant.objects.filter(organisation=None, work__uuid=uuid).values_list(
        "work_id", "work__version", "work__live_revision_id", "work__live"
    )[:1]
    return next((Open(*values) for values in row), None)


def plain_visit(request: HttpRequest) -> bool:
    """Nothing of this request may show on the page but its address: nobody signed in, no question, nothing to say."""
    if request.META.get("QUERY_STRING") or "messages" in request.COOKIES:
        return False
    if request.session.session_key is None:
        return True
    return not request.user.is_authenticated and not request.session.get("_messages")


def kept_page(request: HttpRequest, work: Open, render: Callable[[], HttpResponse]) -> HttpResponse:
    """The page from the cache, or rendered and kept; the nonce is of this response."""
    key = f"library.work:{_MARK.decode()[:8]}:{work.pk}:{work.version}:{work.live_revision}:{get_language()}"
    nonce = str(request.csp_nonce).encode()  # type: ignore[attr-defined]  # django-csp
    body = cache.get(key)
    if body is None:
        fresh = render()
        if fresh.status_code != 200:
            return fresh
        body = fresh.content.replace(nonce, _MARK)
        cache.set(key, body, KEEP)
    return HttpResponse(body.replace(_MARK, nonce))
