"""Facets of the workbench's lists: what every kind has, and what one kind has alone."""

from typing import Any

import django_filters
from django.db.models import QuerySet
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


class WorkFilterSet(WagtailFilterSet):
    """Facets that every kind has."""

    progress = django_filters.ChoiceFilter(label=_("进度"), choices=PROGRESS, method="by_progress")
    stage = django_filters.ModelChoiceFilter(label=_("学段"), queryset=Stage.objects.filter(retired=False))
    subject = django_filters.ModelChoiceFilter(label=_("学科"), queryset=Subject.objects.filter(retired=False))
    library = django_filters.ModelChoiceFilter(label=_("资源库"), queryset=Library.objects.filter(retired=False))

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
