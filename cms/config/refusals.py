"""Errors of the rooms as HTTP: which status, which sentence. The rooms word them; the numbers are given here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cms.learning import wording as learning_wording
from cms.learning.errors import LearningError
from cms.library import wording as library_wording
from cms.library.errors import LibraryError
from cms.people import wording as people_wording
from cms.people.errors import PeopleError
from cms.spaces import wording as spaces_wording
from cms.spaces.errors import SpaceError
from search import wording as search_wording
from search.errors import SearchError
from workflows.review import wording as review_wording
from workflows.review.errors import Incomplete, ReviewError
from workflows.sharing import wording as sharing_wording
from workflows.sharing.errors import SharingError

REFUSALS: dict[type[Exception], Callable[[Any], str]] = {
    LibraryError: library_wording.sentence,
    ReviewError: review_wording.sentence,
    SharingError: sharing_wording.sentence,
    SpaceError: spaces_wording.sentence,
    PeopleError: people_wording.sentence,
    LearningError: learning_wording.sentence,
    SearchError: search_wording.sentence,
}

STATUS = {
    "work_locked": 409,
    "wrong_state": 409,
    "round_moved": 409,
    "already_submitted": 409,
    "already_reviewed": 409,
    "already_shared": 409,
    "already_recommended": 409,
    "not_shared": 409,
    "trial_not_over": 409,
    "nothing_new": 409,
    "not_published": 409,
    "not_a_course": 409,
    "seal_broken": 409,
    "nothing_to_import": 409,
    "roster_changed": 409,
    "revision_changed": 412,
    "too_large": 413,
    "disk_full": 507,
    "storage_unavailable": 507,
    "not_your_space": 403,
    "no_longer_saved": 404,
    "index_unavailable": 503,
    "search_error": 503,
    "rebuild_running": 409,
    "nothing_to_roll_back_to": 409,
    "too_old_to_roll_back_to": 409,
    "search_timeout": 503,
}
UNPROCESSABLE = 422


@dataclass(frozen=True)
class Refusal:
    """How one error is answered."""

    status: int
    code: str
    message: str
    facts: dict[str, Any] = field(default_factory=dict)


def refusal(error: Any) -> Refusal:
    """The answer to an error of a room."""
    wording = next(wording for base, wording in REFUSALS.items() if isinstance(error, base))
    facts: dict[str, Any] = {}
    if isinstance(error, Incomplete):
        facts["gaps"] = [{"field": gap.field, "message": gap.message} for gap in error.gaps]
    return Refusal(STATUS.get(error.code, UNPROCESSABLE), error.code, wording(error), facts)
