"""Courses, lessons and progress on the site; what a parent sees."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.learning import actions, queries, rules
from cms.learning.errors import NoSuchLesson, NotACourse, ProgressOutOfRange
from cms.learning.models import Enrolment
from cms.library.body import attachments_of, show, sorted_files
from cms.library.cards import Card, cards_of, curriculum_of
from cms.library.models import Lesson
from cms.library.pages import authors_of
from cms.people.models import User
from cms.people.queries import wards
from cms.people.requests import person_of
from cms.taxonomy.models import Grade, Subject
from cms.taxonomy.queries import as_id

PER_PAGE = 18


@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """Published courses this visitor may see, those of a pupil's grade first; `?grade=` and `?subject=` narrow them."""
    grade = as_id(request.GET.get("grade"))
    subject = as_id(request.GET.get("subject"))
    found = queries.courses_for(request.user, grade=queries.grade_of(request.user))
    if grade is not None:
        found = found.filter(grade=grade)
    if subject is not None:
        found = found.filter(subject=subject)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    cards = cards_of(page.object_list, request)
    _lead_on(cards, request, list(page.object_list))
    context = {
        "page": page,
        "cards": cards,
        "grades": Grade.objects.filter(retired=False).select_related("stage"),
        "subjects": Subject.objects.filter(retired=False),
        "grade": grade,
        "subject": subject,
    }
    return render(request, "learning/courses.html", context)


def _lead_on(cards: list[Card], request: HttpRequest, works: list[Any]) -> None:
    """Cards of courses lead to the course, with the progress of who signed in."""
    for card, work in zip(cards, works, strict=True):
        card["url"] = reverse("learning:course", args=[work.uuid])
    if not isinstance(request.user, User) or not cards:
        return
    mine = (
        Enrolment.objects.filter(learner=request.user, course__in=works).select_related("course").defer("course__body")
    )
    states = {state.course.pk: state for state in queries.states_of(mine)}
    for card, work in zip(cards, works, strict=True):
        state = states.get(work.pk)
        if state is not None:
            card["progress"] = state.fraction
            card["progress_label"] = f"{state.done} / {state.lessons}"


@require_safe
def course(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the course is for, its lessons with progress, and where to go on."""
    found = queries.get_course(request.user, uuid)
    lessons = queries.lessons_of(found, request.user)
    done = sum(state.done for state in lessons)
    context = {
        "course": found,
        "curriculum": curriculum_of(found),
        "authors": authors_of(found),
        "lessons": lessons,
        "done": done,
        "fraction": sum(state.fraction for state in lessons) / len(lessons) if lessons else 0,
        "begun": any(state.fraction > 0 for state in lessons),
        "next": queries.next_lesson(lessons),
    }
    return render(request, "learning/course.html", context)


@require_safe
def lesson(request: HttpRequest, uuid: UUID, key: UUID) -> HttpResponse:
    """One lesson: video, task sheet, files; the one before and the one after."""
    found = queries.get_course(request.user, uuid)
    lessons = queries.lessons_of(found, request.user)
    place = next((number for number, state in enumerate(lessons) if state.lesson.key == key), None)
    if place is None:
        raise Http404
    # By its key: the rows are made anew at every publication.
    row = get_object_or_404(Lesson.objects.select_related("video", "captions"), course=found.pk, key=key)
    files = attachments_of([row]).get(id(row), [])
    context = {
        "course": found,
        "state": lessons[place],
        "lesson": row,
        "video": replace(show(row.video, captions=row.captions), start=lessons[place].position) if row.video else None,
        "files": sorted_files(files),
        "lessons": lessons,
        "previous": lessons[place - 1] if place > 0 else None,
        "next": lessons[place + 1] if place + 1 < len(lessons) else None,
    }
    return render(request, "learning/lesson.html", context)


@require_POST
@login_required
def enrol(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take the course and go to the first lesson that is not done."""
    found = queries.get_course(request.user, uuid)
    try:
        actions.enrol(found, by=person_of(request))
    except (NotACourse, PermissionDenied) as error:
        raise Http404 from error
    state = queries.next_lesson(queries.lessons_of(found, request.user))
    if state is None:
        return redirect("learning:course", found.uuid)
    return redirect("learning:lesson", found.uuid, state.lesson.key)


@require_POST
def progress(request: HttpRequest, uuid: UUID, key: UUID) -> JsonResponse:
    """`fraction` (0 to 1) and `position` (seconds) of a form -> how far the lesson went now."""
    if not isinstance(request.user, User):
        return JsonResponse({"error": _("请先登录，学习进度才能保存。"), "code": "signed_out"}, status=403)
    found = queries.get_course(request.user, uuid)
    try:
        kept = actions.record_progress(
            found,
            key,
            by=request.user,
            fraction=_decimal(request.POST.get("fraction")),
            position=_decimal(request.POST["position"]) if "position" in request.POST else None,
        )
    except ProgressOutOfRange as error:
        sentence = _("进度应是 0 到 1 之间的数，播放位置应是秒数。")
        return JsonResponse({"error": sentence, "code": error.code}, status=400)
    except (NoSuchLesson, NotACourse, PermissionDenied) as error:
        raise Http404 from error
    return JsonResponse(
        {"fraction": kept.fraction, "position": kept.position, "completed": kept.completed_at is not None}
    )


@require_POST
@login_required
def complete(request: HttpRequest, uuid: UUID, key: UUID) -> HttpResponse:
    """The lesson is done; on to the next one, or back to the course after the last."""
    found = queries.get_course(request.user, uuid)
    try:
        actions.complete_lesson(found, key, by=person_of(request))
    except (NoSuchLesson, NotACourse, PermissionDenied) as error:
        raise Http404 from error
    state = queries.next_lesson(queries.lessons_of(found, request.user))
    if state is None:
        messages.success(request, _("《%s》的全部课时都学完了。") % found.title_inside)
        return redirect("learning:course", found.uuid)
    return redirect("learning:lesson", found.uuid, state.lesson.key)


@require_safe
@login_required
def children(request: HttpRequest) -> HttpResponse:
    """The children whose guardian this person is, each with how far the courses went."""
    people = list(wards(request.user).select_related("pupil_profile__grade__stage"))
    enrolments = list(
        Enrolment.objects.filter(rules.as_q(request.user), learner__in=people)
        .select_related("course")
        .defer("course__body")
        .order_by("-last_seen_at", "-pk")
    )
    courses: dict[int, list[dict[str, Any]]] = {}
    named = queries.named_for(request.user, queries.states_of(enrolments))
    for enrolment, course in zip(enrolments, named, strict=True):
        courses.setdefault(enrolment.learner_id, []).append(course)
    shown = [{"child": child, "courses": courses.get(child.pk, [])} for child in people]
    return render(request, "learning/children.html", {"children": shown})


@require_safe
@login_required
def child(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One child: each course with progress and when it was last opened; what is no longer to be seen is named, and says
    so. Others' children are "not found"."""
    found = get_object_or_404(wards(request.user).select_related("pupil_profile__grade__stage"), uuid=uuid)
    page = Paginator(queries.enrolments_of(request.user, found), PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.named_for(request.user, queries.states_of(page.object_list))
    return render(request, "learning/child.html", {"child": found, "page": page, "rows": rows})


def _decimal(text: str | None) -> float:
    """A number from a form; NaN, which no range holds, for anything else."""
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")
