from django.apps import AppConfig


class PointsConfig(AppConfig):
    name = "workflows.points"
    label = "points"
    verbose_name = "积分"
