"""How a kind of work is reviewed, as versioned data: policy and rubric. A submission keeps those it began with."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from cms.library.enums import WorkKind
from cms.organisations.enums import Tier

MOST_DAYS = 366
"""A year is longer than anybody waits; what ends after the year 9999 cannot be written as a date."""


class Policy(models.Model):
    """One version of the rules of one kind. The newest in force counts for new submissions.

    trial_days    whole days in the school before experts see it (S71); 0: no trial
    experts       how many the manager assigns
    quorum        so many reviews decide
    pass_mark     least mean score, in percent of the rubric's full points
    tier          which tier's research office decides
    school_days, expert_days   handling limits (S102), whole days
    """

    kind = models.CharField(_("类别"), max_length=24, choices=WorkKind.choices)
    version = models.PositiveIntegerField(_("版本"))
    in_force_from = models.DateTimeField(_("生效时间"), default=timezone.now)
    trial_days = models.PositiveSmallIntegerField(
        _("校内试用天数"), default=0, validators=[MaxValueValidator(MOST_DAYS)]
    )
    experts = models.PositiveSmallIntegerField(_("指派专家人数"), default=3, validators=[MinValueValidator(1)])
    quorum = models.PositiveSmallIntegerField(_("最少评审人数"), default=2, validators=[MinValueValidator(1)])
    pass_mark = models.PositiveSmallIntegerField(_("合格分（百分制）"), default=70, validators=[MaxValueValidator(100)])
    tier = models.CharField(_("评审层级"), max_length=16, choices=Tier.choices, default=Tier.COUNTY)
    school_days = models.PositiveSmallIntegerField(
        _("校级审核时限（天）"), default=5, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    expert_days = models.PositiveSmallIntegerField(
        _("专家评审时限（天）"), default=10, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    note = models.CharField(_("修订说明"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = pgettext_lazy("one", "评审办法")
        verbose_name_plural = pgettext_lazy("several", "评审办法")
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="policy_once"),
            models.CheckConstraint(
                condition=Q(quorum__gte=1) & Q(experts__gte=F("quorum")) & Q(pass_mark__lte=100), name="policy_sound"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"


class Rubric(ClusterableModel):
    """What experts score, one version of one kind."""

    kind = models.CharField(_("类别"), max_length=24, choices=WorkKind.choices)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=100)
    in_force_from = models.DateTimeField(_("生效时间"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = pgettext_lazy("one", "评分标准")
        verbose_name_plural = pgettext_lazy("several", "评分标准")
        ordering = ["kind", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="rubric_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


def new_key() -> str:
    """A key nobody has to think of; people who write rubrics read titles."""
    return uuid.uuid4().hex[:12]


class Criterion(models.Model):
    """One line of a rubric: whole points from 0 to `max_points`."""

    rubric = ParentalKey(Rubric, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(_("编号"), max_length=40, default=new_key)
    title = models.CharField(_("指标"), max_length=60)
    description = models.CharField(_("评分说明"), max_length=300, blank=True)
    max_points = models.PositiveSmallIntegerField(_("满分"), validators=[MinValueValidator(1)])
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    sort_order_field = "order"  # Wagtail's inline panel moves rows by it
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("评分指标")
        verbose_name_plural = _("评分指标")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["rubric", "key"], name="criterion_once")]

    def __str__(self) -> str:
        return self.title
