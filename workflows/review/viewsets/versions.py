"""Versions are added, never changed once in force: the views that policies and rubrics share."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.library.enums import WorkKind
from cms.people.queries import standing
from cms.people.workbench.screens import OnlyRoutes, UnlistedPolicy
from workflows.review.actions.ruling import add_version, change_version, remove_version
from workflows.review.errors import InUse
from workflows.review.queries import is_in_use
from workflows.review.wording import sentence


class RulesPolicy(UnlistedPolicy):
    """Wagtail's permission policy of policies and rubrics."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ("add", "view", "change", "delete") and standing(user).administers_the_province

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        allowed = self.user_has_permission(user, action)
        return allowed and (action in ("add", "view") or not is_in_use(instance))


class VersionIndexView(generic.IndexView):
    """Newest first; a version in use has no link to a form, for there is nothing to change."""

    default_ordering: ClassVar = ["kind", "-version"]
    page_size = 50

    def get_edit_url(self, instance: Any) -> str | None:
        return None if is_in_use(instance) else super().get_edit_url(instance)

    def get_delete_url(self, instance: Any) -> str | None:
        return None if is_in_use(instance) else super().get_delete_url(instance)


class VersionCreateView(generic.CreateView):
    """The next version, begun from the newest one of `?kind=`."""

    success_message = gettext_lazy("已新增“%(object)s”，生效以后提交的作品按这一版评审。")

    def get_initial_form_instance(self) -> Any:
        kind = self.request.GET.get("kind", "")
        newest = self.model.objects.filter(kind=kind).order_by("-version").first() if kind in WorkKind.values else None
        return self.begin(newest) if newest is not None else self.model()

    def begin(self, newest: Any) -> Any:
        """An unsaved copy of the newest version, in force from now on."""
        fields = {
            field.name: getattr(newest, field.name)
            for field in newest._meta.concrete_fields
            if field.editable and field.name not in ("id", "version", "in_force_from", "note")
        }
        return self.model(**fields)

    def save_instance(self) -> Any:
        return add_version(self.form.save(commit=False), by=self.request.user)


class Unused:
    """Stands first in the bases: a version in use is not changed, and says so."""

    request: HttpRequest
    object: Any
    index_url_name: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if standing(request.user).administers_the_province:
            version = getattr(self, "object", None) or self.get_object()  # type: ignore[attr-defined]
            if is_in_use(version):
                return self.refused()
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def refused(self) -> HttpResponseBase:
        messages.error(self.request, sentence(InUse()))
        return redirect(self.index_url_name)

    def form_valid(self, form: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = super().form_valid(form)  # type: ignore[misc]
        except InUse:  # it came into force while the form was open
            return self.refused()
        return response


class VersionEditView(Unused, generic.EditView):
    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        form.fields["kind"].disabled = True  # its number counts the versions of this kind
        return form

    def save_instance(self) -> Any:
        return change_version(self.form.save(commit=False), by=self.request.user)


class VersionDeleteView(Unused, generic.DeleteView):
    def delete_action(self) -> None:
        remove_version(self.object, by=self.request.user)


class VersionViewSet(OnlyRoutes, ModelViewSet):
    """Index, add, edit, delete; nothing else."""

    routes = frozenset({"index", "index_results", "add", "edit", "delete"})
    index_view_class = VersionIndexView
    add_view_class = VersionCreateView
    edit_view_class = VersionEditView
    delete_view_class = VersionDeleteView
    copy_view_enabled = False
    inspect_view_enabled = False
    sort_order_field = None
    add_to_admin_menu = True
    list_filter: ClassVar = ["kind"]
    search_backend_name = None
    search_fields: ClassVar = ["kind"]
