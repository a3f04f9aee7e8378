"""Reminders: one day before something is due, when the time has passed, and every few days after that.

Each waiting thing has one outbox row that puts its next row itself, until the thing has moved on; so nothing has to be
started, and a row that comes too late finds nothing to do.

ref   `submission:<id>:<round>:<state>` or `assignment:<id>`
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cms.outbox import actions as outbox
from workflows.review.enums import UNDER_REVIEW, State
from workflows.review.models import Assignment, Submission

TOPIC = "review.remind"
BEFORE = timedelta(days=1)
AGAIN = timedelta(days=3)


def plan(submission: Submission) -> None:
    """Remind whoever has it now. Experts have dates of their own (`plan_assignments`)."""
    if submission.due_at is not None and submission.state in UNDER_REVIEW:
        ref = f"submission:{submission.pk}:{submission.round_number}:{submission.state}"
        outbox.add(TOPIC, ref, due_at=first_look(submission.due_at))


def plan_assignments(assignments: Iterable[Assignment]) -> None:
    """Remind each expert who was asked, by the date given: one statement for a panel, which shares its date."""
    by_due: dict[datetime, list[str]] = {}
    for assignment in assignments:
        by_due.setdefault(first_look(assignment.due_at), []).append(f"assignment:{assignment.pk}")
    for due_at, refs in by_due.items():
        outbox.add_each(TOPIC, refs, due_at=due_at)


def first_look(due: datetime) -> datetime:
    """A day before; at once would be no reminder, so things due within a day are looked at when they are due."""
    early = due - BEFORE
    return early if early > timezone.now() else due


def next_look(due: datetime, now: datetime) -> datetime:
    """At the due time, then every few days."""
    return due if now < due else now + AGAIN


def waiting_submission(ref: str) -> Submission | None:
    """The submission a ref names, while it still stands where the reminder was planned for."""
    _kind, pk, number, state = ref.split(":")
    return (
        Submission.objects.filter(pk=pk, round_number=number, state=State(state), due_at__isnull=False)
        .select_related("work__owner", "work__organisation", "organisation", "decider", "policy")
        .first()
    )


def waiting_assignment(ref: str) -> Assignment | None:
    """The assignment a ref names, while its expert is still asked and has not answered."""
    assignment = (
        Assignment.objects.filter(pk=ref.split(":")[1], removed_at__isnull=True)
        .select_related("expert", "round__submission__work")
        .first()
    )
    if assignment is None or assignment.round.closed_at is not None:
        return None
    answered = assignment.round.reviews.filter(reviewer=assignment.expert_id, stage="expert").exists()
    return None if answered else assignment


def day(moment: datetime) -> str:
    return date_format(localtime(moment), _("n月j日"))


def days_late(due: datetime, now: datetime) -> int:
    return max((now - due).days, 0)


def left(due: datetime, now: datetime) -> str:
    """How the time stands, as the end of a sentence."""
    if now < due:
        return _("%s到期") % day(due)
    late = days_late(due, now)
    return _("已逾期 %d 天") % late if late else _("已到期")
