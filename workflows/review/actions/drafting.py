"""The half-filled form of an expert: kept while it is typed, gone when it is handed in or the round is over.

No line in the history: it is nobody's deed until it is handed in.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from cms.people.models import User
from workflows.review import rules
from workflows.review.actions.moving import held
from workflows.review.models import ReviewDraft, Submission

LONGEST = 5000  # characters of one field: the comment's own limit


@transaction.atomic
def keep_draft(submission: Submission, typed: Mapping[str, str], *, by: User) -> ReviewDraft:
    """What `by` has typed so far stands in the form when the person returns. Nothing is checked.

    Raises   PermissionDenied, WrongState: also when the review was handed in while this was on its way
    """
    submission = held(submission)
    rules.require(by, "review", submission)
    kept = {name: text.replace("\x00", "")[:LONGEST] for name, text in typed.items() if text}
    draft, _made = ReviewDraft.objects.update_or_create(
        round=submission.current_round(), expert=by, defaults={"typed": kept, "saved_at": timezone.now()}
    )
    return draft
