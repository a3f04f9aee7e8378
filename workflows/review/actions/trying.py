"""Feedback of colleagues and pupils while a work is tried in its school."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.people.models import User
from workflows.review import rules
from workflows.review.actions.moving import held, trace
from workflows.review.errors import RatingOutOfRange
from workflows.review.models import Submission, TrialNote
from workflows.review.models.trial import RATINGS


@transaction.atomic
def leave_note(submission: Submission, *, by: User, rating: int, comment: str = "") -> TrialNote:
    """`by` has said what the trial was like; saying something else replaces it, the same again changes nothing.

    Raises  PermissionDenied, WrongState, RatingOutOfRange
    """
    submission = held(submission)
    rules.require(by, "note", submission)
    if rating not in RATINGS:
        raise RatingOutOfRange
    said: dict[str, Any] = {"rating": rating, "comment": comment.strip()}
    standing = TrialNote.objects.filter(round=submission.current_round(), user=by, **said).first()
    if standing is not None:
        return standing
    note, _new = TrialNote.objects.update_or_create(
        round=submission.current_round(), user=by, defaults={**said, "written_at": timezone.now()}
    )
    trace(submission, "submission:note", by=by, **said)
    return note
