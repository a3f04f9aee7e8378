"""What a learner does with a course: enrolment, and how far each lesson went."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.library.models import Work


class Enrolment(models.Model):
    """A learner takes a course.

    title   of the course when the learner last saw it: all that is told of one that is no longer to be seen
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="enrolments")
    title = models.CharField(_("课程标题"), max_length=120)
    since = models.DateTimeField(_("开始时间"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("最近学习"), default=timezone.now)

    class Meta:
        verbose_name = _("学习")
        verbose_name_plural = _("学习")
        constraints = [models.UniqueConstraint(fields=["learner", "course"], name="enrolment_once")]
        indexes = [models.Index(fields=["learner", "-last_seen_at"], name="enrolment_by_learner")]

    def __str__(self) -> str:
        return f"{self.learner_id} · {self.course_id}"


class LessonProgress(models.Model):
    """How far one lesson went: 0 to 1, never backwards; where the video stands, in seconds.

    The lesson is named by its key: its row is remade at every publish of the course.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="lessons")
    lesson_key = models.UUIDField()
    fraction = models.FloatField(_("进度"), default=0.0, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)])
    position = models.FloatField(_("播放位置"), default=0.0, help_text=_("秒"))
    started_at = models.DateTimeField(_("开始时间"), default=timezone.now)
    updated_at = models.DateTimeField(_("最近学习"), default=timezone.now)
    completed_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("课时进度")
        verbose_name_plural = _("课时进度")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson_key"], name="lesson_progress_once"),
            models.CheckConstraint(condition=Q(fraction__gte=0) & Q(fraction__lte=1), name="lesson_progress_share"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.lesson_key}"
