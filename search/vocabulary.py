"""Labels of facet values, and curriculum words to be kept whole when a query is cut; from the taxonomy tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.library.enums import WorkKind
from cms.organisations.enums import Sector, Tier
from cms.organisations.models import Organisation
from cms.taxonomy.models import Chapter, Edition, Grade, Library, Stage, Subject
from search.normalise import normalise

KEPT = 300  # seconds: editors rename rows rarely, and a late label harms nobody

TITLES: Mapping[str, Any] = {
    "kind": _("类别"),
    "library": _("资源库"),
    "sector": _("教育类别"),
    "stage": _("学段"),
    "subject": _("学科"),
    "grade": _("年级"),
    "edition": _("教材版本"),
    "tier": _("共享层级"),
    "organisation": _("机构"),
    "tag": _("标签"),
    "year": _("发布年份"),
    "chapter": _("章节"),
}

CHOICES: Mapping[str, Any] = {"kind": WorkKind, "sector": Sector, "tier": Tier}
TABLES: Mapping[str, Any] = {
    "library": Library,
    "stage": Stage,
    "subject": Subject,
    "grade": Grade,
    "edition": Edition,
}

LARGE_TABLES: Mapping[str, Any] = {"organisation": Organisation, "chapter": Chapter}


def terms() -> frozenset[str]:
    """Names of subjects, stages, grades and editions, normalised."""

    def load() -> frozenset[str]:
        found: set[str] = set()
        for table in (Stage, Grade, Subject, Edition):
            found |= {normalise(name) for name in table.objects.values_list("name", flat=True)}
        return frozenset(name for name in found if 2 <= len(name) <= 10)

    kept: frozenset[str] = cache.get_or_set("search:terms", load, KEPT)  # type: ignore[assignment]
    return kept


def labels(facet: str, values: Sequence[str]) -> dict[str, str]:
    """value -> what people read; values that are no longer known are left out."""
    if facet in CHOICES:
        return {str(value): str(label) for value, label in CHOICES[facet].choices}
    if facet in TABLES:
        key = f"search:labels:{facet}:{get_language()}"

        def load() -> dict[str, str]:
            return {str(pk): name for pk, name in TABLES[facet].objects.values_list("pk", "name")}

        names: dict[str, str] = cache.get_or_set(key, load, KEPT)  # type: ignore[assignment]
        return names
    if facet in LARGE_TABLES:
        ids = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]
        rows = LARGE_TABLES[facet].objects.filter(pk__in=ids)
        return {str(pk): name for pk, name in rows.values_list("pk", "name")}
    return {value: value for value in values}
