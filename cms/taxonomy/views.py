"""What may be chosen next, for forms that narrow the curriculum step by step. Public data, the same for everybody."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.taxonomy.models import Chapter, Stage
from cms.taxonomy.queries import OPTIONS, Chosen, in_tree_order, label

CACHE_SECONDS = 60


@require_safe
@cache_control(public=True, max_age=CACHE_SECONDS)
def options(request: HttpRequest) -> JsonResponse:
    """`?sector=basic&stage=1…` -> for each part of the curriculum line the rows that fit: [{id, name}]; a stage also
    says its sector and the sector's name. Six queries."""
    chosen = Chosen.read(request.GET)
    return JsonResponse({part: _rows(find(chosen)) for part, find in OPTIONS.items()})


def _rows(found: Any) -> list[dict[str, Any]]:
    terms = list(found)
    if terms and isinstance(terms[0], Chapter):
        terms = in_tree_order(terms)
    return [{"id": term.pk, "name": label(term), **_sector(term)} for term in terms]


def _sector(term: Any) -> dict[str, str]:
    return {"sector": term.sector, "group": term.get_sector_display()} if isinstance(term, Stage) else {}
