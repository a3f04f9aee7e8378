"""Grant: who may see the live version of a work."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.library.models.circle import once_per_circle
from cms.library.models.work import Work
from cms.organisations.models import Organisation


class Grant(models.Model):
    """The live version may be seen by everybody at or below `organisation`; by any visitor when it is empty.

    Written by `cms.library.actions.granting` only: going live grants the work's own school, sharing grants more.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="grants")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("可见范围")
        verbose_name_plural = _("可见范围")
        constraints = once_per_circle("grant")
        indexes = [
            models.Index(fields=["-granted_at", "-id"], condition=models.Q(organisation=None), name="grant_newest_open")
        ]

    def __str__(self) -> str:
        return f"{self.work_id} → {self.organisation_id or 'public'}"
