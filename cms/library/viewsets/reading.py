"""Admin views that read a work: list, history, comparison, preview of a revision."""

from functools import cached_property
from typing import Any, ClassVar

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, UpdatedAtColumn
from wagtail.models import ModelLogEntry
from wagtail.snippets.views import snippets

from cms.library import rules
from cms.library.models import Work
from cms.library.viewsets.addresses import page_of
from cms.library.viewsets.guards import Guarded
from cms.library.viewsets.states import states_of

NOT_LISTED = ("body", "summary", "latest_revision__content", "live_revision__content")
"""Columns of a list's query that no list shows; a revision's content is the heaviest of all."""


class CurriculumColumn(Column):
    """Stage, subject, grade in one cell."""

    def get_value(self, instance: Work) -> str:
        return " · ".join(str(term) for term in (instance.stage, instance.subject, instance.grade) if term)


class StateColumn(Column):
    """Where the work is on its way, said by the room that knows (`states_of`), asked once for the whole page."""

    cell_template_name = "library/admin/state_cell.html"

    def __init__(self, *args: Any, view: "WorkIndexView", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view

    def get_value(self, instance: Work) -> Any:
        return self.view.states[instance.pk]


class WorkIndexView(snippets.IndexView):
    """The works of one kind that this person may read; links only where they lead somewhere."""

    any_permission_required: ClassVar = ["view"]
    default_ordering: ClassVar = ["-id"]
    states: dict[int, Any]
    page_size: ClassVar = 20
    paginate_by = page_size

    def get_base_queryset(self) -> "QuerySet[Work]":
        works: QuerySet[Work] = super().get_base_queryset()
        may = {
            f"may_{action}": ExpressionWrapper(rules.as_q(self.request.user, action), output_field=BooleanField())
            for action in ("change", "delete")
        }
        return (
            works.annotate(**may)
            .select_related("latest_revision", "owner", "organisation", "stage", "subject", "grade")
            .defer(*NOT_LISTED)
        )

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "__str__",
            CurriculumColumn("curriculum", label=_("学段 · 学科 · 年级")),
            Column("owner", label=_("作者"), accessor="owner.name"),
            StateColumn("state", label=_("状态"), view=self),
            UpdatedAtColumn(),
        ]

    @cached_property
    def columns(self) -> list[Any]:
        """No boxes to tick: there is nothing to do with several works at once."""
        columns = [column for column in super().columns if not isinstance(column, BulkActionsCheckboxColumn)]
        columns[0].label = _("标题")
        return columns

    def get_table(self, object_list: Any, **kwargs: Any) -> Any:
        self.states = states_of(list(object_list), self.request)
        return super().get_table(object_list, **kwargs)

    def get_edit_url(self, instance: Any) -> str | None:
        if instance.may_change:
            return reverse(self.edit_url_name, args=(instance.pk,))
        return None

    def get_inspect_url(self, instance: Any) -> str | None:
        """Where a reader goes: the newest version, as it will look."""
        if instance.latest_revision_id is None:
            return None
        return page_of(instance, "revisions_view", instance.latest_revision_id)

    def get_delete_url(self, instance: Any) -> str | None:
        if instance.may_delete:
            return reverse(self.delete_url_name, args=(instance.pk,))
        return None

    def get_copy_url(self, instance: Any) -> None:
        return None


class EditLinks:
    """Links to the form only for those who may change the work."""

    edit_url_name: Any
    revisions_revert_url_name: Any

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not rules.allows(request.user, "change", self.object):  # type: ignore[attr-defined]
            self.edit_url_name = self.revisions_revert_url_name = None


class WorkHistoryView(Guarded, EditLinks, snippets.HistoryView):
    """Every version, for whoever may read the work."""

    opens_with = "read"
    any_permission_required: ClassVar = ["change", "view"]

    def get_base_queryset(self) -> Any:
        """Autosave writes one entry each time for the same version: the newest stands for all of them."""
        entries = super().get_base_queryset()
        later = ModelLogEntry.objects.filter(
            revision=OuterRef("revision"), action=OuterRef("action"), pk__gt=OuterRef("pk")
        )
        return entries.exclude(Exists(later), revision__isnull=False)

    @cached_property
    def header_buttons(self) -> list[Any]:
        return super().header_buttons if self.edit_url_name else []


class WorkRevisionView(Guarded, snippets.PreviewRevisionView):
    """One version as it will look."""

    opens_with = "read"
    permission_required = "view"


class WorkCompareView(Guarded, EditLinks, snippets.RevisionsCompareView):
    """What changed between two versions."""

    opens_with = "read"
    permission_required = "view"
