"""Admin views that read a work: list, history, comparison, preview of a revision."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, UpdatedAtColumn
from wagtail.admin.utils import get_latest_str
from wagtail.models import ModelLogEntry, Revision
from wagtail.snippets.views import snippets

from cms.library import rules
from cms.library.models import Seal, Work
from cms.library.viewsets.addresses import page_of
from cms.library.viewsets.guards import Guarded
from cms.library.viewsets.states import states_of
from cms.taxonomy.queries import as_id

NOT_LISTED = ("body", "summary", "latest_revision__content", "live_revision__content")
"""Columns of a list's query that no list shows; a revision's content is the heaviest of all."""


def _newest_seal() -> "QuerySet[Seal]":
    return Seal.objects.filter(work=OuterRef("pk")).order_by("-pk")[:1]


def _close_drafts(works: Sequence[Any]) -> None:
    """These works of a list stand there as they were sealed, for their authors wrote on since. The row of one that is
    not live has the draft's place in the curriculum, too: it has none here."""
    revisions = Revision.objects.defer("content").in_bulk([work.sealed for work in works])
    for work in works:
        work.latest_revision = revisions[work.sealed]
        work.title = work.sealed_title
        if not work.live:
            work.stage = work.subject = work.grade = None


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
            for action in ("change", "delete", "draft")
        }
        return (
            works.annotate(
                **may,
                sealed=Subquery(_newest_seal().values("revision")),
                sealed_title=Subquery(_newest_seal().values("revision__object_str")),
            )
            .select_related("latest_revision", "owner", "organisation", "stage", "subject", "grade")
            .defer(*NOT_LISTED)
        )

    def search_queryset(self, queryset: "QuerySet[Work]") -> "QuerySet[Work]":
        """The row of a work that is not live has the draft's words: who may not read that finds it by what was
        sealed."""
        found: QuerySet[Work] = super().search_queryset(queryset)
        if not self.is_searching:
            return found
        knows = Q(may_draft=True) | Q(live=True) | Q(sealed_title__icontains=self.search_query)
        return found.filter(knows)

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
        works = list(object_list)
        self.states = states_of(works, self.request)
        _close_drafts([work for work in works if not work.may_draft and work.sealed != work.latest_revision_id])
        return super().get_table(object_list, **kwargs)

    def get_edit_url(self, instance: Any) -> str | None:
        if instance.may_change:
            return reverse(self.edit_url_name, args=(instance.pk,))
        return None

    def get_inspect_url(self, instance: Any) -> str | None:
        """Where a reader goes: the newest version, as it will look."""
        newest = instance.latest_revision_id if instance.may_draft else instance.sealed
        return page_of(instance, "revisions_view", newest) if newest is not None else None

    def get_delete_url(self, instance: Any) -> str | None:
        if instance.may_delete:
            return reverse(self.delete_url_name, args=(instance.pk,))
        return None

    def get_copy_url(self, instance: Any) -> None:
        return None


class Sealed:
    """Whoever does not write the work finds it as it was sealed last, and of its versions those that were sealed."""

    object: Any
    request: Any
    sealed_only = False

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        work = super().get_object(*args, **kwargs)  # type: ignore[misc]
        self.sealed_only = not rules.allows(self.request.user, "draft", work)
        if self.sealed_only:
            work.latest_revision = self.seals(work)[0].revision
        return work

    def seals(self, work: Work) -> list[Seal]:
        """The newest first. Raises Http404 when there is none."""
        found = list(work.seals.select_related("revision").defer("revision__content").order_by("-pk"))
        if not found:
            raise Http404
        return found


class EditLinks:
    """Links to the form only for those who may change the work."""

    edit_url_name: Any
    revisions_revert_url_name: Any

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not rules.allows(request.user, "change", self.object):  # type: ignore[attr-defined]
            self.edit_url_name = self.revisions_revert_url_name = None


class WorkHistoryView(Guarded, EditLinks, Sealed, snippets.HistoryView):
    """Every version that this person may read."""

    opens_with = "read"
    any_permission_required: ClassVar = ["change", "view"]

    def get_base_queryset(self) -> Any:
        """Autosave writes one entry each time for the same version: the newest stands for all of them."""
        entries = super().get_base_queryset()
        later = ModelLogEntry.objects.filter(
            revision=OuterRef("revision"), action=OuterRef("action"), pk__gt=OuterRef("pk")
        )
        entries = entries.exclude(Exists(later), revision__isnull=False)
        if not self.sealed_only:
            return entries
        seals = Seal.objects.filter(work=self.object.pk)
        before = seals.filter(revision__lt=OuterRef("revision")).order_by("-revision").values("revision")[:1]
        known = Q(revision=None) | Q(revision__in=seals.values("revision"))
        return entries.filter(known).annotate(previous_revision_id=Subquery(before))

    @cached_property
    def header_buttons(self) -> list[Any]:
        return super().header_buttons if self.edit_url_name else []


class WorkRevisionView(Guarded, Sealed, snippets.PreviewRevisionView):
    """One version as it will look."""

    opens_with = "read"
    permission_required = "view"

    def get_revision_object(self) -> Any:
        if self.sealed_only and not self.object.seals.filter(revision=self.revision_id).exists():
            raise Http404
        return super().get_revision_object()


class WorkCompareView(Guarded, EditLinks, Sealed, snippets.RevisionsCompareView):
    """What changed between two versions."""

    opens_with = "read"
    permission_required = "view"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.sealed_only:
            self.revision_id_a, self.revision_id_b = map(self._sealed, (self.revision_id_a, self.revision_id_b))

    def _sealed(self, asked: Any) -> Any:
        """The sealed version that is meant. Raises Http404 for another: the row of what is not live is the draft."""
        known = [seal.revision_id for seal in self.seals(self.object)]
        meant = {"latest": known[0], "earliest": known[-1]}.get(asked, asked)
        if meant == "live" and self.object.live:
            return meant
        if as_id(meant) not in known:
            raise Http404
        return meant

    def get_page_subtitle(self) -> str:
        return get_latest_str(self.object)
