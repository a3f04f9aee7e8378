from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "workflows.sharing"
    label = "sharing"
    verbose_name = "共享"
