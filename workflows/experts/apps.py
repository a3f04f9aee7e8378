from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "workflows.experts"
    label = "experts"
    verbose_name = "专家"
