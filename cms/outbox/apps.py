from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "cms.outbox"
    label = "outbox"
    verbose_name = _("发件箱")

    def ready(self) -> None:
        from cms.outbox import tasks  # noqa: F401  registers its handler
