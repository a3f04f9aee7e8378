"""Audience: people chosen by an editor, to whom works are recommended."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.organisations.models import Organisation
from cms.spaces.enums import Readers
from cms.taxonomy.models import Grade, Stage, Subject


class Audience(models.Model):
    """People of an organisation and all below it, chosen by an editor: one row for all who mean the same. Nobody is
    listed: a space knows from its owner's memberships and profile which audiences it belongs to
    (`cms.spaces.audiences`).

    key   its parts in one text, so that equal audiences are one row
    grade implies its stage, which stands here too
    """

    key = models.CharField(max_length=100, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", help_text=_("及其下级机构")
    )
    readers = models.CharField(_("对象"), max_length=16, choices=Readers.choices)
    stage = models.ForeignKey(Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    grade = models.ForeignKey(Grade, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("推荐对象")
        verbose_name_plural = _("推荐对象")

    def __str__(self) -> str:
        narrowed = (None if self.grade else self.stage, self.grade, self.subject)
        parts = (self.organisation.name, self.get_readers_display(), *(row.name for row in narrowed if row))
        return " · ".join(str(part) for part in parts)
