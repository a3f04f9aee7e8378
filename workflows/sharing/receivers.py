"""What sharing does when a new version goes live: its shares stand, for the new version was reviewed like the old; but
none reaches further than the organisation that decided now, and visitors see it as long as its licence lets them."""

from typing import Any

from django.dispatch import receiver

from workflows.review.actions.publishing import mark_shared
from workflows.review.models import Submission
from workflows.review.signals import submission_published
from workflows.sharing.actions.sharing import apply_grants, close_to_visitors, recall_wider
from workflows.sharing.models import Share
from workflows.sharing.signals import work_shared


@receiver(submission_published)
def keep_shares(sender: object, submission: Submission, **kwargs: Any) -> None:
    if submission.work.version == 1:
        return  # what was never live before was never shared
    held = Share.objects.filter(work=submission.work_id, recalled_at=None).select_related("scope", "work")
    shares = recall_wider(submission, held)
    close_to_visitors(submission.work, shares)
    for share in shares:
        share.submission = submission
        share.save(update_fields=["submission", "openly"])
        apply_grants(share)
        mark_shared(submission, by=None, scope=share.scope.name)
        work_shared.send(sender=Share, share=share, by=None)
