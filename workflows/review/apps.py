from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "workflows.review"
    label = "review"
    verbose_name = "审核"

    def ready(self) -> None:
        from cms.library.rules import add_reader  # models are importable only now
        from workflows.review.rules import work_reader

        add_reader(work_reader)
