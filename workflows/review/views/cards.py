"""A submission as the theme's card takes it."""

from typing import Any

from django.urls import reverse

from cms.library.cards import card_of
from cms.library.models import Work
from workflows.review.models import Submission
from workflows.review.progress import badge_of, path_of


def card(submission: Submission, *, url: str, with_path: bool = False) -> dict[str, Any]:
    """Title of the sealed version, and where it stands; the rows come through `queries.with_work`: no query here."""
    facts = card_of(submission.work)
    facts.update(
        title=getattr(submission, "sealed_title", "") or facts["title"],
        url=url,
        state=badge_of(submission),
        at=submission.entered_at,
    )
    if with_path:
        facts["path"] = path_of(submission)
    return facts


def desk_url(submission: Submission) -> str:
    return reverse("review:desk", args=[submission.uuid])


def work_form(work: Work) -> str:
    """The form of the work in the workbench."""
    return reverse(f"works_{work.kind}:edit", args=[work.pk])
