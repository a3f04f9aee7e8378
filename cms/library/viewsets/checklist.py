"""The live checklist beside the form: what is missing before the work can be submitted, with a link to each field.

Wagtail renders side panels again with every autosave, so the list is always that of the saved draft. Higher rooms add
what can be done next (submit, withdraw) by the hook `construct_work_actions(components, work, request)`: laces
Components with `order`.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.side_panels import BaseSidePanel

from cms.library.completeness import Gap, gaps
from cms.library.queries import standard_for

HOOK = "construct_work_actions"


class ChecklistSidePanel(BaseSidePanel):
    """Shown first; its badge counts what is missing."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("提交前检查")
        icon_name = "list-ol"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "count": len(self.panel.gaps)}

    name = "checklist"
    title = _("提交前检查")
    template_name = "library/admin/checklist.html"
    order = 50

    def __init__(self, work: Any, request: Any) -> None:
        self.gaps: list[Gap] = gaps(work, standard_for(type(work).KIND))
        super().__init__(work, request)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        actions: list[Any] = []
        if self.object.pk:
            for answer in hooks.get_hooks(HOOK):
                answer(actions, self.object, self.request)
        return {
            **context,
            "gaps": self.gaps,
            "locked": bool(self.object.pk and self.object.locked),
            "actions": sorted(actions, key=lambda action: getattr(action, "order", 100)),
        }
