"""专家库 in the workbench: review managers and administrators keep the pool of their own organisation, no other."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.people.queries import standing
from cms.people.workbench.screens import OnlyRoutes, UnlistedPolicy
from workflows.experts.actions import add_expert, change_expert, leave_pool
from workflows.experts.errors import AlreadyInPool, ExpertError
from workflows.experts.forms import ExpertForm, NewExpertForm
from workflows.experts.models import Expert
from workflows.experts.queries import kept_experts, kept_pools

AVAILABLE = Column(
    "available",
    label=gettext_lazy("可以接受评审"),
    accessor=lambda expert: _("是") if expert.available else _("否"),
    sort_key="available",
)


class PoolPolicy(UnlistedPolicy):
    """Wagtail's permission policy of experts: whoever keeps the pool in which the row is."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ("add", "view", "change", "delete") and bool(kept_pools(standing(user)))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Expert) -> bool:
        kept = {pool.pk for pool in kept_pools(standing(user))}
        return self.user_has_permission(user, action) and instance.organisation_id in kept

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> "QuerySet[Expert]":
        return kept_experts(standing(user))


class Kept:
    """Stands first in the bases: rows of other pools are not found, and people who keep none find no page."""

    request: HttpRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if not kept_pools(standing(request.user)):
            raise Http404
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def get_queryset(self) -> "QuerySet[Expert]":
        return kept_experts(standing(self.request.user)).select_related("user", "organisation")


class ExpertIndexView(Kept, generic.IndexView):
    default_ordering: ClassVar = ["organisation", "user__name", "id"]
    page_size = 50

    def get_base_queryset(self) -> "QuerySet[Expert]":
        return self.get_queryset_of_pool().prefetch_related("stages", "subjects")

    def get_queryset_of_pool(self) -> "QuerySet[Expert]":
        return Kept.get_queryset(self)

    def get_queryset(self) -> "QuerySet[Expert]":
        experts: QuerySet[Expert] = generic.IndexView.get_queryset(self)
        return experts


class ExpertCreateView(Kept, generic.CreateView):
    success_message = gettext_lazy("“%(object)s”已加入专家库。")

    def get_form_kwargs(self) -> dict[str, Any]:
        pools = kept_pools(standing(self.request.user))
        return {**super().get_form_kwargs(), "pools": pools}

    def form_valid(self, form: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = super().form_valid(form)
        except ExpertError as error:
            twice = isinstance(error, AlreadyInPool)
            form.add_error(
                "account",
                _("这位专家已经在库里。") if twice else _("学生、家长和没有教职工角色的账号不能担任评审专家。"),
            )
            self.produced_error_message = self.get_error_message()
            response = self.form_invalid(form)
        return response

    def save_instance(self) -> Expert:
        data = self.form.cleaned_data
        return add_expert(
            data["account"],
            organisation=data["organisation"],
            by=self.request.user,
            title=data["title"],
            stages=data["stages"],
            subjects=data["subjects"],
            available=data["available"],
        )


class ExpertEditView(Kept, generic.EditView):
    def save_instance(self) -> Expert:
        data = self.form.cleaned_data
        try:
            return change_expert(
                self.object,
                by=self.request.user,
                title=data["title"],
                stages=data["stages"],
                subjects=data["subjects"],
                available=data["available"],
            )
        except PermissionDenied as error:
            raise Http404 from error


class ExpertDeleteView(Kept, generic.DeleteView):
    page_title = gettext_lazy("移出专家库")
    success_message = gettext_lazy("“%(object)s”已移出专家库，以前的评审记录仍然保留。")

    @property
    def confirmation_message(self) -> str:
        return _("确定把%s移出专家库吗？正在进行的评审不受影响，以前的评审记录仍然保留。") % self.object

    def delete_action(self) -> None:
        leave_pool(self.object, by=self.request.user)


class ExpertViewSet(OnlyRoutes, ModelViewSet):
    """Index, add, edit, and leaving the pool in the place of deleting."""

    routes = frozenset({"index", "index_results", "add", "edit", "delete"})
    model = Expert
    name = "experts"
    icon = "group"
    menu_label = gettext_lazy("专家库")
    menu_order = 120
    add_to_admin_menu = True
    index_view_class = ExpertIndexView
    add_view_class = ExpertCreateView
    edit_view_class = ExpertEditView
    delete_view_class = ExpertDeleteView
    copy_view_enabled = False
    inspect_view_enabled = False
    sort_order_field = None
    search_backend_name = None
    search_fields: ClassVar = ["user__name", "user__username"]
    list_display: ClassVar = ["__str__", "title", "organisation", AVAILABLE]

    def get_form_class(self, for_update: bool = False) -> type[ExpertForm]:
        return ExpertForm if for_update else NewExpertForm
