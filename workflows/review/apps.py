from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    name = "workflows.review"
    label = "review"
    verbose_name = _("审核")

    def ready(self) -> None:
        from cms.library.file_access import add_file_reader  # models are importable only now
        from cms.library.rules import add_reader
        from workflows.review import receivers, tasks  # noqa: F401  register themselves
        from workflows.review.rules import tries_revisions, work_reader

        add_reader(work_reader)
        add_file_reader(tries_revisions)
