from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "cms.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from cms.notices import tasks  # noqa: F401  registers its handlers
