from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("检索")

    def ready(self) -> None:
        # They register handlers and receivers.
        from search import (  # noqa: F401
            caring,
            digest,
            following,
            indexing,
            push,
            receivers,
            receivers_lexicon,
            receivers_names,
            receivers_push,
            unwanted,
        )
