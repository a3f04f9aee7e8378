from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SharingConfig(AppConfig):
    name = "workflows.sharing"
    label = "sharing"
    verbose_name = _("共享")

    def ready(self) -> None:
        from workflows.sharing import receivers, receivers_notices  # noqa: F401  registers them
