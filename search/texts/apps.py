from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TextsConfig(AppConfig):
    name = "search.texts"
    label = "texts"
    verbose_name = _("文件里的文字")

    def ready(self) -> None:
        from search.texts import tasks  # noqa: F401  registers the handler
