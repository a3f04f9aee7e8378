from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "cms.library"
    label = "library"
    verbose_name = "资源库"

    def ready(self) -> None:
        from cms.audit import triggers
        from cms.library.triggers import library_triggers  # models are importable only now

        triggers.register(library_triggers)
