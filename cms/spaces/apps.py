from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SpacesConfig(AppConfig):
    name = "cms.spaces"
    label = "spaces"
    verbose_name = _("空间")

    def ready(self) -> None:
        from cms.spaces import receivers  # noqa: F401  registers them
