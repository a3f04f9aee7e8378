"""A work as a card: the same dict for list, grid, inbox and shelf. What higher rooms know (seal, adoptions) they add
for a whole list at once by the hook `decorate_work_cards(cards: dict[work pk, card], request)`, one query a room."""

from collections.abc import Iterable
from functools import reduce
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail import hooks

from cms.library.models import Work
from cms.library.models.work import address_of

Card = dict[str, Any]

FACETS = ("stage", "subject", "grade", "edition", "chapter")
"""Parts of the curriculum line, in its order; each is a search argument by id."""


class CardRow(NamedTuple):
    """What a card is made of, by column; ids and names are None where there is no such row."""

    pk: int
    uuid: UUID
    kind: str
    title: str
    cover: UUID | None
    author: str
    school: str
    school_short: str
    volume: str | None
    stage: int | None
    stage_name: str | None
    subject: int | None
    subject_name: str | None
    grade: int | None
    grade_name: str | None
    edition: int | None
    edition_name: str | None
    chapter: int | None
    chapter_name: str | None

    @property
    def url(self) -> str:
        return address_of(self.uuid)


COLUMNS = (
    *("pk", "uuid", "kind", "title", "cover__uuid", "owner__name", "organisation__name", "organisation__short_name"),
    *("textbook__volume", *(column for name in FACETS for column in (f"{name}_id", f"{name}__name"))),
)
"""In the order of CardRow."""


def row_of(work: Work) -> CardRow:
    """No query when the work came through `for_cards`."""
    return CardRow._make(reduce(_step, column.split("__"), work) for column in COLUMNS)


def _step(row: Any, name: str) -> Any:
    return None if row is None else getattr(row, name)


def curriculum_of(work: Work | CardRow) -> list[dict[str, Any]]:
    """Stage to chapter, each part a link into search."""
    row = work if isinstance(work, CardRow) else row_of(work)
    parts = []
    for name in FACETS:
        value, label = getattr(row, name), getattr(row, f"{name}_name")
        if value is None:
            continue
        if name == "grade" and row.volume is not None:
            label = f"{label}{row.volume}"  # 三年级上册
        parts.append({"label": label, "name": name, "value": value})
    return parts


def card_of(work: Work | CardRow) -> Card:
    """What the library itself knows."""
    row = work if isinstance(work, CardRow) else row_of(work)
    return {
        "title": row.title or _("未命名作品"),
        "url": row.url,
        "kind": row.kind,
        "curriculum": curriculum_of(row),
        "cover": f"/files/{row.cover}/" if row.cover is not None else "",
        "author": row.author,
        "school": row.school_short or row.school,
    }


def cards_of(works: Iterable[Work | CardRow], request: HttpRequest) -> list[Card]:
    """Cards in the order of the works, with what higher rooms add."""
    cards = {work.pk: card_of(work) for work in works}
    if cards:
        for decorate in hooks.get_hooks("decorate_work_cards"):
            decorate(cards, request)
    return list(cards.values())
