"""The school's review: pass it (through a trial where the policy asks for one), return it, reject it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cms.library.actions.sealing import release
from cms.people.models import User
from workflows.review import rules
from workflows.review.actions.moving import held, move
from workflows.review.actions.submitting import close_round
from workflows.review.enums import ReviewStage, Verdict
from workflows.review.errors import CommentRequired, TrialNotOver
from workflows.review.models import Review, Submission
from workflows.review.signals import review_recorded


@transaction.atomic
def decide_school(submission: Submission, *, by: User, verdict: str, comment: str = "") -> Submission:
    """Record the school's review and move on: to the trial or the experts, back to the author, or to the end.

    Raises   PermissionDenied, WrongState, CommentRequired (returning and rejecting need one)
    Sends    review_recorded, submission_moved
    """
    submission = held(submission)
    rules.require(by, "decide", submission)
    verdict = Verdict(verdict)
    if verdict != Verdict.APPROVE and not comment.strip():
        raise CommentRequired
    current = submission.current_round()
    review = Review.objects.create(
        round=current, reviewer=by, stage=ReviewStage.SCHOOL, verdict=verdict, comment=comment.strip()
    )
    review_recorded.send(sender=Review, review=review, submission=submission)
    if verdict == Verdict.REQUEST_CHANGES:
        return send_back(submission, by=by, comment=comment)
    if verdict == Verdict.REJECT:
        return turn_down(submission, by=by, comment=comment)
    if submission.policy.trial_days:
        current.trial_until = timezone.now() + timedelta(days=submission.policy.trial_days)
        current.save(update_fields=["trial_until"])
        return move(submission, "begin_trial", by=by, comment=comment)
    return move(submission, "pass_to_experts", by=by, comment=comment)


@transaction.atomic
def end_trial(submission: Submission, *, by: User, passed: bool, comment: str = "") -> Submission:
    """The trial in the school ends: on to the experts, or back to the author with a comment (at any time).

    Raises   PermissionDenied, WrongState, TrialNotOver, CommentRequired
    Sends    submission_moved
    """
    submission = held(submission)
    rules.require(by, "end_trial", submission)
    if not passed:
        if not comment.strip():
            raise CommentRequired
        return send_back(submission, by=by, comment=comment)
    until = submission.current_round().trial_until
    if until is not None and timezone.now() < until:
        raise TrialNotOver(until)
    return move(submission, "pass_to_experts", by=by, comment=comment)


def send_back(submission: Submission, *, by: User | None, comment: str) -> Submission:
    """Back to the author, who may write again; the round is over."""
    close_round(submission)
    release(submission.work)
    return move(submission, "return_to_author", by=by, comment=comment)


def turn_down(submission: Submission, *, by: User | None, comment: str) -> Submission:
    """Not published. The author may write again and begin a new submission."""
    close_round(submission)
    release(submission.work)
    return move(submission, "reject", by=by, comment=comment)
