"""What learning adds to pages of the rooms below: the way into a course, and a learner's or parent's home."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from cms.learning import queries
from cms.learning.models import Enrolment
from cms.library.cards import cards_of
from cms.library.enums import WorkKind
from cms.library.models import Work
from cms.library.queries import visible_to
from cms.library.sections import Section
from cms.people.enums import Role
from cms.people.models import User
from cms.people.queries import standing, wards

SHOWN = 6


class TakeCourse(Section):
    """On the page of a course: the way in."""

    template_name = "learning/take_course.html"
    place = "actions"
    order = 10

    def __init__(self, request: HttpRequest, work: Work) -> None:
        super().__init__(request)
        self.work = work

    def context(self) -> dict[str, Any] | None:
        return {"work": self.work}


class Continue(Section):
    """At home: the courses that this person takes, last seen first."""

    template_name = "learning/home_continue.html"
    order = 20

    def context(self) -> dict[str, Any] | None:
        user = self.request.user
        if not isinstance(user, User):
            return None
        rows = list(queries.enrolments_of(user, user).filter(course__in=visible_to(user))[:SHOWN])
        pupil = standing(user).holds(Role.PUPIL)
        if not rows and not pupil:
            return None
        cards = cards_of([row.course for row in rows], self.request)
        for card, row, state in zip(cards, rows, queries.states_of(rows), strict=True):
            card["url"] = reverse("learning:course", args=[row.course.uuid])
            card["progress"], card["progress_label"] = state.fraction, f"{state.done} / {state.lessons}"
        return {"cards": cards}


class ForMyGrade(Section):
    """At a pupil's home: courses that fit the grade and are not begun."""

    template_name = "learning/home_grade.html"
    order = 30

    def context(self) -> dict[str, Any] | None:
        user = self.request.user
        grade = queries.grade_of(user)
        if grade is None:
            return None
        begun = Enrolment.objects.filter(learner=user.pk).values("course")
        fitting = queries.courses_for(user, grade=grade).filter(queries.fits(grade))
        works = list(fitting.exclude(pk__in=begun)[:SHOWN])
        cards = cards_of(works, self.request)
        for card, work in zip(cards, works, strict=True):
            card["url"] = reverse("learning:course", args=[work.uuid])
        return {"cards": cards}


class MyChildren(Section):
    """At a parent's home: the children, and what each learned last."""

    template_name = "learning/home_children.html"
    order = 15

    def context(self) -> dict[str, Any] | None:
        people = list(wards(self.request.user).select_related("pupil_profile__grade__stage"))
        rows = queries.latest_of(self.request.user, people)
        named = queries.named_for(self.request.user, queries.states_of(rows))
        latest = {row.learner_id: course for row, course in zip(rows, named, strict=True)}
        return {"children": [{"child": child, "latest": latest.get(child.pk)} for child in people]}


@hooks.register("construct_work_page")
def the_way_into_a_course(components: list[Any], request: HttpRequest, work: Work) -> None:
    if work.kind == WorkKind.MICRO_COURSE:
        components.append(TakeCourse(request, work))


@hooks.register("construct_home_page")
def home_of_learners_and_parents(components: list[Any], request: HttpRequest) -> None:
    if not isinstance(request.user, User):
        return
    who = standing(request.user)
    if who.holds(Role.PARENT):
        components.append(MyChildren(request))
    components.append(Continue(request))
    if who.holds(Role.PUPIL):
        components.append(ForMyGrade(request))


@hooks.register("construct_account_menu")
def the_way_of_a_parent(entries: list[dict[str, Any]], request: HttpRequest) -> None:
    if standing(request.user).holds(Role.PARENT):
        entries.append({"url": reverse("learning:children"), "label": _("我的孩子"), "icon": "people"})
