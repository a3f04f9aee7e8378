from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("检索")

    def ready(self) -> None:
        # They register handlers, receivers and checks.
        from search import checks, receivers  # noqa: F401
        from search.indexing import caring, queueing, receivers_names  # noqa: F401
        from search.indexing import receivers as indexing_receivers  # noqa: F401
        from search.push import digest, settling, unwanted  # noqa: F401
        from search.push import receivers as push_receivers  # noqa: F401
        from search.saved import following  # noqa: F401
