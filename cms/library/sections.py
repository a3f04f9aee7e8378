"""Parts of a page that higher rooms add: laces Components, gathered by a Wagtail hook (ARCHITECTURE.md, "The house").
A room answers in its `wagtail_hooks.py`; the page imports nothing from above."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from laces.components import Component
from wagtail import hooks


class Section(Component):
    """One part of a page: its template, where it stands (`place`), and its order there (lower is earlier).

    `context` is asked once; a section with nothing to show answers None and is left out.
    """

    place = "main"
    order = 100

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def context(self) -> dict[str, Any] | None:
        """What the template is given: the section's own bounded queries."""
        return {}

    def render_html(self, parent_context: Any = None) -> SafeString:
        context = self.context()
        if context is None:
            return SafeString("")
        return render_to_string(self.template_name, context, request=self.request)


def gather(hook: str, request: HttpRequest, *args: Any) -> dict[str, list[SafeString]]:
    """The HTML of every component the rooms answer `hook` with, by place, in order; empty ones left out."""
    components: list[Component] = []
    for answer in hooks.get_hooks(hook):
        answer(components, request, *args)
    found: dict[str, list[SafeString]] = defaultdict(list)
    for component in sorted(components, key=lambda part: getattr(part, "order", 100)):
        html = component.render_html({"request": request})
        if html.strip():
            found[getattr(component, "place", "main")].append(html)
    return dict(found)
