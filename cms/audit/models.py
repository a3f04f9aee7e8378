"""The audit log: who did what to what, when, from which state, with which version (S102)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.audit.append_only import AppendOnly


class Entry(AppendOnly):
    """One thing that somebody did. Append only.

    verb      `noun:activity[:detail]`, for example `submission:pass_school`, `share:recall`, `roster:import`
    subject   what it was done to, as a readable pair: `library.work` and its uuid
    data      facts a reader of the history is shown: comment, scores, scope, counts
    """

    at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("操作人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    verb = models.CharField(_("动作"), max_length=64)
    subject_type = models.CharField(_("对象类型"), max_length=64)
    subject_id = models.CharField(_("对象"), max_length=64)
    organisation_id = models.BigIntegerField(_("机构"), null=True)
    from_state = models.CharField(_("原状态"), max_length=32, blank=True)
    to_state = models.CharField(_("新状态"), max_length=32, blank=True)
    version = models.PositiveIntegerField(_("版本"), null=True)
    data = models.JSONField(_("事实"), default=dict)

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_by_subject"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject_type}:{self.subject_id}"
