"""Reads of the review room."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from cms.library.models import Work
from cms.people.queries import Anybody
from workflows.review import rules
from workflows.review.enums import LIVE, OPEN
from workflows.review.models import Policy, Rubric, Submission

WAITING_FOR = ("decide", "end_trial", "review", "assign")
"""Actions that put a submission on somebody's worklist."""


def policy_for(kind: str) -> Policy | None:
    """The policy in force for a kind of work."""
    return Policy.objects.filter(kind=kind, in_force_from__lte=timezone.now()).order_by("-version").first()


def rubric_for(kind: str) -> Rubric | None:
    """The rubric in force for a kind of work."""
    return Rubric.objects.filter(kind=kind, in_force_from__lte=timezone.now()).order_by("-version").first()


def with_work(submissions: "QuerySet[Submission]") -> "QuerySet[Submission]":
    """With what a line of a list shows: one query whatever its length."""
    return submissions.select_related(
        "work__owner", "work__organisation", "work__stage", "work__subject", "work__grade", "organisation", "decider"
    ).defer("work__body")


def worklist(user: Anybody) -> "QuerySet[Submission]":
    """Exactly what waits for this person, due first."""
    waiting = rules.NOBODY
    for action in WAITING_FOR:
        waiting |= rules.as_q(user, action)
    return with_work(Submission.objects.filter(waiting)).order_by("due_at", "id")


def get_readable(user: Anybody, uuid: UUID | str, action: str = "read") -> Submission:
    """The submission, when `user` may do `action` with it; else "not found"."""
    found = (
        Submission.objects.filter(rules.as_q(user, action), uuid=uuid)
        .select_related("work__organisation", "work__owner", "organisation", "decider", "policy", "rubric")
        .first()
    )
    if found is None:
        raise Http404
    return found


def open_submission(work: Work) -> Submission | None:
    return Submission.objects.filter(work=work.pk, state__in=OPEN).first()


def live_submission(work: Work) -> Submission | None:
    """The submission through which the live version came."""
    return Submission.objects.filter(work=work.pk, state__in=LIVE).first()
