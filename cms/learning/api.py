"""Courses and progress over the JSON API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from cms.learning.actions import record_progress
from cms.learning.queries import courses_for, enrolments_of, get_course, grade_of, lessons_of, named_for, states_of
from cms.people.schemas import Problem
from cms.people.tokens import TokenAuth, person, visitor

router = Router(tags=["课程"], auth=TokenAuth())

PER_PAGE = 20
PageNumber = Query(1, ge=1, le=10_000)
REFUSED: Any = {403: Problem, 404: Problem, 409: Problem, 422: Problem}


class CourseLine(Schema):
    uuid: UUID
    title: str
    summary: str
    version: int


class CoursePage(Schema):
    total: int
    items: list[CourseLine]


class LessonOut(Schema):
    """`fraction` 0 to 1 and `position` in seconds are the caller's own."""

    key: UUID | None
    title: str
    goal: str
    minutes: int | None
    fraction: float
    position: float


class CourseOut(CourseLine):
    lessons: list[LessonOut]


class TakenOut(Schema):
    course: UUID
    title: str
    lessons: int
    done: int
    fraction: float
    last_seen_at: datetime


class ProgressIn(Schema):
    fraction: float = Field(ge=0, le=1)
    position: float | None = Field(None, ge=0)


class ProgressOut(Schema):
    fraction: float
    position: float
    completed_at: datetime | None


@router.get("", response=CoursePage, auth=visitor, summary="可以学习的课程")
def listing(request: HttpRequest, page: int = PageNumber) -> Any:
    found = courses_for(request.user, grade=grade_of(request.user))
    offset = (page - 1) * PER_PAGE
    return {"total": found.count(), "items": list(found[offset : offset + PER_PAGE])}


@router.get("/mine", response=list[TakenOut], summary="我在学的课程")
def mine(request: HttpRequest) -> Any:
    who = person(request)
    return [
        {
            "course": row["state"].course.uuid,
            "title": row["title"],
            **{name: getattr(row["state"], name) for name in ("lessons", "done", "fraction", "last_seen_at")},
        }
        for row in named_for(who, states_of(enrolments_of(who, who)[:100]))
    ]


@router.get("/{uuid}", response={200: CourseOut, 404: Problem}, auth=visitor, summary="课程和课时")
def show(request: HttpRequest, uuid: UUID) -> Any:
    course = get_course(request.user, uuid)
    lessons = [
        {
            "key": state.lesson.key,
            "title": state.lesson.title,
            "goal": state.lesson.goal,
            "minutes": state.lesson.minutes,
            "fraction": state.fraction,
            "position": state.position,
        }
        for state in lessons_of(course, request.user)
    ]
    return {
        "uuid": course.uuid,
        "title": course.title,
        "summary": course.summary,
        "version": course.version,
        "lessons": lessons,
    }


@router.put("/{uuid}/lessons/{key}", response={200: ProgressOut, **REFUSED}, summary="记录一课时的进度")
def progress(request: HttpRequest, uuid: UUID, key: UUID, given: ProgressIn) -> Any:
    course = get_course(request.user, uuid)
    return record_progress(course, key, by=person(request), fraction=given.fraction, position=given.position)
