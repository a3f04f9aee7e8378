"""The facets of a result as the page shows them: groups of choices with their addresses."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import pgettext

from search.curriculum import LEVELS, Node
from search.finding import Facet, Result


def groups_of(result: Result, request: HttpRequest) -> list[dict[str, Any]]:
    """The facets in their order; the curriculum as a tree beside the subject."""
    groups = [_facet(facet) for facet in result.facets]
    if result.tree:
        rest = request.GET.copy()
        for name in ("page", *LEVELS):
            rest.pop(name, None)
        names = [group["name"] for group in groups]
        at = names.index("subject") + 1 if "subject" in names else len(groups)
        label = pgettext("curriculum", "课程")
        groups.insert(at, {"name": "curriculum", "label": label, "branches": _branches(result.tree, rest)})
    return groups


def _branches(nodes: Sequence[Node], rest: QueryDict) -> list[dict[str, Any]]:
    return [
        {
            "label": node.label,
            "count": node.count,
            "selected": node.chosen,
            "url": _tree_address(node, rest),
            "inside": _branches(node.inside, rest),
        }
        for node in nodes
    ]


def _tree_address(node: Node, rest: QueryDict) -> str:
    asked = rest.copy()
    for name, values in node.asked.items():
        asked.setlist(name, values)
    return f"?{asked.urlencode()}"


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
