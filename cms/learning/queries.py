"""Reads of learning: courses to take, how far somebody went. Progress counts over the lessons of the live version."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import Http404

from cms.learning import rules
from cms.learning.models import Enrolment, LessonProgress
from cms.library import rules as library_rules
from cms.library.enums import WorkKind
from cms.library.models import Lesson, MicroCourse, Work
from cms.library.queries import CURRICULUM, for_cards, visible_ids
from cms.people.enums import Role
from cms.people.models import Guardianship, Membership, User
from cms.people.queries import Anybody, current
from cms.taxonomy.models import Grade


@dataclass(frozen=True)
class LessonState:
    """A lesson of the live course and how far this learner went in it."""

    number: int
    lesson: Lesson
    fraction: float = 0.0
    position: float = 0.0

    @property
    def done(self) -> bool:
        return self.fraction >= 1


@dataclass(frozen=True)
class CourseState:
    """How far a learner went in one course.

    title      of the course when the learner last saw it
    fraction   mean over the lessons that the live version has
    """

    course: Work
    title: str
    lessons: int
    done: int
    fraction: float
    last_seen_at: datetime
    finished_at: datetime | None


def courses_for(user: Anybody, *, grade: Grade | None = None) -> "QuerySet[Any]":
    """Live micro-courses this visitor may see, those of the grade first, then the newest."""
    found = Work.objects.filter(library_rules.as_q(user, "view"), kind=WorkKind.MICRO_COURSE)
    ahead = When(grade_id=grade.pk, then=Value(True)) if grade is not None else When(pk__in=[], then=Value(True))
    return (
        for_cards(found)
        .annotate(mine=Case(ahead, default=Value(False), output_field=BooleanField()))
        .order_by("-mine", "-last_published_at", "-pk")
    )


def grade_of(user: Anybody) -> Grade | None:
    """The grade of a pupil."""
    if user.pk is None:
        return None
    return Grade.objects.filter(pupilprofile__user=user.pk).first()


def fits(grade: Grade) -> Q:
    """Courses of the grade, and of its stage where they name no grade."""
    return Q(grade=grade.pk) | Q(grade=None, stage=grade.stage_id)


def get_course(user: Anybody, uuid: UUID) -> MicroCourse:
    """The live course, when `user` may see it; else "not found"."""
    course = (
        MicroCourse.objects.filter(library_rules.as_q(user, "view"), uuid=uuid)
        .select_related("owner", "organisation", "cover", *CURRICULUM)
        .first()
    )
    if course is None:
        raise Http404
    return course


def lessons_of(course: Work, learner: Anybody) -> list[LessonState]:
    """The lessons of the live course in order, with this learner's progress: two queries, one without a learner."""
    lessons = list(Lesson.objects.filter(course=course.pk).defer("task_sheet"))
    known: dict[UUID, tuple[float, float]] = {}
    if learner.pk is not None:
        rows = LessonProgress.objects.filter(enrolment__learner=learner.pk, enrolment__course=course.pk)
        known = {
            key: (fraction, position)
            for key, fraction, position in rows.values_list("lesson_key", "fraction", "position")
        }
    nothing = (0.0, 0.0)
    return [
        LessonState(number, lesson, *(known.get(lesson.key, nothing) if lesson.key else nothing))
        for number, lesson in enumerate(lessons, 1)
    ]


def next_lesson(lessons: Sequence[LessonState]) -> LessonState | None:
    """Where to go on: the first lesson that is not done; None when all are."""
    return next((state for state in lessons if not state.done and state.lesson.key), None)


def states_of(enrolments: "Iterable[Enrolment]") -> list[CourseState]:
    """How far each enrolment went, in the order given: two queries for all."""
    rows = list(enrolments)
    keys: dict[int, list[UUID | None]] = {}
    for course, key in Lesson.objects.filter(course__in=[row.course_id for row in rows]).values_list("course", "key"):
        keys.setdefault(course, []).append(key)
    known: dict[int, dict[UUID, tuple[float, datetime | None]]] = {}
    progress = LessonProgress.objects.filter(enrolment__in=rows)
    for pk, key, fraction, at in progress.values_list("enrolment", "lesson_key", "fraction", "completed_at"):
        known.setdefault(pk, {})[key] = (fraction, at)
    return [_state(row, keys.get(row.course_id, []), known.get(row.pk, {})) for row in rows]


def named_for(viewer: Anybody, states: Sequence[CourseState]) -> list[dict[str, Any]]:
    """{state, visible, title} of each, in one query: what `viewer` may see no longer has the title that the learner
    saw, nothing newer."""
    visible = visible_ids(viewer, [state.course.pk for state in states])
    return [
        {
            "state": state,
            "visible": state.course.pk in visible,
            "title": state.course.title if state.course.pk in visible else state.title,
        }
        for state in states
    ]


def _state(
    enrolment: Enrolment, keys: list[UUID | None], known: dict[UUID, tuple[float, datetime | None]]
) -> CourseState:
    here = [known[key] for key in keys if key in known]
    ended = [at for fraction, at in here if fraction >= 1 and at is not None]
    finished = len(ended) == len(keys) and bool(keys)
    return CourseState(
        course=enrolment.course,
        title=enrolment.title,
        lessons=len(keys),
        done=len(ended),
        fraction=sum(fraction for fraction, _at in here) / len(keys) if keys else 0.0,
        last_seen_at=enrolment.last_seen_at,
        finished_at=max(ended) if finished else None,
    )


def enrolments_of(viewer: Anybody, learner: User) -> "QuerySet[Enrolment]":
    """What `learner` takes, last seen first, when `viewer` may see it. Courses no longer live to the learner stay."""
    return (
        Enrolment.objects.filter(rules.as_q(viewer), learner=learner)
        .select_related(*(f"course__{name}" for name in ("owner", "organisation", "cover", *CURRICULUM)))
        .defer("course__body")
        .order_by("-last_seen_at", "-pk")
    )


def latest_of(viewer: Anybody, learners: "Iterable[User]") -> "list[Enrolment]":
    """What each of `learners` took up last, when `viewer` may see it: at most one row each."""
    last = Enrolment.objects.filter(learner=OuterRef("pk")).order_by("-last_seen_at", "-pk").values("pk")[:1]
    people = User.objects.filter(pk__in=[learner.pk for learner in learners])
    return list(
        Enrolment.objects.filter(rules.as_q(viewer), pk__in=people.values_list(Subquery(last)))
        .select_related("course")
        .defer("course__body")
    )


def guardians_of(learner: User) -> "QuerySet[User]":
    """The parents who are told how this child is doing: its guardians now, who are a parent somewhere now."""
    theirs = Guardianship.objects.filter(current(), pupil=learner.pk)
    parents = Membership.objects.filter(current(), role=Role.PARENT)
    return User.objects.filter(is_active=True, pk__in=theirs.values("guardian")).filter(pk__in=parents.values("user"))
