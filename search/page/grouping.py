"""The facets of a result as the page shows them: groups of choices with their addresses."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from search.curriculum import Node
from search.finding import Facet, Result
from search.page.choosing import chosen_so
from search.understanding.asking import Answer


def groups_of(result: Result, request: HttpRequest) -> list[dict[str, Any]]:
    """The facets in their order; the curriculum as a tree beside the subject, with branches in place of options."""
    answer = result.answer
    groups = [_facet(facet, request.GET, answer) for facet in result.facets]
    if result.tree:
        names = [group["name"] for group in groups]
        at = names.index("subject") + 1 if "subject" in names else len(groups)
        branches = _branches(result.tree, request.GET, answer)
        groups.insert(at, {"name": "curriculum", "label": _("教材目录"), "options": [], "branches": branches})
    return groups


def _branches(nodes: Sequence[Node], asked: QueryDict, answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "label": node.label,
            "count": node.count,
            "selected": node.chosen,
            "url": chosen_so(asked, node.asked, answer),
            "inside": _branches(node.inside, asked, answer),
        }
        for node in nodes
    ]


def _facet(facet: Facet, asked: QueryDict, answer: Answer) -> dict[str, Any]:
    tiers = facet.name == "tier"
    return {
        "name": facet.name,
        "label": facet.title,
        "taken": asked.getlist(facet.name) or [value.value for value in facet.values if value.chosen],
        "emptied": chosen_so(asked, {facet.name: ()}, answer) if _was_read(facet.name, answer) else "",
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


def _was_read(name: str, answer: Answer) -> bool:
    return any(chip.facet == name for chip in answer.understood.chips)
