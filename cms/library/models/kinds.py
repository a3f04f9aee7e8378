"""The kinds of work. Each has its own table beside `Work`."""

import uuid
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from cms.library.enums import OutcomeType, PartRole, ResourceType, WorkKind
from cms.library.models.file import HasFiles, StoredFile
from cms.library.models.work import RICH_TEXT, Work

MOST_LESSONS = 200
MOST_PARTS = 100
"""Of one work, over the form and over the API: each is drawn with a dozen fields."""


class Resource(Work):
    """教学资源: courseware, a teaching design, exercises, material …"""

    KIND: ClassVar = WorkKind.RESOURCE
    resource_type = models.CharField(
        _("资源类型"), max_length=24, choices=ResourceType.choices, default=ResourceType.COURSEWARE
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = pgettext_lazy("one", "教学资源")
        verbose_name_plural = pgettext_lazy("several", "教学资源")


class MicroCourse(Work):
    """微课程 (S69): at least so many class hours, each with a video (S70)."""

    KIND: ClassVar = WorkKind.MICRO_COURSE
    research_theme = models.CharField(_("研究主题"), max_length=120, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = pgettext_lazy("one", "微课程")
        verbose_name_plural = pgettext_lazy("several", "微课程")


class CaseStudy(Work):
    """应用案例 of the form 1+1+N (S74, S75)."""

    KIND: ClassVar = WorkKind.CASE_STUDY
    key_difficulty = models.CharField(_("重难点"), max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = pgettext_lazy("one", "应用案例")
        verbose_name_plural = pgettext_lazy("several", "应用案例")


class ResearchOutcome(Work):
    """应用研究成果 (S77)."""

    KIND: ClassVar = WorkKind.RESEARCH_OUTCOME
    outcome_type = models.CharField(
        _("成果类型"), max_length=16, choices=OutcomeType.choices, default=OutcomeType.PAPER
    )
    identifier = models.CharField(
        _("编号"), max_length=60, blank=True, help_text=_("书号、专利号、刊号或课题立项编号，有则填写。")
    )
    completed_on = models.DateField(_("完成日期"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = pgettext_lazy("one", "应用研究成果")
        verbose_name_plural = pgettext_lazy("several", "应用研究成果")


class Keyed(Orderable, HasFiles, ClusterableModel):
    """A child of a work. Its row is remade at each publish, so `(work, key)` names it for ever, never its id."""

    key = models.UUIDField(null=True, blank=True, default=uuid.uuid4)

    wagtail_reference_index_ignore = True

    class Meta(Orderable.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A row always has a key: a lesson without one would count in its course and could not be opened."""
        self.key = self.key or uuid.uuid4()
        super().save(*args, **kwargs)


class Lesson(Keyed):
    """课时 of a micro-course: a video (with captions), a task sheet, files."""

    course = ParentalKey(MicroCourse, related_name="lessons", on_delete=models.CASCADE)
    title = models.CharField(_("课时标题"), max_length=100)
    goal = models.CharField(_("学习目标"), max_length=200, blank=True)
    task_sheet = RichTextField(_("学习任务单"), blank=True, features=RICH_TEXT)
    minutes = models.PositiveSmallIntegerField(
        _("时长（分钟）"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    video = models.ForeignKey(
        StoredFile, verbose_name=_("微视频"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    captions = models.ForeignKey(
        StoredFile, verbose_name=_("字幕"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    attachments = ParentalManyToManyField(StoredFile, verbose_name=_("课时文件"), blank=True, related_name="+")

    class Meta(Keyed.Meta):
        verbose_name = _("课时")
        verbose_name_plural = _("课时")

    def __str__(self) -> str:
        return self.title


class CasePart(Keyed):
    """One part of a case: the report, the lesson video, or a supporting material."""

    case = ParentalKey(CaseStudy, related_name="parts", on_delete=models.CASCADE)
    role = models.CharField(_("部分"), max_length=16, choices=PartRole.choices)
    title = models.CharField(_("标题"), max_length=100)
    body = RichTextField(_("内容"), blank=True, features=RICH_TEXT)
    attachments = ParentalManyToManyField(StoredFile, verbose_name=_("文件"), blank=True, related_name="+")

    class Meta(Keyed.Meta):
        verbose_name = _("案例部分")
        verbose_name_plural = _("案例部分")

    def __str__(self) -> str:
        return self.title


KINDS: dict[str, type[Work]] = {kind.KIND.value: kind for kind in (Resource, MicroCourse, CaseStudy, ResearchOutcome)}
"""Every kind of work by its code."""
