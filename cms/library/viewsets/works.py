"""One viewset per kind of work, and the menu they stand in."""

from functools import cached_property
from typing import Any, ClassVar

from django.utils.translation import pgettext_lazy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cms.library.models import CaseStudy, MicroCourse, ResearchOutcome, Resource, Work
from cms.library.panels import edit_handler
from cms.library.viewsets.filters import filterset_for
from cms.library.viewsets.reading import WorkCompareView, WorkHistoryView, WorkIndexView, WorkRevisionView
from cms.library.viewsets.writing import (
    WorkCreateView,
    WorkDeleteView,
    WorkEditView,
    WorkPreviewOnAddView,
    WorkPreviewOnEditView,
    WorkRevertView,
)
from cms.people.workbench.screens import OnlyRoutes


class WorkViewSet(OnlyRoutes, SnippetViewSet):
    """The workbench of one kind: the routes that stay all ask the room's rules of the very work."""

    # The others each go round a rule, or (usage) would say nothing, as works are not indexed.
    routes = frozenset(
        {
            "list", "list_results", "add", "edit", "delete", "history", "history_results", "preview_on_add",
            "preview_on_edit", "revisions_view", "revisions_compare", "revisions_revert",
        }
    )  # fmt: skip
    model: type[Work]
    copy_view_enabled = False
    inspect_view_enabled = False
    sort_order_field = None
    add_to_reference_index = False
    list_export: ClassVar[list[str]] = []
    search_fields: ClassVar = ["title", "summary", "owner__name"]
    search_backend_name = None
    list_per_page = 20
    index_view_class = WorkIndexView
    add_view_class = WorkCreateView
    edit_view_class = WorkEditView
    delete_view_class = WorkDeleteView
    history_view_class = WorkHistoryView
    preview_on_add_view_class = WorkPreviewOnAddView
    preview_on_edit_view_class = WorkPreviewOnEditView
    revisions_view_class = WorkRevisionView
    revisions_compare_view_class = WorkCompareView
    revisions_revert_view_class = WorkRevertView

    @property
    def admin_url_namespace(self) -> str:
        return f"works_{self.model.KIND}"

    @property
    def base_url_path(self) -> str:
        return f"works/{self.model.KIND.replace('_', '-')}"

    def get_queryset(self, request: Any) -> Any:
        return self.permission_policy.instances_user_has_any_permission_for(request.user, ["view"])

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(filterset_class=filterset_for(self.model), **kwargs)

    @cached_property
    def _edit_handler(self) -> Any:
        return edit_handler(self.model).bind_to_model(self.model)

    def get_edit_handler(self) -> Any:
        return self._edit_handler

    def register_chooser_viewset(self) -> None:
        """None: no form chooses works, and Wagtail's chooser asks nobody who may read them."""


class ResourceViewSet(WorkViewSet):
    model = Resource
    icon = "doc-full"


class MicroCourseViewSet(WorkViewSet):
    model = MicroCourse
    icon = "media"


class CaseStudyViewSet(WorkViewSet):
    model = CaseStudy
    icon = "folder-open-inverse"


class ResearchOutcomeViewSet(WorkViewSet):
    model = ResearchOutcome
    icon = "openquote"


class WorkGroup(SnippetViewSetGroup):
    """作品 in the menu."""

    items = (ResourceViewSet, MicroCourseViewSet, CaseStudyViewSet, ResearchOutcomeViewSet)
    menu_label = pgettext_lazy("several", "作品")
    menu_icon = "edit"
    menu_name = "works"
    menu_order = 100
    add_to_admin_menu = True
