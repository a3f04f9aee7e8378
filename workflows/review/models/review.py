"""Who was asked, and what they said."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflows.review.enums import ReviewStage, Verdict
from workflows.review.models.policy import Criterion
from workflows.review.models.submission import Round


class Assignment(models.Model):
    """An expert is asked to review one round."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assignments")
    expert = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(_("指派时间"), default=timezone.now)
    due_at = models.DateTimeField(_("期限"))
    removed_at = models.DateTimeField(_("撤换时间"), null=True)

    class Meta:
        verbose_name = _("评审指派")
        verbose_name_plural = _("评审指派")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "expert"], condition=Q(removed_at__isnull=True), name="assignment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.expert} · {self.round}"


class Review(models.Model):
    """What one reviewer said of one round. Written once.

    total   percent of the rubric's full points, 0 to 100 with two decimals; empty for the school's review
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    stage = models.CharField(_("环节"), max_length=8, choices=ReviewStage.choices)
    verdict = models.CharField(_("结论"), max_length=16, choices=Verdict.choices)
    comment = models.TextField(_("意见"), blank=True, max_length=5000)
    total = models.DecimalField(_("得分"), max_digits=5, decimal_places=2, null=True)
    recorded_at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("评审意见")
        verbose_name_plural = _("评审意见")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "reviewer", "stage"], name="review_once"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="review_verdict_known"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} · {self.get_verdict_display()}"


class Score(models.Model):
    """Points for one criterion."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField(_("得分"), validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("评分")
        verbose_name_plural = _("评分")
        constraints = [models.UniqueConstraint(fields=["review", "criterion"], name="score_once")]

    def __str__(self) -> str:
        return f"{self.criterion} {self.points}"
