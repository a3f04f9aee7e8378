"""Submissions and what decides them."""

from workflows.review.models.draft import ReviewDraft
from workflows.review.models.policy import Criterion, Policy, Rubric
from workflows.review.models.review import Assignment, Review, Score
from workflows.review.models.submission import Round, Submission
from workflows.review.models.trial import TrialNote

__all__ = [
    "Assignment",
    "Criterion",
    "Policy",
    "Review",
    "ReviewDraft",
    "Round",
    "Rubric",
    "Score",
    "Submission",
    "TrialNote",
]
