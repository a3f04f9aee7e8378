"""What the review room puts into Wagtail's admin and onto the pages of works."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.permissions import register_permission_policy

from cms.library.models import Work
from cms.library.viewsets.states import WorkState
from cms.people.queries import standing
from workflows.review.enums import LIVE, OPEN, State
from workflows.review.home import MyWorks, WaitsForMe
from workflows.review.models import Policy, Rubric
from workflows.review.progress import badge_of, who_has_it
from workflows.review.queries import latest_of, reviews, seals_of, waiting_count
from workflows.review.sections import SealSection, WorkActions
from workflows.review.viewsets.policies import PolicyViewSet, RubricViewSet
from workflows.review.viewsets.versions import RulesPolicy

for _model in (Policy, Rubric):
    register_permission_policy(_model, RulesPolicy(_model))


@hooks.register("register_admin_viewset")
def policies() -> PolicyViewSet:
    return PolicyViewSet()


@hooks.register("register_admin_viewset")
def rubrics() -> RubricViewSet:
    return RubricViewSet()


class ReviewMenuItem(MenuItem):
    """评审 in the menu, with how much waits; only for people whom something can wait for."""

    def is_shown(self, request: HttpRequest) -> bool:
        return reviews(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        count = waiting_count(request.user)
        label = _("评审（%d）") % count if count else str(self.label)
        return LinkMenuItem(self.name, label, str(self.url), icon_name=self.icon_name, classname=self.classname)


@hooks.register("register_admin_menu_item")
def review_menu_item() -> MenuItem:
    return ReviewMenuItem(
        gettext_lazy("评审"), reverse_lazy("review:worklist"), name="review", icon_name="clipboard-list", order=110
    )


# --- works in the workbench -----------------------------------------------------------------------------------------


@hooks.register("construct_work_states")
def states(states: dict[int, WorkState], works: Sequence[Work], request: HttpRequest) -> None:
    """Where each work stands on the chain: one query for a page."""
    for pk, submission in latest_of([work.pk for work in works]).items():
        if submission.state in (State.WITHDRAWN, State.SUPERSEDED):
            continue
        tone = badge_of(submission)
        label = _("退回修改") if tone == "returned" else submission.get_state_display()
        is_next = submission.state in OPEN and states[pk].tone == "published"
        note = who_has_it(submission) if submission.state in OPEN and tone != "returned" else ""
        if is_next:
            note = _("旧版仍在发布") + (f" · {note}" if note else "")
        elif submission.state in LIVE:
            note = states[pk].note
        states[pk] = WorkState(str(label), tone, note)


@hooks.register("construct_work_actions")
def work_actions(components: list[Any], work: Work, request: HttpRequest) -> None:
    components.append(WorkActions(work, request))


# --- works on the site ----------------------------------------------------------------------------------------------


@hooks.register("construct_work_page")
def work_page(components: list[Any], request: HttpRequest, work: Work) -> None:
    components.append(SealSection(request, work))


@hooks.register("decorate_work_cards")
def work_cards(cards: dict[int, dict[str, Any]], request: HttpRequest) -> None:
    """The seal of every card: one query for a list."""
    for pk, seal in seals_of(cards).items():
        cards[pk]["seal"] = seal


@hooks.register("construct_home_page")
def home_page(components: list[Any], request: HttpRequest) -> None:
    """Reviewers find what waits for them, authors how far their works are."""
    who = standing(request.user)
    components.append(WaitsForMe(request))
    if who.is_author:
        components.append(MyWorks(request))
