from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "cms.people"
    label = "people"
    verbose_name = _("人员")

    def ready(self) -> None:
        from cms.people import tasks  # noqa: F401  registers its handlers
