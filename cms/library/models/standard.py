"""Standard: what a kind of work must have before it can be submitted. Versioned data, never a constant."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.library.enums import WorkKind


class Standard(models.Model):
    """One version of the requirements of one kind. The newest in force counts; older ones stay to be read.

    min_lessons     class hours of a micro-course (S69: 18)
    lesson_video    a video in each lesson (S70)
    min_reports, min_videos, min_supports   parts of a case 1+1+N (S74)
    min_files       files of a resource or a research outcome
    """

    kind = models.CharField(_("类别"), max_length=24, choices=WorkKind.choices)
    version = models.PositiveIntegerField(_("版本"))
    in_force_from = models.DateTimeField(_("生效时间"), default=timezone.now)
    min_lessons = models.PositiveSmallIntegerField(_("最少课时数"), default=0)
    lesson_video = models.BooleanField(_("每课时必备微视频"), default=False)
    min_reports = models.PositiveSmallIntegerField(_("案例报告份数"), default=0)
    min_videos = models.PositiveSmallIntegerField(_("课例视频份数"), default=0)
    min_supports = models.PositiveSmallIntegerField(_("支撑材料最少份数"), default=0)
    min_files = models.PositiveSmallIntegerField(_("最少文件数"), default=0)
    note = models.CharField(_("修订说明"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = pgettext_lazy("one", "完整性要求")
        verbose_name_plural = pgettext_lazy("several", "完整性要求")
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="standard_once"),
            models.CheckConstraint(condition=Q(kind__in=WorkKind.values), name="standard_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"
