from collections.abc import Iterable

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PointsConfig(AppConfig):
    name = "workflows.points"
    label = "points"
    verbose_name = _("积分")

    def ready(self) -> None:
        from cms.audit.append_only import append_only_triggers  # models are importable only now
        from cms.audit.triggers import Trigger, register
        from workflows.points import receivers  # noqa: F401  registers them
        from workflows.points.models import Entry

        def own() -> Iterable[Trigger]:
            return append_only_triggers(Entry)

        register(own)
