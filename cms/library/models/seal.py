"""Seal: one revision of a work, frozen with its hash so that what was reviewed is what goes live."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.audit.append_only import AppendOnly
from cms.library.models.work import Work


class Seal(AppendOnly):
    """A frozen revision. Written once; `sha256` is of the stored content, read back from the database."""

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="seals")
    revision = models.OneToOneField("wagtailcore.Revision", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField(_("封存时间"), default=timezone.now)

    class Meta:
        verbose_name = _("封存版本")
        verbose_name_plural = _("封存版本")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.work_id} · {self.sha256[:12]}"
