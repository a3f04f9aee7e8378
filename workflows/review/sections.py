"""What the review room adds to other rooms' pages: the seal on a work, what an author can do next in the workbench."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from laces.components import Component

from cms.library.models import Work
from cms.library.sections import Section
from workflows.review import rules
from workflows.review.models import Submission
from workflows.review.progress import badge_of, who_has_it
from workflows.review.queries import open_submission, seals_of


class SealSection(Section):
    """Which tier reviewed the live version, when, by which rubric; it opens the history. One query."""

    template_name = "review/_seal_section.html"
    place = "seal"
    order = 10

    def __init__(self, request: HttpRequest, work: Work) -> None:
        super().__init__(request)
        self.work = work

    def context(self) -> dict[str, Any] | None:
        seal = seals_of([self.work.pk]).get(self.work.pk)
        return None if seal is None else {"seal": seal}


class WorkActions(Component):
    """In the workbench, below the checklist: submit, or where it is and withdraw."""

    template_name = "review/admin/work_actions.html"
    order = 10

    def __init__(self, work: Work, request: HttpRequest) -> None:
        self.work = work
        self.request = request

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        submission = open_submission(self.work)
        return {
            "work": self.work,
            "request": self.request,
            "csrf_token": get_token(self.request),  # laces gives its templates no request of their own
            "submission": submission,
            "state": badge_of(submission) if submission else "",
            "who": who_has_it(submission) if submission else "",
            "may_submit": self._may_submit(submission),
            "may_withdraw": submission is not None and rules.allows(self.request.user, "withdraw", submission),
            "is_complete": not parent_context.get("gaps") if parent_context else True,
            "history_url": reverse("review:history", args=[self.work.uuid]),
        }

    def _may_submit(self, submission: Submission | None) -> bool:
        if self.work.is_retired or self.work.locked:
            return False
        if submission is not None:
            return rules.allows(self.request.user, "submit", submission)
        return rules.writes(self.request.user, self.work)
