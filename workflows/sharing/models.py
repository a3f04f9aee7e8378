"""Shares to a tier, and adoptions by spaces with their provenance."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.library.models import Seal, Work
from cms.library.models.work import inside
from cms.organisations.models import Organisation
from cms.spaces.models import MOST_WORDS_SAID, Audience, Space
from workflows.review.models import Submission
from workflows.sharing.enums import AdoptionPath

MOST_REASON = 300


class Share(models.Model):
    """A published work is open to everybody at or below `scope`; `openly`: to visitors as well."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="shares")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="shares")
    scope = models.ForeignKey(Organisation, verbose_name=_("共享范围"), on_delete=models.PROTECT, related_name="+")
    openly = models.BooleanField(_("向未登录访客开放"), default=False)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(_("共享时间"), default=timezone.now)
    recalled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recalled_at = models.DateTimeField(_("收回时间"), null=True)
    recall_reason = models.CharField(_("收回原因"), max_length=MOST_REASON, blank=True)

    class Meta:
        verbose_name = _("共享")
        verbose_name_plural = _("共享")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["work", "scope"], condition=Q(recalled_at__isnull=True), name="share_once")
        ]

    def __str__(self) -> str:
        return f"{self.work_id} → {self.scope}"


class Recommendation(models.Model):
    """An organisation's editor pushes a shared work to an audience by hand (推荐). Deliveries follow from these rows:
    those that stand, as long as the audience may see the work.

    title    of the work when it was recommended: who keeps the records may not see what became of it
    source   in whose name: the organisation at or above the audience for which the editor works
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="recommendations")
    title = models.CharField(_("推荐时的标题"), max_length=120)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="recommendations")
    source = models.ForeignKey(Organisation, verbose_name=_("推荐机构"), on_delete=models.PROTECT, related_name="+")
    words = models.CharField(_("推荐理由"), max_length=MOST_WORDS_SAID, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("推荐时间"), default=timezone.now)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)

    class Meta:
        verbose_name = _("推荐")
        verbose_name_plural = _("推荐")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "audience"], condition=Q(withdrawn_at__isnull=True), name="recommendation_once"
            )
        ]
        indexes = [models.Index(fields=["source", "-id"], name="recommendation_by_source")]

    def __str__(self) -> str:
        return f"{self.work_id} → {self.audience}"

    @property
    def title_inside(self) -> str:
        """As it stands between 《》."""
        return inside(self.title)


class Adoption(models.Model):
    """A space adopted a work (选用). Provenance: which sealed version, from whom, by which of the three paths."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="adoptions")
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(_("版本"))
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="adoptions")
    source = models.ForeignKey(Organisation, verbose_name=_("来源机构"), on_delete=models.PROTECT, related_name="+")
    path = models.CharField(_("选用方式"), max_length=16, choices=AdoptionPath.choices)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(_("选用时间"), default=timezone.now)
    ended_at = models.DateTimeField(_("停用时间"), null=True)

    class Meta:
        verbose_name = _("选用")
        verbose_name_plural = _("选用")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["work", "space"], condition=Q(ended_at__isnull=True), name="adoption_once")
        ]
        indexes = [models.Index(fields=["work", "ended_at"], name="adoption_by_work")]

    def __str__(self) -> str:
        return f"{self.space_id} ← {self.work_id}"
