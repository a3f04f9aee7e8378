from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "cms.notices"
    label = "notices"
    verbose_name = _("通知")

    def ready(self) -> None:
        from cms.notices import receivers, tasks  # noqa: F401  register themselves
