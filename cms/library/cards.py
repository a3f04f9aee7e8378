"""A work as a card: the same dict for list, grid, inbox and shelf. What higher rooms know (seal, adoptions) they add
for a whole list at once by the hook `decorate_work_cards(cards: dict[work pk, card], request)`, one query a room."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, reduce
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from cms.library.models import Work
from cms.library.models.work import address_of

Card = dict[str, Any]

FACETS = ("stage", "subject", "grade", "edition", "chapter")
"""Parts of the curriculum line, in its order; each is a search argument by id."""

_ANY = UUID(int=0)  # nobody's


class Line(NamedTuple):
    """Where a work stands in the curriculum, by column; ids and names are None where there is no such row."""

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
    def parts(self) -> list[dict[str, Any]]:
        """Stage to chapter, each a link into search."""
        found = []
        for name in FACETS:
            value, label = getattr(self, name), getattr(self, f"{name}_name")
            if value is None:
                continue
            if name == "grade" and self.volume is not None:
                label = f"{label}{self.volume}"  # 三年级上册
            found.append({"label": label, "name": name, "value": value})
        return found


class CardRow(NamedTuple):
    """What a card is made of, by column."""

    pk: int
    uuid: UUID
    kind: str
    title: str
    cover: UUID | None
    author: str
    school: str
    school_short: str
    line: Line

    @property
    def url(self) -> str:
        return address_of(self.uuid)


LINE = ("textbook__volume", *(column for name in FACETS for column in (f"{name}_id", f"{name}__name")))
OWN = ("pk", "uuid", "kind", "title", "cover__uuid", "owner__name", "organisation__name", "organisation__short_name")
COLUMNS = (*OWN, *LINE)
"""In the order of Line, and of CardRow."""


def row_from(values: Sequence[Any]) -> CardRow:
    """Of the values of COLUMNS."""
    return CardRow._make((*values[: len(OWN)], Line._make(values[len(OWN) :])))


def curriculum_of(work: Work) -> list[dict[str, Any]]:
    """The curriculum line of a work in hand. No query when it came with its curriculum rows."""
    return Line._make(_read(work, LINE)).parts


def _read(work: Work, columns: Iterable[str]) -> list[Any]:
    return [reduce(_step, column.split("__"), work) for column in columns]


def _step(row: Any, name: str) -> Any:
    return None if row is None else getattr(row, name)


def card_of(work: Work | CardRow) -> Card:
    """What the library itself knows. No query when the work came through `for_cards`."""
    row = work if isinstance(work, CardRow) else row_from(_read(work, COLUMNS))
    return {
        "title": row.title or _("未命名作品"),
        "url": row.url,
        "kind": row.kind,
        "curriculum": row.line.parts,
        "cover": f"/files/{row.cover}/" if row.cover is not None else "",
        "author": row.author,
        "school": row.school_short or row.school,
    }


def addresses(name: str) -> Callable[[UUID], str]:
    """As `reverse(name, args=[uuid])`, for each of many: composing an address costs as much as asking the database."""
    composed = _composed(name, get_urlconf(), get_script_prefix())
    return lambda uuid: composed.replace(str(_ANY), str(uuid), 1)


@lru_cache(maxsize=100)
def _composed(name: str, _urlconf: str | None, _prefix: str) -> str:
    """The same for every page under this tree of addresses."""
    return reverse(name, args=[_ANY])


def cards_of(works: Iterable[Work | CardRow], request: HttpRequest) -> list[Card]:
    """Cards in the order of the works, with what higher rooms add."""
    cards = {work.pk: card_of(work) for work in works}
    if cards:
        for decorate in hooks.get_hooks("decorate_work_cards"):
            decorate(cards, request)
    return list(cards.values())
