"""The editors' forms: an alias means one value of one facet, chosen by name."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from search.vocabulary import ALIASED, CHOICES, TABLES, TITLES

Options = list[tuple[str, Any]]


class AliasForm(WagtailAdminModelForm):
    """`target` is chosen from everything that a search can be narrowed by and that has a name."""

    target = forms.ChoiceField(label=_("指的是"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [("", _("请选择")), *targets()]


def targets() -> Iterator[tuple[str, Options]]:
    """By facet, `facet:value` and its name."""
    for facet in ALIASED:
        yield str(TITLES[facet]), [(f"{facet}:{value}", label) for value, label in _named(facet)]


def _named(facet: str) -> Options:
    if facet in CHOICES:
        return [(str(value), str(label)) for value, label in CHOICES[facet].items()]
    rows = TABLES[facet].objects.filter(retired=False)
    if facet == "grade":
        return [(str(row.pk), f"{row.name}（{row.stage.name}）") for row in rows.select_related("stage")]
    return [(str(row.pk), row.name) for row in rows]
