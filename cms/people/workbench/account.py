"""账户 in the workbench: Wagtail's page with the person's one name, which is real and registered, instead of two."""

from typing import Any

from django import forms
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import (
    AccountView,
    AvatarSettingsPanel,
    BaseSettingsPanel,
    NameEmailSettingsPanel,
    NotificationsSettingsPanel,
)


class NothingToSave(forms.Form):
    """The page saves the form of every panel."""

    def __init__(self, *args: Any, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def save(self) -> None:
        """The name is changed by whoever keeps the register."""


class NamePanel(BaseSettingsPanel):
    """Who one is here, and where to go to change what may be changed."""

    name = "name"
    title = _("姓名")  # type: ignore[assignment]  # read as text, in the language of the page
    order = 100
    form_class = NothingToSave  # type: ignore[assignment]  # Wagtail declares it as None
    template_name = "people/workbench/account_name.html"

    def get_context_data(self) -> dict[str, Any]:
        return {**super().get_context_data(), "person": self.user}


LEADS_NOWHERE = (NameEmailSettingsPanel, AvatarSettingsPanel, NotificationsSettingsPanel)
"""First and last names, which nobody here has; a picture, which no address serves; mail about Wagtail's own workflow,
which is off (superusers alone were offered it)."""


class NamedAccountView(AccountView):
    """Wagtail's page without what does nothing here."""

    def get_panels(self) -> list[Any]:
        panels = [panel for panel in super().get_panels() if not isinstance(panel, LEADS_NOWHERE)]
        return [NamePanel(self.request, self.request.user, panels[0].profile if panels else None), *panels]


urlpatterns = [path("", never_cache(require_admin_access(NamedAccountView.as_view())))]
