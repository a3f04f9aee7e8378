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
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from cms.library.models import Work

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


_OPEN = """
    SELECT work.id, work.version, work.live_revision_id, work.live
    FROM library_grant AS open JOIN library_work AS work ON work.id = open.work_id
    WHERE open.organisation_id IS NULL AND work.uuid = %s
"""
"""Spelt out: for the ORM to put it together takes longer than the rest of the page."""


def openly_shared(uuid: UUID) -> Open | None:
    """The work when visitors may see it now, or might before it was retired (`live` False): one query."""
    asked = Work._meta.get_field("uuid").get_db_prep_value(uuid, connection)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [asked])
        row = cursor.fetchone()
    return Open(row[0], row[1], row[2], bool(row[3])) if row else None


def plain_visit(request: HttpRequest) -> bool:
    """Nothing of this request may show on the page but its address: nobody signed in, no question, nothing to say."""
    if request.META.get("QUERY_STRING") or "messages" in request.COOKIES:
        return False
    if request.session.session_key is None:
        return True
    return not request.user.is_authenticated and not request.session.get("_messages")


def kept_page(request: HttpRequest, work: Open, render: Callable[[], HttpResponse]) -> HttpResponse:
    """The work's page; a new version has another name."""
    return kept(request, f"library.work:{work.pk}:{work.version}:{work.live_revision}", render)


def kept(request: HttpRequest, name: str, render: Callable[[], HttpResponse]) -> HttpResponse:
    """A visitor's page from the cache by a name that changes with its content, or rendered and kept."""
    key = f"{name}:{_MARK.decode()[:8]}:{get_language()}"
    nonce = str(request.csp_nonce).encode()  # type: ignore[attr-defined]  # django-csp
    body = cache.get(key)
    if body is None:
        fresh = render()
        if fresh.status_code != 200:
            return fresh
        body = fresh.content.replace(nonce, _MARK)
        cache.set(key, body, KEEP)
    response = HttpResponse(body.replace(_MARK, nonce))
    patch_vary_headers(response, ["Cookie"])  # the language may be chosen: whoever keeps copies keeps one for each
    return response
