"""Rows of a result as cards of the look: works with what other rooms add, spaces and people with what they tell."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cms.library.cards import cards_of as work_cards
from cms.people.models import User
from cms.spaces.models import Space
from search.documents import people
from search.showing import Found

SLIP = 5  # characters

Card = dict[str, Any]


def cards_of(found: Sequence[Found], request: HttpRequest) -> list[Card]:
    """In the order of what was found, each with the words marked where they stand."""
    works = iter(work_cards([one.work for one in found if one.is_work], request))
    cards = [next(works) if one.is_work else card_of(one.row) for one in found]
    for card, one in zip(cards, found, strict=True):
        card["marked"], card["excerpt"] = one.title, one.excerpt
    return cards


def card_of(row: Any) -> Card:
    """A space or a person. No query when the row came through `search.showing`."""
    return space_card(row) if isinstance(row, Space) else person_card(row)


def space_card(space: Space) -> Card:
    return {
        "title": space.name,
        "url": space.get_absolute_url(),
        "kind": "space",
        "kind_label": space.get_kind_display(),
        "curriculum": _parts(subject=space.subject),
        "school": str(space.organisation or ""),
    }


def person_card(person: User) -> Card:
    taught = getattr(person, "teaching_profile", None)
    grades = list(taught.grades.all()) if taught is not None else []
    return {
        "title": person.name,
        "url": person_url(person),
        "kind": "person",
        "kind_label": _("同行"),
        "curriculum": _parts(
            stage=taught.stage if taught is not None else None,
            subject=taught.subject if taught is not None else None,
            grade=grades[0] if len(grades) == 1 else None,
        ),
        "slip": _slip(taught.subject if taught is not None else None, person),
        "school": str(people.place_of(person) or ""),
    }


def person_url(person: User) -> str:
    """The person's own space; while there is none that others may see, the works that bear the name."""
    own = people.space_of(person)
    return own.get_absolute_url() if own is not None else f"{reverse('search:search')}?{urlencode({'q': person.name})}"


def _slip(subject: Any, person: User) -> str:
    """What stands on the slip: the subject where it fits, else the name, else what the look makes of the kind."""
    fitting = [word for word in (subject.name if subject is not None else "", person.name) if 0 < len(word) <= SLIP]
    return fitting[0] if fitting else ""


def _parts(**rows: Any) -> list[dict[str, Any]]:
    return [{"label": row.name, "name": name, "value": row.pk} for name, row in rows.items() if row is not None]
