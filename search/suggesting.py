"""What may be meant while somebody types: by text, pinyin or initials; titles only of works that they may see."""

import logging

from django.db import connection
from django.db.models import Q, QuerySet

from cms.library import rules
from cms.library.models import Work
from cms.library.tokens import tokens_of
from cms.people.queries import Anybody
from search.engines import engine
from search.engines.base import Suggestion
from search.errors import SearchError
from search.models import Phrase
from search.normalise import normalise

MOST = 8
LEAST_LETTERS = 2  # of pinyin or initials, below which everything would match
MAX_TYPED = 60
LAST = "\U0010ffff"

log = logging.getLogger("gongjian.search")


def suggest(user: Anybody, typed: str, *, limit: int = MOST) -> list[str]:
    """Titles and topics that begin with what was typed, best first, each once; then titles that hold it anywhere, which
    are left out while the index cannot answer."""
    text = normalise(typed[: MAX_TYPED * 4])[:MAX_TYPED].strip()
    if not text:
        return []
    found = [phrase.shown for phrase in _begun(user, text)[:limit]]
    if len(found) < limit:
        held = _held(user, text, limit)
        seen = set(_visible(user).filter(pk__in=[int(one.id) for one in held]).values_list("pk", flat=True))
        found += [one.text for one in held if int(one.id) in seen]  # the index may be a moment behind
    return list(dict.fromkeys(found))[:limit]


def _held(user: Anybody, text: str, limit: int) -> list[Suggestion]:
    try:
        return engine().suggest(text, tokens_of(user), limit=limit)
    except SearchError as error:
        log.warning("what titles hold is not suggested: %s", error)
        return []


def _begun(user: Anybody, text: str) -> "QuerySet[Phrase]":
    wanted = begins("text", text)
    letters = "".join(text.split())
    if letters.isascii() and letters.isalnum() and len(letters) >= LEAST_LETTERS:
        wanted |= begins("pinyin", letters) | begins("initials", letters)
    seen = Q(work=None) | Q(work__in=_visible(user))
    return Phrase.objects.filter(wanted).filter(seen).order_by("-weight", "text", "pk")


def _visible(user: Anybody) -> "QuerySet[Work]":
    return Work.objects.filter(rules.as_q(user, "view"), live=True)


def begins(field: str, text: str) -> Q:
    """Rows whose `field` begins so, by the index of either database."""
    if connection.vendor == "sqlite":  # its LIKE reads every row; a range is read from the index, by code point
        return Q(**{f"{field}__gte": text, f"{field}__lt": text + LAST})
    return Q(**{f"{field}__startswith": text})
