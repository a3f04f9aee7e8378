from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "cms.library"
    label = "library"
    verbose_name = _("资源库")

    def ready(self) -> None:
        from cms.audit import triggers
        from cms.library.triggers import library_triggers  # models are importable only now

        triggers.register(library_triggers)
