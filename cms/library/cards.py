"""A work as a card: the same dict for list, grid, inbox and shelf. What higher rooms know (seal, adoptions) they add
for a whole list at once by the hook `decorate_work_cards(cards: dict[work pk, card], request)`, one query a room."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail import hooks

from cms.library.models import Work

Card = dict[str, Any]

FACETS = ("stage", "subject", "grade", "edition", "chapter")
"""Parts of the curriculum line, in its order; each is a search argument by id."""


def curriculum_of(work: Work) -> list[dict[str, Any]]:
    """Stage to chapter, each part a link into search. The work carries its curriculum rows (`for_cards`)."""
    parts = []
    for name in FACETS:
        row = getattr(work, name)
        if row is None:
            continue
        label = row.name
        if name == "grade" and work.textbook is not None:
            label = f"{label}{work.textbook.volume}"  # 三年级上册
        parts.append({"label": label, "name": name, "value": row.pk})
    return parts


def card_of(work: Work) -> Card:
    """What the library itself knows. No query when the work came through `for_cards`."""
    return {
        "title": work.title or _("未命名作品"),
        "url": work.get_absolute_url(),
        "kind": work.kind,
        "curriculum": curriculum_of(work),
        "cover": f"/files/{work.cover.uuid}/" if work.cover is not None else "",
        "author": work.owner.name,
        "school": str(work.organisation),
    }


def cards_of(works: Iterable[Work], request: HttpRequest) -> list[Card]:
    """Cards in the order of the works, with what higher rooms add."""
    cards = {work.pk: card_of(work) for work in works}
    if cards:
        for decorate in hooks.get_hooks("decorate_work_cards"):
            decorate(cards, request)
    return list(cards.values())
