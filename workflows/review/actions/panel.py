"""The experts' review: a manager assigns, experts score, the rule decides."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cms.people.models import User
from workflows.review import rules
from workflows.review.actions.moving import held, trace
from workflows.review.actions.publishing import publish
from workflows.review.actions.school import send_back, turn_down
from workflows.review.enums import ReviewStage, Verdict
from workflows.review.errors import (
    AlreadyReviewed,
    CommentRequired,
    NotEligible,
    ScoreOutOfRange,
    TooFewExperts,
)
from workflows.review.models import Assignment, Criterion, Review, Round, Score, Submission
from workflows.review.queries import eligible_among
from workflows.review.scoring import Opinion, panel_verdict, percent
from workflows.review.signals import experts_assigned, review_recorded


@transaction.atomic
def assign_experts(submission: Submission, experts: Sequence[User], *, by: User) -> list[Assignment]:
    """These people are the panel of the standing round; who was on it and has not answered is taken off.

    When nobody is waited for any more, the verdict follows at once, as after a review. The panel that stands, sent
    again, changes nothing.
    Raises   PermissionDenied, WrongState, NotEligible (with names), TooFewExperts
    Sends    experts_assigned; submission_moved, submission_published when it decides
    """
    submission = held(submission)
    rules.require(by, "assign", submission)
    current = submission.current_round()
    wanted = {expert.pk: expert for expert in experts}
    answered = set(current.reviews.filter(stage=ReviewStage.EXPERT).values_list("reviewer_id", flat=True))
    if len(set(wanted) | answered) < submission.policy.quorum:
        raise TooFewExperts(submission.policy.quorum)
    standing = {a.expert_id: a for a in current.assignments.filter(removed_at__isnull=True)}
    allowed = eligible_among(wanted, submission, current) | set(standing)
    allowed -= {by.pk} - set(standing)  # nobody asks themselves; whom another manager asked stays on the panel
    refused = [expert.name for pk, expert in wanted.items() if pk not in allowed]
    if refused:
        raise NotEligible(refused)
    gone = set(standing) - set(wanted) - answered
    if standing and not gone and not wanted.keys() - standing.keys():
        return []  # sent twice
    current.assignments.filter(expert__in=gone, removed_at__isnull=True).update(removed_at=timezone.now())
    if gone:
        current.drafts.filter(expert__in=gone).delete()
    due = timezone.now() + timedelta(days=submission.policy.expert_days)
    made = Assignment.objects.bulk_create(
        Assignment(round=current, expert=expert, assigned_by=by, due_at=due)
        for pk, expert in wanted.items()
        if pk not in standing
    )
    names = [expert.name for expert in wanted.values()]
    trace(submission, "submission:assign_experts", by=by, experts=names)
    experts_assigned.send(sender=Submission, submission=submission, assignments=made)
    if gone:
        _decide(submission, current, _reviews(submission))
    return made


@transaction.atomic
def send_back_from_panel(submission: Submission, *, by: User, comment: str) -> Submission:
    """The manager returns it to the author, for example when no panel can be found. Reviews given so far stay.

    Raises   PermissionDenied, WrongState, CommentRequired
    Sends    submission_moved
    """
    submission = held(submission)
    rules.require(by, "send_back", submission)
    if not comment.strip():
        raise CommentRequired
    return send_back(submission, by=by, comment=comment.strip())


@transaction.atomic
def record_review(
    submission: Submission, *, by: User, verdict: str, scores: Mapping[str, int], comment: str = ""
) -> Review:
    """Record one expert's review; when it makes the quorum, the verdict follows by rule in the same transaction.

    scores   criterion key -> whole points, 0..criterion.max_points, every criterion of the rubric
    Raises   PermissionDenied, WrongState, AlreadyReviewed, ScoreOutOfRange, CommentRequired
    Sends    review_recorded; submission_moved, submission_published when it decides
    """
    submission = held(submission)
    earlier = _reviews(submission)
    if any(review.reviewer_id == by.pk for review in earlier):
        raise AlreadyReviewed
    rules.require(by, "review", submission)
    verdict = Verdict(verdict)
    if verdict != Verdict.APPROVE and not comment.strip():
        raise CommentRequired
    criteria = list(Criterion.objects.filter(rubric=submission.rubric_id))
    _check_scores(criteria, scores)
    total = percent(scores, {criterion.key: criterion.max_points for criterion in criteria})
    current = submission.current_round()
    review = Review.objects.create(
        round=current,
        reviewer=by,
        stage=ReviewStage.EXPERT,
        verdict=verdict,
        comment=comment.strip(),
        total=total,
    )
    Score.objects.bulk_create(
        Score(review=review, criterion=criterion, points=scores[criterion.key]) for criterion in criteria
    )
    current.drafts.filter(expert=by).delete()
    trace(submission, "submission:review", by=by, verdict=verdict.value, total=str(total))
    review_recorded.send(sender=Review, review=review, submission=submission)
    _decide(submission, current, [*earlier, review])
    return review


def _reviews(submission: Submission) -> list[Review]:
    """What the experts said in the standing round, first to last."""
    return list(
        Review.objects.filter(
            round__submission=submission, round__number=submission.round_number, stage=ReviewStage.EXPERT
        )
    )


def _check_scores(criteria: Sequence[Criterion], scores: Mapping[str, int]) -> None:
    known = {criterion.key for criterion in criteria}
    for key in scores:
        if key not in known:
            raise ScoreOutOfRange(key, None)
    for criterion in criteria:
        points = scores.get(criterion.key)
        if not isinstance(points, int) or isinstance(points, bool) or not 0 <= points <= criterion.max_points:
            raise ScoreOutOfRange(criterion.title, criterion.max_points)


def _decide(submission: Submission, current: Round, reviews: Sequence[Review]) -> None:
    opinions = [Opinion(Verdict(review.verdict), review.total) for review in reviews if review.total is not None]
    asked = current.assignments.filter(removed_at__isnull=True).count()
    verdict = panel_verdict(
        opinions,
        quorum=submission.policy.quorum,
        pass_mark=submission.policy.pass_mark,
        outstanding=max(asked - len(reviews), 0),
    )
    if verdict is None:
        return
    comments = "\n".join(review.comment for review in reviews if review.comment)
    if verdict == Verdict.APPROVE:
        publish(submission)
    elif verdict == Verdict.REJECT:
        turn_down(submission, by=None, comment=comments)
    else:
        send_back(submission, by=None, comment=comments)
