"""Facets of the workbench's lists: what every kind has, and what one kind has alone."""

from typing import Any

import django_filters
from django.db.models import QuerySet, Value
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from cms.library.enums import OutcomeType, ResourceType
from cms.library.models import ResearchOutcome, Resource, Work
from cms.taxonomy.models import Library, Stage, Subject

PROGRESS = [("live", _("已发布")), ("review", _("评审中")), ("draft", _("草稿")), ("retired", _("已下架"))]

CONDITIONS: dict[str, dict[str, Any]] = {
    "live": {"live": True},
    "review": {"locked": True},
    "draft": {"live": False, "locked": False, "retired_at__isnull": True},
    "retired": {"retired_at__isnull": False},
}


def term_choices() -> dict[str, list[tuple[int, str]]]:
    """What the facets of the curriculum offer, of three tables in one query."""
    tables: dict[str, Any] = {"stage": Stage, "subject": Subject, "library": Library}
    rows = [
        table.objects.filter(retired=False).order_by().values_list(Value(name), "order", "pk", "name")
        for name, table in tables.items()
    ]
    found: dict[str, list[tuple[int, str]]] = {name: [] for name in tables}
    for facet, _order, pk, name in sorted(rows[0].union(*rows[1:], all=True)):
        found[facet].append((pk, name))
    return found


class WorkFilterSet(WagtailFilterSet):
    """Facets that every kind has."""

    progress = django_filters.ChoiceFilter(label=_("进度"), choices=PROGRESS, method="by_progress")
    stage = django_filters.ChoiceFilter(label=_("学段"))
    subject = django_filters.ChoiceFilter(label=_("学科"))
    library = django_filters.ChoiceFilter(label=_("资源库"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in term_choices().items():
            self.filters[name].extra["choices"] = choices

    class Meta:
        model = Work
        fields: list[str] = []

    def by_progress(self, works: "QuerySet[Work]", name: str, value: str) -> "QuerySet[Work]":
        return works.filter(**CONDITIONS[value])


OWN_FACETS: dict[type[Work], dict[str, django_filters.Filter]] = {
    Resource: {
        "resource_type": django_filters.ChoiceFilter(label=_("资源类型"), choices=ResourceType.choices),
    },
    ResearchOutcome: {
        "outcome_type": django_filters.ChoiceFilter(label=_("成果类型"), choices=OutcomeType.choices),
    },
}


def filterset_for(model: type[Work]) -> type[WorkFilterSet]:
    """The facets of one kind."""
    meta = type("Meta", (), {"model": model, "fields": []})
    body = {"Meta": meta, "__module__": __name__, **OWN_FACETS.get(model, {})}
    return type(f"{model.__name__}FilterSet", (WorkFilterSet,), body)
