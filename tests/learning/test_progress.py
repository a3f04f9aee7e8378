"""Progress: never backwards, over the lessons of the live version, seen by the learner and the guardians only."""

from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cms.learning import rules
from cms.learning.actions import complete_lesson, enrol, record_progress
from cms.learning.errors import NoSuchLesson, NotACourse, ProgressOutOfRange
from cms.learning.models import Enrolment, LessonProgress
from cms.learning.queries import lessons_of, states_of
from cms.learning.signals import lesson_completed
from cms.library.models import Lesson, Work
from cms.people.models import Guardianship, User
from tests import factories
from tests.factories.province import Province

pytestmark = pytest.mark.django_db


def live_course(place: Province, *, openly: bool = False, **facts: Any) -> Work:
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.micro_course(place, author, **facts), openly=openly)
    return Work.objects.get(pk=share.work_id)


def keys_of(course: Work) -> list[Any]:
    return list(Lesson.objects.filter(course=course.pk).values_list("key", flat=True))


def complete(course: Work, learner: User, *, but: int = 0) -> None:
    """All lessons of the course, or all but the last ones."""
    keys = keys_of(course)
    for key in keys[: len(keys) - but]:
        complete_lesson(course, key, by=learner)


def test_lesson_written_without_a_key_can_be_opened_and_learnt() -> None:
    place = factories.province()
    author = factories.teacher(place)
    draft = factories.micro_course(place, author)
    for lesson in draft.lessons.all():  # type: ignore[attr-defined]  # of a micro-course
        lesson.key = None
    draft.save_revision(user=author)
    course, pupil = Work.objects.get(pk=factories.shared(place, author, draft).work_id), factories.pupil(place)
    keys = keys_of(course)
    assert None not in keys
    assert len(set(keys)) == 18
    for state in lessons_of(course, pupil):
        complete_lesson(course, state.lesson.key, by=pupil)  # type: ignore[arg-type]  # shown above
    (state_of_course,) = states_of(Enrolment.objects.filter(learner=pupil))
    assert (state_of_course.done, state_of_course.lessons) == (18, 18)


def test_enrol_twice_changes_nothing() -> None:
    place = factories.province()
    course, pupil = live_course(place), factories.pupil(place)
    assert enrol(course, by=pupil) == enrol(course, by=pupil)
    assert Enrolment.objects.count() == 1


def test_enrol_needs_a_live_course_that_one_may_see() -> None:
    place = factories.province()
    course, author = live_course(place), factories.teacher(place)
    with pytest.raises(PermissionDenied):
        enrol(course, by=factories.pupil(place, place.other_school))
    with pytest.raises(NotACourse):
        enrol(factories.micro_course(place, author), by=author)
    with pytest.raises(NotACourse):
        enrol(factories.shared(place).work, by=author)


def test_progress_never_goes_back_and_the_position_may() -> None:
    place = factories.province()
    course, pupil = live_course(place), factories.pupil(place)
    key = keys_of(course)[0]
    record_progress(course, key, by=pupil, fraction=0.8, position=240)
    kept = record_progress(course, key, by=pupil, fraction=0.1, position=30)
    assert (kept.fraction, kept.position) == (0.8, 30)
    kept = record_progress(course, key, by=pupil, fraction=0.9)
    assert (kept.fraction, kept.position) == (0.9, 30)


def test_completion_is_said_once_and_stays() -> None:
    place = factories.province()
    course, pupil = live_course(place), factories.pupil(place)
    key, told = keys_of(course)[0], []

    def listen(**kwargs: Any) -> None:
        told.append(kwargs["progress"])

    lesson_completed.connect(listen)
    try:
        first = complete_lesson(course, key, by=pupil)
        again = record_progress(course, key, by=pupil, fraction=0.2)
        complete_lesson(course, key, by=pupil)
    finally:
        lesson_completed.disconnect(listen)
    assert again.completed_at == first.completed_at is not None
    assert len(told) == 1


