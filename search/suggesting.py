"""What may be meant while somebody types: by text, pinyin or initials. Titles of works that they may see, names of who
wrote them, and topics under which they would find one: nothing that is offered leads to an empty page, or tells of a
work that is not theirs to see."""

import logging
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.library import rules
from cms.library.models import Work
from cms.library.tokens import tokens_of
from cms.people.by_standing import ComposedByStanding
from cms.people.queries import Anybody
from search.engines import engine
from search.engines.base import Suggestion
from search.errors import SearchError
from search.models import Phrase
from search.normalise import normalise

MOST = 8
MOST_ASKED = 60  # of topics, authors and titles each that begin so: of these the database is asked who may see what
MOST_AUTHORS = 3  # where others begin so too
LEAST_LETTERS = 2  # of pinyin or initials, below which everything would match
MAX_TYPED = 60
LAST = "\U0010ffff"

log = logging.getLogger("gongjian.search")


def suggest(user: Anybody, typed: str, *, limit: int = MOST) -> list[str]:
    """Topics, authors and titles that go on from what was typed, best first, each once; then titles that hold it
    anywhere, which are left out while the index cannot answer."""
    text = normalise(typed[: MAX_TYPED * 4])[:MAX_TYPED].strip()
    if not text:
        return []
    found = _begun(user, text, limit)
    if len(found) < limit:
        held = _held(user, text, limit)
        seen = _seen(user, [int(one.id) for one in held])
        found += [one.text for one in held if int(one.id) in seen]  # the index may be a moment behind
    return list(dict.fromkeys(found))[:limit]


def _held(user: Anybody, text: str, limit: int) -> list[Suggestion]:
    try:
        return engine().suggest(text, tokens_of(user), limit=limit)
    except SearchError as error:
        log.warning("what titles hold is not suggested: %s", error)
        return []


def _begun(user: Anybody, text: str, limit: int) -> list[str]:
    """As they are shown, the best first."""
    wanted = begins("text", text)
    letters = "".join(text.split())
    if letters.isascii() and letters.isalnum() and len(letters) >= LEAST_LETTERS:
        wanted |= begins("pinyin", letters) | begins("initials", letters)
    best = Phrase.objects.filter(wanted).order_by("-weight", "text", "pk")
    columns = "weight", "text", "pk", "shown"
    # Apart: a province has more people than topics that begin so.
    topics = list(best.filter(work=None, author=None).values_list(*columns)[:MOST_ASKED])
    authors = list(best.filter(author__isnull=False).values_list(*columns)[:MOST_ASKED])
    asked = [pk for _weight, _text, pk, _shown in (*topics, *authors)]
    leading = {pk for (pk,) in _LEADING.rows(user, asked)} if asked else set()
    topics, authors = ([row for row in some if row[2] in leading] for some in (topics, authors))
    titles = _titles(user, best.filter(work__isnull=False).values_list(*columns, "work"), limit)
    found = sorted([*topics, *authors[:MOST_AUTHORS], *titles], key=lambda row: (-row[0], row[1], row[2]))
    return [shown for *_order, shown in found[:limit]]


def _titles(user: Anybody, best: "QuerySet[Any, Any]", limit: int) -> list[list[Any]]:
    """Of works that may be seen. The first are asked for by number, in a statement that was composed before; all, where
    too few of those may be seen."""
    first = list(best[:MOST_ASKED])
    seen = _seen(user, [work for *_row, work in first])
    found = [row for *row, work in first if work in seen]
    if len(found) < limit and len(first) == MOST_ASKED:
        found = [row for *row, _work in best.filter(work__in=_visible(user))[:limit]]
    return found[:limit]


def _seen(user: Anybody, works: Sequence[int]) -> set[int]:
    return {pk for (pk,) in _SEEN.rows(user, works)} if works else set()


def _leads(user: Anybody, keys: Sequence[int]) -> "QuerySet[Any, Any]":
    """Of these topics and authors, those under whom this person may see a work."""
    seen = _visible(user)
    chapters = Phrase.chapters.through.objects.filter(phrase=OuterRef(OuterRef("pk"))).values("chapter")
    points = Phrase.points.through.objects.filter(phrase=OuterRef(OuterRef("pk"))).values("knowledgepoint")
    found = (
        Exists(seen.filter(owner=OuterRef("author")))
        | Exists(seen.filter(subject=OuterRef("subject")))
        | Exists(seen.filter(chapter__in=chapters))
        | Exists(seen.filter(knowledge__in=points))
    )
    return Phrase.objects.filter(found, pk__in=keys).order_by().values_list("pk")


_LEADING = ComposedByStanding(_leads)
_SEEN = ComposedByStanding(lambda user, keys: _visible(user).filter(pk__in=keys).order_by().values_list("pk"))


def _visible(user: Anybody) -> "QuerySet[Work]":
    return Work.objects.filter(rules.as_q(user, "view"), live=True)


def begins(field: str, text: str) -> Q:
    """Rows whose `field` begins so, by the index of either database."""
    if connection.vendor == "sqlite":  # its LIKE reads every row; a range is read from the index, by code point
        return Q(**{f"{field}__gte": text, f"{field}__lt": text + LAST})
    return Q(**{f"{field}__startswith": text})
