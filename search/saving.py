"""Saved searches: what a person asks again and again. Only they see and change them."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.people.models import User
from search.documents import FILTERS
from search.errors import NoLongerSaved, NoName, NothingToSave, TooManySaved
from search.following import unfollow_search
from search.models import SavedSearch
from search.normalise import normalise, storable
from search.query import MAX_FACETS, MAX_TEXT, MAX_VALUE, MAX_VALUES, Sort

MOST_SAVED = 50
MAX_NAME = 60
ORDERS = frozenset(Sort) - {Sort.RELEVANCE}
"""Those that have to be said."""


def saved_by(user: User) -> "QuerySet[SavedSearch]":
    """The newest first."""
    return SavedSearch.objects.filter(user=user)


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
    typed = storable(" ".join(text.split()))[:MAX_TEXT]
    every = {facet: _cleaned(some) for facet, some in list(chosen.items())[:MAX_FACETS] if facet in FILTERS}
    kept = {facet: values for facet, values in every.items() if values}
    words = sorted({storable(word)[:MAX_TEXT] for word in plain if word})[:MAX_FACETS]
    order = sort if sort in ORDERS else ""
    if not normalise(typed).strip() and not kept:
        raise NothingToSave
    User.objects.select_for_update().get(pk=user.pk)  # two clicks at once count one after the other
    for held in saved_by(user):
        if (held.text, held.chosen, held.plain) == (typed, kept, words):
            held.sort = order
            held.save(update_fields=["sort"])
            return held
    if saved_by(user).count() >= MOST_SAVED:
        raise TooManySaved(MOST_SAVED)
    title = _title(name) or typed[:MAX_NAME] or _("全部资源（按条件）")
    return SavedSearch.objects.create(user=user, name=title, text=typed, chosen=kept, plain=words, sort=order)


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
    return title if normalise(title).strip() else ""


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