@pytest.mark.parametrize(
    ("fraction", "position"),
    [(-0.1, 0), (1.1, 0), (float("nan"), 0), (float("inf"), 0), (0.5, -1), (0.5, float("nan")), (0.5, float("inf"))],
)
def test_progress_out_of_range_is_refused(fraction: float, position: float) -> None:
    place = factories.province()
    course, pupil = live_course(place), factories.pupil(place)
    with pytest.raises(ProgressOutOfRange):
        record_progress(course, keys_of(course)[0], by=pupil, fraction=fraction, position=position)
    assert not LessonProgress.objects.exists()


def test_progress_needs_a_lesson_of_the_live_version() -> None:
    place = factories.province()
    course, other, pupil = live_course(place), live_course(place), factories.pupil(place)
    for key in (uuid4(), keys_of(other)[0]):
        with pytest.raises(NoSuchLesson):
            record_progress(course, key, by=pupil, fraction=0.5)
    assert not Enrolment.objects.exists()


def test_progress_survives_a_new_version_of_the_course() -> None:
    place = factories.province()
    author, pupil = factories.teacher(place), factories.pupil(place)
    course = factories.published(place, author, factories.micro_course(place, author)).work
    first, second = keys_of(course)[:2]
    complete_lesson(course, first, by=pupil)
    complete_lesson(course, second, by=pupil)
    draft: Any = Work.objects.get(pk=course.pk).specific.get_latest_revision_as_object()
    draft.lessons = [
        *list(draft.lessons.all())[1:],
        Lesson(sort_order=99, title="新的一课", video=draft.lessons.all()[0].video),
    ]
    draft.save_revision(user=author)
    factories.published_from(factories.at_school_review(place, author, draft), place)
    course = Work.objects.get(pk=course.pk)
    assert course.version == 2
    states = lessons_of(course, pupil)
    assert first not in [state.lesson.key for state in states]
    assert [state.done for state in states] == [True, *[False] * 17]
    (whole,) = states_of(Enrolment.objects.select_related("course"))
    assert (whole.done, whole.lessons) == (1, 18)
    assert whole.fraction == pytest.approx(1 / 18)


def test_only_the_learner_and_current_guardians_see_progress() -> None:
    place = factories.province()
    pupil = factories.pupil(place)
    mother, stranger = factories.parent(place, pupil), factories.parent(place, factories.pupil(place))
    former = factories.parent(place, pupil)
    Guardianship.objects.filter(guardian=former).update(until=timezone.now())
    enrol(live_course(place), by=pupil)
    may = {pupil, mother}
    others = [
        stranger, former, factories.teacher(place), factories.person("administrator", place.school),
        factories.person("operator", place.province), factories.pupil(place),
    ]  # fmt: skip
    for user in (*may, *others):
        assert rules.allows(user, pupil) == (user in may)
        assert Enrolment.objects.filter(rules.as_q(user)).exists() == (user in may)


class ProgressTest(TestCase):
    """Whatever is posted in whatever order, what is kept is the furthest."""

    @settings(max_examples=10, deadline=None)
    @given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
    def test_progress_is_the_furthest_of_all_steps(self, steps: list[float]) -> None:
        place = factories.province()
        author = factories.teacher(place)
        course = factories.published(place, author, factories.micro_course(place, author)).work
        key = keys_of(course)[0]
        for step in steps:
            kept = record_progress(course, key, by=author, fraction=step)
        assert kept.fraction == max(steps)
        assert (kept.completed_at is not None) == (max(steps) == 1)


def test_every_pair_of_parent_and_child_agrees_on_list_and_object() -> None:
    place = factories.province()
    course = live_course(place)
    children = [factories.pupil(place) for _number in range(3)]
    parents = [factories.parent(place, child) for child in children]
    for child in children:
        enrol(course, by=child)
    for (number, guardian), (other, child) in product(enumerate(parents), enumerate(children)):
        seen = Enrolment.objects.filter(rules.as_q(guardian), learner=child).exists()
        assert seen == rules.allows(guardian, child) == (number == other)
