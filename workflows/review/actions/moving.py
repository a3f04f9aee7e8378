"""One step of the chain, the same way for every action."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from cms.audit.actions import record
from cms.library.models import Coauthor, Work
from cms.people.models import User
from workflows.review.enums import LIVE, OPEN, State
from workflows.review.errors import RoundMoved, WrongState
from workflows.review.models import Submission
from workflows.review.signals import submission_moved

MOVED = ("state", "round_number", "entered_at", "due_at", "closed_at")

READ = (
    *(field.name for field in Submission._meta.concrete_fields),
    *(f"work__{name}" for name in ("uuid", "content_type", "kind", "title", "organisation", "subject", "licence")),
    *(f"work__{name}" for name in ("version", "live", "retired_at", "latest_revision", "live_revision", "locked")),
    *(f"work__owner__{name}" for name in ("username", "name", "email", "is_active")),
    *(f"{place}__{name}" for place in ("organisation", "decider") for name in ("path", "tier", "name", "short_name")),
    *(f"policy__{name}" for name in ("trial_days", "quorum", "pass_mark", "school_days", "expert_days")),
)
"""What the actions read of these rows. All columns of all five cost half as much again, at every step of the chain."""


def held(submission: Submission) -> Submission:
    """The row as it is now, locked until the transaction ends. The object handed in may be old, but not of an earlier
    round: what was read then is not what would be decided on.

    Raises  RoundMoved
    """
    found = hold(Submission.objects.filter(pk=submission.pk))
    if found is None:
        raise Submission.DoesNotExist
    require_round(found, submission.round_number)
    return found


def require_round(submission: Submission, shown: int | None) -> None:
    """Raises RoundMoved where `shown`, the round that somebody read, is not the standing one; None where it is not
    known."""
    if shown is not None and shown != submission.round_number:
        raise RoundMoved(submission.state, submission.round_number)


def hold(submissions: "QuerySet[Submission]") -> Submission | None:
    """The one of these rows, with its work, locked until the transaction ends, and with what every action reads.

    The work is locked before its submission, always in this order (that of `of`), so that two actions on one work
    wait for each other and never in a ring. `no_key`: rows that point here (shares, rounds) may be written meanwhile.
    """
    found = (
        submissions.select_for_update(of=("work", "self"), no_key=True)
        .select_related("work__owner", "organisation", "decider", "policy")
        .only(*READ)
        .order_by()
        .first()
    )
    if found is None:
        return None
    read_coauthors(found.work)
    if found.work.organisation_id == found.organisation_id:
        found.work.organisation = found.organisation  # the same row: not read twice
    return found


def read_coauthors(work: Work) -> None:
    """`work.coauthors.all()` asks the database no more: read once, however often it is asked."""
    prefetch_related_objects([work], Prefetch("coauthors", Coauthor.objects.select_related("user")))


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
        submission.save(update_fields=MOVED)
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
