"""The ledger of space points (S27): append-only entries by a versioned tariff; a balance is their sum."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from cms.audit.append_only import AppendOnly
from cms.library.enums import WorkKind
from cms.spaces.models import Space
from workflows.points.enums import Reason, Recipient


class Tariff(ClusterableModel):
    """One version of what is worth how much. The newest in force counts; entries keep the version they were made by."""

    version = models.PositiveIntegerField(_("版本"), unique=True)
    in_force_from = models.DateTimeField(_("生效时间"), default=timezone.now)
    note = models.CharField(_("修订说明"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = pgettext_lazy("one", "积分标准")
        verbose_name_plural = pgettext_lazy("several", "积分标准")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"v{self.version}"


class TariffLine(models.Model):
    """So many whole points to this recipient for this reason; an empty kind: every kind without a line of its own."""

    tariff = ParentalKey(Tariff, on_delete=models.CASCADE, related_name="lines")
    reason = models.CharField(_("事由"), max_length=16, choices=Reason.choices)
    recipient = models.CharField(_("计入"), max_length=16, choices=Recipient.choices)
    kind = models.CharField(_("作品类别"), max_length=24, choices=WorkKind.choices, blank=True)
    points = models.PositiveSmallIntegerField(_("分值"))

    class Meta:
        verbose_name = _("积分项目")
        verbose_name_plural = _("积分项目")
        constraints = [
            models.UniqueConstraint(fields=["tariff", "reason", "recipient", "kind"], name="tariff_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.points}"


class Entry(AppendOnly):
    """Points that a space got, and why. Written once; a correction is a reversing entry.

    key        idempotency: the same cause never counts twice
    cause      what it was for, as a readable pair: `review`, `submission`, `share`, `adoption` and an id
    evidence   facts for the statement: title of the work, who, where
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="entries")
    points = models.IntegerField(_("积分"))
    reason = models.CharField(_("事由"), max_length=16, choices=Reason.choices)
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="+")
    work = models.ForeignKey("library.Work", null=True, on_delete=models.PROTECT, related_name="+")
    cause_type = models.CharField(max_length=16)
    cause_id = models.CharField(max_length=64)
    evidence = models.JSONField(default=dict)
    key = models.CharField(max_length=120, unique=True)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversal")
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("积分记录")
        verbose_name_plural = _("积分记录")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(points=0), name="entry_not_nothing")]
        indexes = [
            models.Index(fields=["space", "-id"], name="entry_by_space"),
            models.Index(fields=["cause_type", "cause_id"], name="entry_by_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.space_id} {self.points:+d}"
