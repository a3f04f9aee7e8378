"""What a school says of a work it tries before experts see it (S71)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflows.review.models.submission import Round

RATINGS = range(1, 6)


class TrialNote(models.Model):
    """One person's feedback on one round of a trial; the person may change it while the trial lasts.

    rating   whole points from 1 (cannot be used) to 5 (very good)
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="trial_notes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="trial_notes")
    rating = models.PositiveSmallIntegerField(_("试用评分"))
    comment = models.TextField(_("试用意见"), blank=True, max_length=1000)
    written_at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("试用反馈")
        verbose_name_plural = _("试用反馈")
        ordering = ["-written_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "user"], name="trial_note_once"),
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="trial_note_rating"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.rating}"
