"""Admin views that write a work: add, edit, revert, delete, and previews of what is being written."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.generic import RevisionsRevertMixin
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views import snippets

from cms.library import rules
from cms.library.actions.authoring import begin, delete_draft, hold_for_writing
from cms.library.defaults import file_as_taught
from cms.library.errors import WorkLocked
from cms.library.models import Work
from cms.library.viewsets.checklist import ChecklistSidePanel
from cms.library.viewsets.guards import Guarded
from cms.people.requests import person_of
from cms.taxonomy.queries import as_id


class Writing:
    """What adding and editing share: our side panels, and an owner on what is new."""

    request: Any
    form: Any

    def get_side_panels(self) -> MediaContainer:
        """The checklist first; nothing about schedules or usage, which works do not have."""
        panels = list(super().get_side_panels())
        return MediaContainer([ChecklistSidePanel(self.form.instance, self.request), *panels])


class WorkCreateView(Writing, snippets.CreateView):
    """Begin a work: it belongs to the person and the person's school, with defaults of what the person teaches."""

    def get_initial_form_instance(self) -> Work:
        return file_as_taught(begin(self.model(), by=person_of(self.request)), person_of(self.request))


class WorkEditView(Guarded, Writing, snippets.EditView):
    """Go on writing. Under review the page is read-only and says why."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        url = reverse("work_coauthors", args=(self.object.pk,))
        return [*super().header_more_buttons, Button(_("合作者"), url=url, icon_name="group", priority=15)]

    @cached_property
    def can_delete(self) -> bool:
        return rules.allows(self.request.user, "delete", self.object)

    @cached_property
    def overwrite_revision(self) -> Any:
        """Raises PermissionDenied, as Wagtail does, also for what is no number at all."""
        sent = self.request.POST.get("overwrite_revision_id")
        if sent and as_id(sent) is None:
            raise PermissionDenied(_("页面上的版本号有误，请刷新页面后再试。"))
        return super().overwrite_revision

    def is_valid(self, form: Any) -> bool:
        valid: bool = super().is_valid(form)
        if self.locked_for_user:
            self.produced_error_message = self.lock.get_message(self.request.user)
        return valid

    def save_instance(self) -> Work:
        """Raises WorkLocked when it was submitted since this page was opened, PermissionDenied when taken away."""
        hold_for_writing(self.object, by=person_of(self.request))
        work: Work = super().save_instance()
        return work

    def form_valid(self, form: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = super().form_valid(form)
        except WorkLocked:
            self.produced_error_code = "locked"
            self.produced_error_message = _("作品刚刚提交评审，这次修改没有保存。作者可以先撤回，修改后再提交。")
            response = self.form_invalid(form)
        return response


class WorkRevertView(RevisionsRevertMixin, WorkEditView):
    """Take an older version as the newest draft."""

    view_name = "revisions_revert"

    def save_instance(self) -> Work:
        hold_for_writing(self.object, by=person_of(self.request))
        work: Work = super().save_instance()
        return work


class WorkDeleteView(Guarded, snippets.DeleteView):
    """Remove a draft that was never submitted, through the room's own action."""

    opens_with = "delete"

    def delete_action(self) -> None:
        delete_draft(self.object, by=person_of(self.request))


class WorkPreviewOnAddView(snippets.PreviewOnCreateView):
    def get_object(self) -> Work:
        if not rules.may_create(self.request.user):
            raise PermissionDenied
        return file_as_taught(begin(self.model(), by=person_of(self.request)), person_of(self.request))


class WorkPreviewOnEditView(Guarded, snippets.PreviewOnEditView):
    """The form as it stands in the open page, as it will look."""
