from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "检索"

    def ready(self) -> None:
        from search import indexing, push, receivers, receivers_push  # noqa: F401  registers handlers and receivers
