"""Delivery: a work reached an audience; since when each circle has had it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.library.models import Work
from cms.library.models.circle import once_per_circle
from cms.organisations.models import Organisation
from cms.spaces.enums import DeliveryReason

MOST_WORDS_SAID = 100
"""Characters of the line with which an editor recommends."""


class Delivery(models.Model):
    """A work reached an audience: one row for everybody whom the token names, read by merging a space's tokens.

    token   `i<interest id>`, `a<author id>` (followers of an author), `s<space id>` (followers of a space),
            `o<organisation id>` (everybody at or below), `g<audience id>` (chosen by an editor)
    source, words   who recommends it, and what for, where an editor chose the audience
    widened_at      the last push of a share or a version: some of the audience may have it only since then (`Reach`);
                    of a recommendation, which is dated when it was written, the moment it came
    Whoever reads is asked again whether the work may be seen.
    """

    token = models.CharField(max_length=32)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="deliveries")
    reason = models.CharField(max_length=20, choices=DeliveryReason.choices)
    at = models.DateTimeField(_("送达时间"), default=timezone.now)
    widened_at = models.DateTimeField(default=timezone.now, editable=False)
    source = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    words = models.CharField(max_length=MOST_WORDS_SAID, blank=True)

    class Meta:
        verbose_name = _("推送")
        verbose_name_plural = _("推送")
        constraints = [models.UniqueConstraint(fields=["token", "work"], name="delivery_once")]
        indexes = [models.Index(fields=["token", "-widened_at"], name="delivery_by_token")]

    def __str__(self) -> str:
        return f"{self.token} ← {self.work_id}"


class Reach(models.Model):
    """Since when a work has been pushed to everybody at or below an organisation, to visitors too when it is empty.

    It stays when a share is recalled: as long as another stands, who had the work before does not have it anew.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("推送范围")
        verbose_name_plural = _("推送范围")
        constraints = once_per_circle("reach")

    def __str__(self) -> str:
        return f"{self.work_id} → {self.organisation_id or 'public'}"
