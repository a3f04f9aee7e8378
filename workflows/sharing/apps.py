from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "workflows.sharing"
    label = "sharing"
    verbose_name = "共享"

    def ready(self) -> None:
        from workflows.sharing import receivers  # noqa: F401  registers them
