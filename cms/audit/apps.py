from collections.abc import Iterable

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from cms.audit import triggers


def install_triggers(sender: AppConfig, using: str = "default", **kwargs: object) -> None:
    triggers.install(using)


class AuditConfig(AppConfig):
    name = "cms.audit"
    label = "audit"
    verbose_name = _("审计")

    def ready(self) -> None:
        from cms.audit import receivers, tasks  # noqa: F401  register themselves
        from cms.audit.append_only import append_only_triggers  # models are importable only now
        from cms.audit.models import Entry

        def own() -> Iterable[triggers.Trigger]:
            return append_only_triggers(Entry)

        triggers.register(own)
        post_migrate.connect(install_triggers, sender=self)
        checks.register(triggers.check_triggers, checks.Tags.database)
