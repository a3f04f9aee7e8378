"""The facets of a result as the page shows them: groups of choices with their addresses."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import pgettext

from search.addresses import again
from search.curriculum import Node
from search.finding import Facet, Result


def groups_of(result: Result, request: HttpRequest) -> list[dict[str, Any]]:
    """The facets in their order; the curriculum as a tree beside the subject, with branches in place of options."""
    groups = [_facet(facet) for facet in result.facets]
    if result.tree:
        names = [group["name"] for group in groups]
        at = names.index("subject") + 1 if "subject" in names else len(groups)
        label = pgettext("curriculum", "课程")
        branches = _branches(result.tree, request.GET)
        groups.insert(at, {"name": "curriculum", "label": label, "options": [], "branches": branches})
    return groups


def _branches(nodes: Sequence[Node], asked: QueryDict) -> list[dict[str, Any]]:
    return [
        {
            "label": node.label,
            "count": node.count,
            "selected": node.chosen,
            "url": again(asked, **node.asked),
            "inside": _branches(node.inside, asked),
        }
        for node in nodes
    ]


def _facet(facet: Facet) -> dict[str, Any]:
    tiers = facet.name == "tier"
    return {
        "name": facet.name,
        "label": facet.title,
        "options": [
            {
                "value": value.value,
                "label": value.label,
                "count": value.count,
                "selected": value.chosen,
                **({"tier": value.value} if tiers else {}),
            }
            for value in facet.values
        ],
    }
