"""完整性要求 in the admin: read every version, add the next; nothing is changed or deleted afterwards."""

from typing import Any, ClassVar

from django.db import IntegrityError
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.library.actions.standards import set_standard
from cms.library.models import Standard
from cms.people.requests import person_of
from cms.people.workbench.screens import OnlyRoutes, UnlistedPolicy


class GovernPolicy(UnlistedPolicy):
    """Whoever governs the province adds and reads; nobody changes or deletes."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ("add", "view") and user.has_perm("library.govern")


class StandardIndexView(generic.IndexView):
    """The newest first, each kind together."""

    def get_edit_url(self, instance: Any) -> None:
        return None


class StandardCreateView(generic.CreateView):
    """The next version of one kind, begun from the newest, in force from now on."""

    def get_initial_form_instance(self) -> Standard:
        newest = Standard.objects.filter(kind=self.request.GET.get("kind", "")).order_by("-version").first()
        standard = newest or Standard()
        standard.pk, standard.note, standard.created_by = None, "", None
        standard.in_force_from = timezone.now()
        standard._state.adding = True
        standard.version = 0  # the action numbers it
        return standard

    def save_instance(self) -> Standard:
        return set_standard(self.form.save(commit=False), by=person_of(self.request))

    def form_valid(self, form: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = super().form_valid(form)
        except IntegrityError:
            form.add_error(None, _("刚有人设了这一类的新版本，请核对后再保存。"))
            self.produced_error_message = self.get_error_message()
            response = self.form_invalid(form)
        return response

    def get_success_message(self, instance: Any) -> str:
        return gettext("已设为 %s。") % instance

    def get_success_buttons(self) -> list[Any]:
        return []


class StandardViewSet(OnlyRoutes, ModelViewSet):
    routes = frozenset({"index", "index_results", "add"})
    model = Standard
    name = "standards"
    url_namespace = "standards"
    url_prefix = "standards"
    icon = "list-ol"
    menu_label = pgettext_lazy("menu", "完整性要求")
    menu_order = 700
    add_to_admin_menu = True
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = StandardIndexView
    add_view_class = StandardCreateView
    ordering: ClassVar = ["kind", "-version"]
    list_display: ClassVar = [
        "__str__",
        Column("min_lessons", label=_("最少课时数")),
        Column("lesson_video", label=_("每课时必备微视频"), accessor=lambda s: _("是") if s.lesson_video else _("否")),
        Column(
            "parts",
            label=_("报告 + 课例 + 支撑"),
            accessor=lambda s: f"{s.min_reports}+{s.min_videos}+{s.min_supports}",
        ),
        Column("min_files", label=_("最少文件数")),
        DateColumn("in_force_from", label=_("生效时间")),
        Column("note", label=_("修订说明")),
    ]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("kind"), FieldPanel("in_force_from")]),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("min_lessons"), FieldPanel("lesson_video")])], heading=_("微课程")
            ),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("min_reports"), FieldPanel("min_videos"), FieldPanel("min_supports")])],
                heading=_("应用案例（1+1+N）"),
            ),
            FieldPanel("min_files"),
            FieldPanel("note"),
        ]
    )
