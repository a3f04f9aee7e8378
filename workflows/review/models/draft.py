"""What an expert has typed and not yet handed in."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflows.review.models.submission import Round


class ReviewDraft(models.Model):
    """A half-filled scoring form, as typed: nobody but the expert sees it, and it goes when the round is decided.

    typed   field name -> text, unchecked
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="drafts")
    expert = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_drafts")
    typed = models.JSONField(_("内容"), default=dict)
    saved_at = models.DateTimeField(_("保存时间"), default=timezone.now)

    class Meta:
        verbose_name = _("评分草稿")
        verbose_name_plural = _("评分草稿")
        constraints = [models.UniqueConstraint(fields=["round", "expert"], name="review_draft_once")]

    def __str__(self) -> str:
        return f"{self.expert_id} · {self.round_id}"
