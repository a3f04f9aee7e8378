"""The workbench's first page and menu: what a teacher needs, and nothing of Wagtail's that leads nowhere.

Higher rooms add their own panels by Wagtail's hook `construct_homepage_panels`; ours runs first and clears the rest.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst
from wagtail.admin.ui.components import Component

from cms.library import rules
from cms.library.models import KINDS, Work
from cms.library.viewsets.addresses import list_of, page_of, viewset_of
from cms.library.viewsets.states import states_of
from cms.people.enums import Role
from cms.people.queries import standing

NEWEST = 6
KEPT_FOR_EDITORS = frozenset({"explorer", "images", "documents"})
KEPT_FOR_SUPERUSERS = frozenset({"settings", "reports"})
LEADS_NOWHERE = frozenset({"snippets", "help", "publications"}) | KEPT_FOR_EDITORS | KEPT_FOR_SUPERUSERS


class BeginPanel(Component):
    """One button a kind of work that the person may begin."""

    name = "begin"
    order = 10
    template_name = "library/admin/home_begin.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request = parent_context["request"]
        kinds = [
            {"label": capfirst(kind._meta.verbose_name), "url": list_of(kind, "add"), "icon": viewset_of(kind).icon}
            for kind in KINDS.values()
        ]
        return {"user": request.user, "kinds": kinds if rules.may_create(request.user) else []}


class DraftsPanel(Component):
    """The newest of one's own works, with where each stands. Three queries and those of the rooms that know states."""

    name = "drafts"
    order = 100
    template_name = "library/admin/home_drafts.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request: HttpRequest = parent_context["request"]
        works = list(
            Work.objects.filter(rules.author.q(standing(request.user)))
            .select_related("latest_revision", "stage", "subject", "grade")
            .defer("body", "summary", "latest_revision__content")
            .order_by("-latest_revision__created_at", "-pk")[:NEWEST]
        )
        states = states_of(works, request)
        rows = [
            {
                "title": work.latest_revision.object_str if work.latest_revision else str(work),
                "url": page_of(work, "edit"),
                "kind": work.get_kind_display(),
                "curriculum": " · ".join(str(term) for term in (work.stage, work.subject, work.grade) if term),
                "state": states[work.pk],
                "saved_at": work.latest_revision.created_at if work.latest_revision else work.created_at,
                "may_change": not work.is_retired,
            }
            for work in works
        ]
        return {"rows": rows, "may_create": rules.may_create(request.user)}


def fill_home(request: HttpRequest, panels: list[Any]) -> None:
    """Ours instead of Wagtail's, which are about pages."""
    panels[:] = [BeginPanel(), DraftsPanel()]


def tidy_menu(request: HttpRequest, items: list[Any]) -> None:
    """Leave out what is not for this person: pages, images and documents are for editors, settings for superusers."""
    kept: frozenset[str] = frozenset()
    if standing(request.user).organisations(Role.EDITOR):
        kept |= KEPT_FOR_EDITORS
    if getattr(request.user, "is_superuser", False):
        kept |= KEPT_FOR_EDITORS | KEPT_FOR_SUPERUSERS
    items[:] = [item for item in items if item.name not in LEADS_NOWHERE - kept]
