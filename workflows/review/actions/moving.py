"""One step of the chain, the same way for every action."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from cms.audit.actions import record
from cms.library.models import Work
from cms.people.models import User
from workflows.review.enums import LIVE, OPEN, State
from workflows.review.errors import WrongState
from workflows.review.models import Submission
from workflows.review.signals import submission_moved


def held(submission: Submission) -> Submission:
    """The row as it is now, locked until the transaction ends. The object handed in may be old.

    The work is locked before its submissions, always in this order, so that two actions on one work wait for each
    other and never in a ring. `no_key`: rows that point here (shares, rounds) may be written meanwhile.
    """
    list(Work.objects.select_for_update(no_key=True).filter(pk=submission.work_id).values_list("pk"))
    return (
        Submission.objects.select_for_update(of=("self",), no_key=True)
        .select_related("work__organisation", "work__owner", "organisation", "decider", "policy", "rubric")
        .prefetch_related("work__coauthors__user")
        .get(pk=submission.pk)
    )


@transaction.atomic(savepoint=False)
def move(submission: Submission, step: str, *, by: User | None, comment: str = "", **facts: Any) -> Submission:
    """Take one step of the table: transition, save, audit, signal. Called by actions that have asked the rule.

    by       who did it; None when a rule or the system did
    Raises   WrongState
    Sends    submission_moved
    """
    from_state = submission.state
    try:
        getattr(submission, step)()
        submission.entered_at = timezone.now()
        submission.due_at = due_at(submission)
        submission.closed_at = None if submission.state in OPEN else submission.closed_at or timezone.now()
        submission.save()
    except (TransitionNotAllowed, ConcurrentTransition) as error:
        raise WrongState(step, from_state) from error
    trace(submission, f"submission:{step}", by=by, from_state=from_state, comment=comment, **facts)
    submission_moved.send(
        sender=Submission, submission=submission, step=step, by=by, from_state=from_state, comment=comment
    )
    return submission


def trace(submission: Submission, verb: str, *, by: User | None, from_state: str = "", **facts: Any) -> None:
    """One line in the history of the work: `version` is the number that the sealed version has, or would get."""
    work = submission.work
    is_live = submission.state in LIVE or from_state in LIVE
    record(
        verb,
        actor=by,
        subject_type="library.work",
        subject_id=work.uuid,
        organisation_id=submission.organisation_id,
        from_state=from_state,
        to_state=submission.state if from_state else "",
        version=work.version if is_live else work.version + 1,
        round=submission.round_number,
        submission=str(submission.uuid),
        **{name: value for name, value in facts.items() if value not in ("", None)},
    )


def due_at(submission: Submission) -> Any:
    """When the present state should be left, by the policy the submission began with; None where nothing waits."""
    days = {
        State.SCHOOL_REVIEW: submission.policy.school_days,
        State.TRIAL: submission.policy.trial_days,
        State.EXPERT_REVIEW: submission.policy.expert_days,
    }.get(State(submission.state))
    return timezone.now() + timedelta(days=days) if days is not None else None
