from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "cms.outbox"
    label = "outbox"
    verbose_name = "发件箱"

    def ready(self) -> None:
        from cms.outbox import tasks  # noqa: F401  registers its handler
