"""积分标准 in the settings menu: versions are added, never changed; entries keep the one they were made by."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, ObjectList
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.people.queries import standing
from cms.people.workbench.screens import OnlyRoutes, UnlistedPolicy
from workflows.points.actions import add_tariff
from workflows.points.models import Tariff, TariffLine
from workflows.points.queries import tariff_in_force


class TariffPolicy(UnlistedPolicy):
    """Wagtail's permission policy of the tariff: add and look, nothing else."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ("add", "view") and standing(user).administers_the_province


class TariffCreateView(generic.CreateView):
    """The next version, begun from the one in force."""

    success_message = gettext_lazy("已新增积分标准“%(object)s”，生效以后的积分按这一版计算，已有记录不变。")

    def get_initial_form_instance(self) -> Tariff:
        fresh = Tariff()
        newest = tariff_in_force()
        if newest is not None:
            fresh.lines = [
                TariffLine(reason=line.reason, recipient=line.recipient, kind=line.kind, points=line.points)
                for line in newest.lines.all()
            ]
        return fresh

    def get_edit_url(self) -> None:
        """A version is not edited."""

    def get_success_buttons(self) -> list[Any]:
        return []

    def save_instance(self) -> Tariff:
        by: Any = self.request.user
        return add_tariff(self.form.save(commit=False), by=by)


class TariffViewSet(OnlyRoutes, ModelViewSet):
    routes = frozenset({"index", "index_results", "add", "inspect"})
    model = Tariff
    name = "points_tariff"
    icon = "list-ol"
    menu_label = gettext_lazy("积分标准")
    menu_order = 320
    add_to_settings_menu = True
    add_view_class = TariffCreateView
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display: ClassVar = ["__str__", "in_force_from", "note", "created_by"]
    inspect_view_fields: ClassVar = ["version", "in_force_from", "note", "created_by", "lines"]
    search_backend_name = None
    edit_handler = ObjectList(
        [
            HelpPanel(content=gettext_lazy("保存后成为新版本，只管生效以后的积分；已有的积分记录保持原来那一版。")),
            FieldPanel("in_force_from"),
            FieldPanel("note"),
            InlinePanel(
                "lines",
                [FieldPanel("reason"), FieldPanel("recipient"), FieldPanel("kind"), FieldPanel("points")],
                heading=gettext_lazy("积分项目"),
                label=gettext_lazy("项目"),
                min_num=1,
            ),
        ]
    )
