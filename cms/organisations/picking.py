"""Choosing one organisation out of thousands on a page: those near at hand are shown, any other is found by its name.

The page shows `theme/templates/organisations/_picker.html`; a form's `look` asks for the list anew, with or without
a script.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cms.organisations.models import Organisation

MOST_FOUND = 20
MOST_TYPED = 60


@dataclass(frozen=True)
class Option:
    """An organisation and where it is, for two schools of one name."""

    pk: int
    name: str
    above: str


@dataclass(frozen=True)
class Picker:
    """options  to choose from: the chosen one, then those found, or near when nothing was looked for
    chosen   the id among them, as text; empty for none
    find     what was looked for; `more`: others fit too
    """

    options: list[Option]
    chosen: str
    find: str
    more: bool

    @property
    def nothing(self) -> bool:
        return bool(self.find) and not [one for one in self.options if str(one.pk) != self.chosen]


class OrganisationField(forms.ModelChoiceField):
    """The id of one of these organisations. The picker is its widget: a list of all would have thousands of lines."""

    widget = forms.TextInput
    default_error_messages = {
        "required": _("请选择一个机构。"),
        "invalid_choice": _("没有这个机构，或不在您的范围内。请从列表里选择，或按名称查找。"),
    }


def picker(
    allowed: "QuerySet[Organisation]", near: Iterable[Organisation], given: Mapping[str, str], *, otherwise: str = ""
) -> Picker:
    """What a form's page shows, in at most three queries.

    given      what the form holds: `organisation` (an id) and `find`
    otherwise  the id chosen at first
    """
    find = given.get("find", "").replace("\x00", "").strip()[:MOST_TYPED]
    chosen = given.get("organisation", otherwise).strip()
    found = list(near) if not find else list(_named(allowed, find)[: MOST_FOUND + 1])
    more = bool(find) and len(found) > MOST_FOUND
    rows = {row.pk: row for row in found[:MOST_FOUND] if not find or str(row.pk) != chosen}
    if chosen.isdecimal() and len(chosen) < 19 and int(chosen) not in rows:
        rows = {row.pk: row for row in [*allowed.filter(pk=int(chosen)), *rows.values()]}
    return Picker(_options(rows.values()), chosen if _is_in(chosen, rows) else "", find, more)


def _is_in(chosen: str, rows: Mapping[int, Organisation]) -> bool:
    return any(str(pk) == chosen for pk in rows)


def _named(allowed: "QuerySet[Organisation]", find: str) -> "QuerySet[Organisation]":
    """Whose name has all the words, the widest first; or whose code it is."""
    named = Q()
    for word in find.split():
        named &= Q(name__icontains=word) | Q(short_name__icontains=word)
    return allowed.filter(named | Q(code=find)).order_by("depth", "path")


def _options(rows: Iterable[Organisation]) -> list[Option]:
    found = list(rows)
    paths = {path for row in found for path in row.ancestor_paths[1:-1]}  # the nation stands above everybody
    names = dict(Organisation.objects.filter(path__in=paths).values_list("path", "name")) if paths else {}
    return [
        Option(row.pk, row.name, " ".join(names[path] for path in row.ancestor_paths[1:-1] if path in names))
        for row in found
    ]
