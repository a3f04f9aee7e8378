"""A child's guardians are told of a course that the child has completed; in the transaction of the last lesson."""

from collections.abc import Iterator
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.learning.models import Enrolment, LessonProgress
from cms.learning.queries import guardians_of, states_of
from cms.learning.signals import lesson_completed
from cms.notices.actions import News, tell
from cms.notices.enums import Topic


@receiver(lesson_completed)
def tell_the_guardians(sender: object, progress: LessonProgress, **kwargs: Any) -> None:
    """Once an enrolment: the lessons of a later version are no second course."""
    tell(_of_a_course(progress.enrolment))


def _of_a_course(enrolment: Enrolment) -> Iterator[News]:
    guardians = list(guardians_of(enrolment.learner))
    if guardians and states_of([enrolment])[0].finished_at is not None:
        facts = {"name": enrolment.learner.name, "title": enrolment.course.title_inside[:120]}
        page = reverse("learning:child", args=[enrolment.learner.uuid])
        yield News(guardians, Topic.CHILD, _("%(name)s学完了《%(title)s》。") % facts, page, f"learnt:{enrolment.pk}")
