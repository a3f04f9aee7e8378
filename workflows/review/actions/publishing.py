"""After the verdict: going live, sharing's marks, retiring. The review room is the gate's only caller."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cms.library import rules as library_rules
from cms.library.actions.going_live import go_live, take_down
from cms.library.models import Work
from cms.people.models import User
from workflows.review import rules
from workflows.review.actions.moving import held, hold, move
from workflows.review.actions.submitting import close_round
from workflows.review.enums import LIVE, OPEN, State
from workflows.review.errors import AlreadySubmitted, ReasonRequired
from workflows.review.models import Submission
from workflows.review.signals import submission_published


def publish(submission: Submission) -> Submission:
    """The sealed version of the standing round goes live; the version before it is superseded.

    Called inside the transaction of the review that decides. Sends submission_moved, work_published,
    submission_published
    """
    if submission.work.version:  # else nothing has been live before
        for earlier in Submission.objects.filter(work=submission.work_id, state__in=LIVE):
            move(held(earlier), "supersede", by=None)
    current = submission.current_round()
    close_round(submission)
    submission.work = go_live(current.seal, by=None)  # who is told next reads the new version's number and title
    submission = move(submission, "publish", by=None)
    submission_published.send(sender=Submission, submission=submission, seal=current.seal)
    return submission


def hold_live(work: Work) -> Submission | None:
    """The submission through which the live version came, locked until the transaction ends; None without one."""
    return hold(Submission.objects.filter(work=work.pk, state__in=LIVE))


@transaction.atomic(savepoint=False)
def mark_shared(submission: Submission, *, by: User | None, scope: str) -> Submission:
    """The sharing room has shared it to `scope` (a name for the history). `by` None: a new version keeps its shares.

    submission   as `hold_live` gave it in this transaction
    Raises   PermissionDenied, WrongState
    """
    if by is not None:
        rules.require(by, "share", submission)
    return move(submission, "share", by=by, scope=scope)


@transaction.atomic(savepoint=False)
def mark_unshared(submission: Submission, *, by: User, comment: str) -> Submission:
    """The last share was recalled: the work stays published in its school.

    submission   as `hold_live` gave it in this transaction
    Raises   PermissionDenied, WrongState
    """
    rules.require(by, "share", submission)
    return move(submission, "unshare", by=by, comment=comment)


@transaction.atomic
def retire(submission: Submission, *, by: User, reason: str, replacement: Work | None = None) -> Submission:
    """The work is taken down for good, with a reason that its address shows; another work may take its place.

    Raises   PermissionDenied (also for a replacement that `by` may not see), WrongState, ReasonRequired,
             AlreadySubmitted while a next version is under review
    """
    submission = held(submission)
    rules.require(by, "retire", submission)
    if not reason.strip():
        raise ReasonRequired
    if Submission.objects.filter(work=submission.work_id, state__in=OPEN).exclude(state=State.DRAFT).exists():
        raise AlreadySubmitted
    if replacement is not None and (
        replacement.pk == submission.work_id
        or not replacement.live
        or not library_rules.allows(by, "view", replacement)
    ):
        raise PermissionDenied
    for returned in Submission.objects.filter(work=submission.work_id, state=State.DRAFT):
        move(held(returned), "withdraw", by=by, comment=reason)
    take_down(submission.work, by=by, reason=reason.strip(), replacement=replacement)
    return move(submission, "retire", by=by, comment=reason)
