"""What can go wrong in review. Sentences for people are in `wording.py`, by `code`."""

from collections.abc import Sequence
from typing import Any


class ReviewError(Exception):
    """Base of this room's errors."""

    code = "review_error"


class StateWrittenByHand(TypeError):
    """Code tried to write `state` without a transition."""


class WrongState(ReviewError):
    """The submission is no longer where this action begins: somebody was quicker, or the page was old."""

    code = "wrong_state"

    def __init__(self, action: str, state: str) -> None:
        self.action = action
        self.state = state
        super().__init__(f"{action} from {state}")


class RoundMoved(WrongState):
    """The author has handed in a newer version (round `number`) than the one that whoever decides has read."""

    code = "round_moved"

    def __init__(self, state: str, number: int) -> None:
        self.number = number
        super().__init__(f"round {number}", state)


class Incomplete(ReviewError):
    """The draft lacks something before it can be submitted."""

    code = "incomplete"

    def __init__(self, gaps: Sequence[Any]) -> None:
        self.gaps = list(gaps)
        super().__init__(f"{len(self.gaps)} gaps")


class AlreadySubmitted(ReviewError):
    """Another submission of this work is open."""

    code = "already_submitted"


class NothingNew(ReviewError):
    """The newest revision is the live one: there is nothing to review."""

    code = "nothing_new"


class NoPolicy(ReviewError):
    """No policy or rubric is in force for this kind, or nobody above the school can decide."""

    code = "no_policy"


class CommentRequired(ReviewError):
    """Returning and rejecting need a comment."""

    code = "comment_required"


class ReasonRequired(CommentRequired):
    """Taking a work down needs a reason."""

    code = "reason_required"


class RatingOutOfRange(ReviewError):
    """A trial's rating is not 1 to 5."""

    code = "rating_out_of_range"


class InUse(ReviewError):
    """This version of a policy or rubric has been in force, or a submission keeps it."""

    code = "in_use"


class TrialNotOver(ReviewError):
    """The trial has days to go."""

    code = "trial_not_over"

    def __init__(self, until: Any) -> None:
        self.until = until
        super().__init__(f"until {until}")


class AlreadyReviewed(ReviewError):
    """This person has reviewed this round."""

    code = "already_reviewed"


class NotEligible(ReviewError):
    """This expert may not judge this work."""

    code = "not_eligible"

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        super().__init__("、".join(self.names))


class TooFewExperts(ReviewError):
    """Fewer experts than the quorum needs."""

    code = "too_few_experts"

    def __init__(self, least: int) -> None:
        self.least = least
        super().__init__(f"at least {least}")


class ScoreOutOfRange(ReviewError):
    """A score is missing, unknown, or beyond its criterion."""

    code = "score_out_of_range"

    def __init__(self, criterion: str, max_points: int | None) -> None:
        self.criterion = criterion
        self.max_points = max_points
        super().__init__(criterion)
