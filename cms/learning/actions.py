"""The writers of learning: taking a course, how far a lesson went."""

import math
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cms.learning.errors import NoSuchLesson, NotACourse, ProgressOutOfRange
from cms.learning.models import Enrolment, LessonProgress
from cms.learning.signals import lesson_completed
from cms.library import rules as library_rules
from cms.library.enums import WorkKind
from cms.library.models import Lesson, Work
from cms.people.models import User

LONGEST = 24 * 60 * 60  # seconds: no video of a lesson is longer


@transaction.atomic
def enrol(course: Work, *, by: User) -> Enrolment:
    """`by` takes the course; a second time changes nothing.

    Raises   NotACourse; PermissionDenied when `by` may not see the course
    """
    held = _require_course(course, by)
    return _enrolment(held, by)


@transaction.atomic
def record_progress(
    course: Work, lesson_key: UUID, *, by: User, fraction: float, position: float | None = None
) -> LessonProgress:
    """The lesson of this learner went at least as far as `fraction`, never backwards; the learner is enrolled with it.

    fraction   0 to 1; at 1 the lesson is done, and stays so
    position   where the video stands now, in seconds, may go back; None leaves it
    Raises     ProgressOutOfRange, NotACourse, NoSuchLesson, PermissionDenied
    Sends      lesson_completed, once a lesson
    """
    if not 0 <= fraction <= 1 or (position is not None and not 0 <= position <= LONGEST):  # NaN is neither
        raise ProgressOutOfRange
    held = _require_course(course, by)
    if not Lesson.objects.filter(course=course.pk, key=lesson_key).exists():
        raise NoSuchLesson
    now = timezone.now()
    enrolment = _enrolment(held, by)
    LessonProgress.objects.get_or_create(enrolment=enrolment, lesson_key=lesson_key)
    progress = LessonProgress.objects.select_for_update().get(enrolment=enrolment, lesson_key=lesson_key)
    progress.fraction = max(progress.fraction, fraction)
    if position is not None and math.isfinite(position):
        progress.position = position
    progress.updated_at = now
    finished = progress.fraction >= 1 and progress.completed_at is None
    if finished:
        progress.completed_at = now
    progress.save(update_fields=["fraction", "position", "updated_at", "completed_at"])
    Enrolment.objects.filter(pk=enrolment.pk).update(last_seen_at=now, title=held.title)
    if finished:
        lesson_completed.send(sender=LessonProgress, progress=progress)
    return progress


def complete_lesson(course: Work, lesson_key: UUID, *, by: User) -> LessonProgress:
    """The learner says that the lesson is done. Raises and sends as `record_progress`."""
    return record_progress(course, lesson_key, by=by, fraction=1.0)


def _enrolment(course: Work, learner: User) -> Enrolment:
    return Enrolment.objects.get_or_create(learner=learner, course_id=course.pk, defaults={"title": course.title})[0]


def _require_course(course: Work, by: User) -> Work:
    """The course as it is live now."""
    held = Work.objects.filter(pk=course.pk).select_related("organisation").first()
    if held is None or held.kind != WorkKind.MICRO_COURSE or not held.live:
        raise NotACourse
    if not library_rules.allows(by, "view", held):
        raise PermissionDenied
    return held
