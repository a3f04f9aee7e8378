"""The author's side: submit, withdraw."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.library import rules as library_rules
from cms.library.actions.sealing import release, seal_latest
from cms.library.completeness import gaps
from cms.library.models import KINDS, Work
from cms.library.queries import draft_of, standard_for
from cms.organisations.queries import at_tier
from cms.people.models import User
from workflows.review import rules
from workflows.review.actions.moving import held, move
from workflows.review.enums import OPEN, State
from workflows.review.errors import AlreadySubmitted, Incomplete, NoPolicy, NothingNew
from workflows.review.models import ReviewDraft, Round, Submission
from workflows.review.queries import policy_for, rubric_for


@transaction.atomic
def submit(work: Work, *, by: User) -> Submission:
    """The newest revision is sealed, the work locked, and the school's reviewers have it.

    A returned submission goes on with its next round; else a new one begins.
    Raises   PermissionDenied, Incomplete (with what is missing), AlreadySubmitted, NothingNew, NoPolicy
    Sends    work_sealed, submission_moved
    """
    work = _held_work(work)  # first, as in `hold`
    if not library_rules.allows(by, "change", work):
        raise PermissionDenied
    submission = Submission.objects.filter(work=work, state__in=OPEN).first()
    if submission is not None and submission.state != State.DRAFT:
        raise AlreadySubmitted
    if work.live and work.latest_revision_id == work.live_revision_id:
        raise NothingNew
    missing = gaps(draft_of(work), standard_for(work.kind))
    if missing:
        raise Incomplete(missing)
    submission = held(submission) if submission is not None else _begin(work, by=by)
    rules.require(by, "submit", submission)
    seal = seal_latest(work, by=by, revision=work.latest_revision)
    submission.round_number += 1
    submission.begins(Round.objects.create(submission=submission, number=submission.round_number, seal=seal))
    return move(submission, "submit", by=by, title=seal.revision.object_str)


@transaction.atomic
def withdraw(submission: Submission, *, by: User, comment: str = "") -> Submission:
    """The author takes it back; the work may be changed again. Raises PermissionDenied, WrongState."""
    submission = held(submission)
    rules.require(by, "withdraw", submission)
    close_round(submission)
    release(submission.work)
    return move(submission, "withdraw", by=by, comment=comment)


def close_round(submission: Submission) -> None:
    """The standing round has ended; what experts had only begun to write goes with it."""
    if submission.state == State.EXPERT_REVIEW:
        ReviewDraft.objects.filter(round__submission=submission.pk, round__number=submission.round_number).delete()
    submission.rounds.filter(number=submission.round_number, closed_at__isnull=True).update(closed_at=timezone.now())


def _held_work(work: Work) -> Work:
    """The work as it is now, of its own kind and locked, with its newest revision. Raises PermissionDenied when it was
    deleted meanwhile.

    The revision is read after the lock: a join would still see the one before, when somebody saved meanwhile.
    """
    rows = KINDS[work.kind]._default_manager.select_for_update(of=("work_ptr", "self"), no_key=True)
    found = rows.select_related("owner", "organisation").filter(pk=work.pk).first()
    if found is None:
        raise PermissionDenied
    found.get_latest_revision()
    return found


def _begin(work: Work, *, by: User) -> Submission:
    policy, rubric = policy_for(work.kind), rubric_for(work.kind)
    decider = at_tier(work.organisation, policy.tier) if policy is not None else None
    if policy is None or rubric is None or decider is None or not rubric.criteria.exists():
        raise NoPolicy
    try:
        return Submission.objects.create(
            work=work,
            submitted_by=by,
            organisation=work.organisation,
            decider=decider,
            policy=policy,
            rubric=rubric,
        )  # ours until the transaction ends: nobody else has seen the row
    except IntegrityError as error:  # the other tab was quicker
        raise AlreadySubmitted from error
