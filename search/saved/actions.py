"""Saved searches: what a person asks again and again. Only they see and change them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.library.drawn import drawn
from cms.people.models import User
from cms.taxonomy.models import Tag
from search.analysis import runs
from search.documents import FILTERS
from search.errors import NoLongerSaved, NoName, NothingToSave, TooManySaved
from search.models import SavedSearch
from search.normalise import normalise, storable
from search.query import MAX_FACETS, MAX_TEXT, MAX_VALUE, MAX_VALUES, Sort
from search.saved.following import unfollow_search
from search.vocabulary import GONE, labels

MOST_SAVED = 50
MAX_NAME = 60
BETWEEN = " · "
ORDERS = frozenset(Sort) - {Sort.RELEVANCE}
"""Those that have to be said."""


def saved_by(user: User) -> "QuerySet[SavedSearch]":
    """The newest first."""
    return SavedSearch.objects.filter(user=user)


Facts = dict[str, Any]
"""A search as a session keeps it: plain values, from which it can be made again as it was."""


def already_saved(
    user: User, text: str, *, chosen: Mapping[str, Iterable[str]], plain: Iterable[str] = ()
) -> SavedSearch | None:
    """The search that asks the same, in whatever order."""
    return _held(user, *_question(text, chosen, plain))


def _held(user: User, *question: Any) -> SavedSearch | None:
    return next((held for held in saved_by(user) if (held.text, held.chosen, held.plain) == question), None)


def _question(
    text: str, chosen: Mapping[str, Iterable[str]], plain: Iterable[str]
) -> tuple[str, dict[str, list[str]], list[str]]:
    """Words, conditions and plain texts as they are kept: what asks the same is the same."""
    typed = storable(" ".join(text.split()))[:MAX_TEXT]
    every = {facet: _cleaned(some) for facet, some in list(chosen.items())[:MAX_FACETS] if facet in FILTERS}
    kept = {facet: values for facet, values in every.items() if values}
    return typed, kept, sorted({storable(word)[:MAX_TEXT] for word in plain if word})[:MAX_FACETS]


class Told(NamedTuple):
    """A search in words."""

    conditions: list[str]
    """What it is narrowed to."""
    leads_nowhere: bool
    """Nothing can meet it: all the values of a condition are gone, as a tag is that was renamed."""


def told(searches: Sequence[SavedSearch]) -> list[Told]:
    """Each of them; a query a facet and one for tags, however many searches there are."""
    named = _named(searches)
    there = named | _tags_there(named)
    return [
        Told(
            [named[facet].get(value, str(GONE)) for facet in FILTERS for value in search.chosen.get(facet, ())]
            + [_("“%(text)s”只当词语") % {"text": text} for text in search.plain],
            any(facet in there and not set(some) & there[facet].keys() for facet, some in search.chosen.items()),
        )
        for search in searches
    ]


def _named(searches: Iterable[SavedSearch]) -> dict[str, dict[str, str]]:
    """Facet -> value -> what people read, of all that they are narrowed to."""
    values: dict[str, set[str]] = {}
    for search in searches:
        for facet, chosen in search.chosen.items():
            values.setdefault(facet, set()).update(chosen)
    return {facet: labels(facet, sorted(some)) for facet, some in values.items() if facet in FILTERS}


def _tags_there(named: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """`labels` takes tags as they are written: these are the ones that there still are."""
    if "tag" not in named:
        return {}
    return {"tag": {name: name for name in Tag.objects.filter(name__in=named["tag"]).values_list("name", flat=True)}}


@transaction.atomic
def save_search(
    user: User,
    text: str,
    *,
    chosen: Mapping[str, Iterable[str]],
    plain: Iterable[str] = (),
    sort: str = "",
    name: str = "",
) -> SavedSearch:
    """The search stands in the person's list; one that stands there already is not put there twice, and has the order
    that was asked last.

    Raises  NothingToSave, TooManySaved
    """
    typed, kept, words = _question(text, chosen, plain)
    order = sort if sort in ORDERS else ""
    if not kept and not runs(normalise(typed)):
        raise NothingToSave
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two clicks at once count one after the other
    if held := _held(user, typed, kept, words):
        held.sort = order
        held.save(update_fields=["sort"])
        return held
    _require_room(user)
    search = SavedSearch(user=user, text=typed, chosen=kept, plain=words, sort=order)
    search.name = _title(name) or typed[:MAX_NAME] or in_words(told([search])[0].conditions)
    search.save()
    return search


def _require_room(user: User) -> None:
    if saved_by(user).count() >= MOST_SAVED:
        raise TooManySaved(MOST_SAVED)


def in_words(conditions: Sequence[str]) -> str:
    """A name for a search without words: 小学 · 数学, as many of its conditions as there is room for."""
    whole = BETWEEN.join(conditions)
    return whole if len(whole) <= MAX_NAME else f"{whole[: MAX_NAME - 1].rstrip(' ·')}…"


def rename_search(search: SavedSearch, name: str) -> None:
    """It is called so from now on.

    Raises  NoName, NoLongerSaved
    """
    title = _title(name)
    if not title:
        raise NoName
    if not SavedSearch.objects.filter(pk=search.pk).update(name=title):
        raise NoLongerSaved
    search.name = title


def _title(name: str) -> str:
    """Empty where nothing of it can be seen."""
    title = storable(" ".join(name.split()))[:MAX_NAME]
    return title if drawn(title) else ""


def _cleaned(values: Iterable[str]) -> list[str]:
    return sorted({storable(value)[:MAX_VALUE] for value in values if value})[:MAX_VALUES]


@transaction.atomic
def forget_search(user: User, uuid: str) -> bool:
    """The search no longer stands in the person's list; False when it never did."""
    found = saved_by(user).filter(uuid=uuid).first()
    if found is None:
        return False
    try:
        unfollow_search(found)
    except NoLongerSaved:
        return False
    found.delete()
    return True


def facts_of(search: SavedSearch) -> Facts:
    """By which `restore_search` makes it again."""
    return {
        **{name: getattr(search, name) for name in ("name", "text", "chosen", "plain", "sort", "followed")},
        "created_at": search.created_at.isoformat(),
    }


@transaction.atomic
def restore_search(user: User, uuid: UUID, facts: Facts) -> SavedSearch:
    """The search stands where it stood before it was forgotten, under its old address, and is not followed yet; the one
    that asks the same, where the person has saved that meanwhile.

    Raises  TooManySaved
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if held := _held(user, facts["text"], facts["chosen"], facts["plain"]):
        return held
    _require_room(user)
    at = datetime.fromisoformat(facts["created_at"])
    stored = {name: facts[name] for name in ("name", "text", "chosen", "plain", "sort")}
    return SavedSearch.objects.create(user=user, uuid=uuid, created_at=at, **stored)
