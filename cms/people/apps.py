from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "cms.people"
    label = "people"
    verbose_name = _("人员")

    def ready(self) -> None:
        from cms.people import tasks  # noqa: F401  registers its handlers

        # Wagtail asks its own configuration by these names which screens to register.
        for screens in ("user_viewset", "group_viewset"):
            setattr(apps.get_app_config("wagtailusers"), screens, "cms.people.workbench.closed.NoScreens")
