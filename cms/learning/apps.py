from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "cms.learning"
    label = "learning"
    verbose_name = _("学习")

    def ready(self) -> None:
        from cms.learning import receivers  # noqa: F401  register themselves
