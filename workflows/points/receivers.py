"""Points follow from what other rooms tell, in the same transaction (S27)."""

from typing import Any

from django.dispatch import receiver

from cms.people.models import User
from workflows.points.actions import award, reverse_cause
from workflows.points.enums import Reason
from workflows.review.enums import ReviewStage
from workflows.review.models import Review, Submission
from workflows.review.signals import review_recorded, submission_published
from workflows.sharing.models import Adoption, Share
from workflows.sharing.signals import share_recalled, work_adopted, work_shared


@receiver(review_recorded)
def for_a_review(sender: object, review: Review, submission: Submission, **kwargs: Any) -> None:
    award(
        Reason.REVIEWED,
        work=submission.work,
        cause_type="review",
        cause_id=review.pk,
        reviewer=review.reviewer,
        stage=ReviewStage(review.stage).value,
    )


@receiver(submission_published)
def for_a_publication(sender: object, submission: Submission, **kwargs: Any) -> None:
    award(
        Reason.PUBLISHED,
        work=submission.work,
        cause_type="submission",
        cause_id=submission.uuid,
        version=submission.work.version,
    )


@receiver(work_shared)
def for_a_share(sender: object, share: Share, by: User | None, **kwargs: Any) -> None:
    """Once, by the tariff of that day: a share that a new version keeps was paid when somebody made it."""
    if by is None:
        return
    award(Reason.SHARED, work=share.work, cause_type="share", cause_id=share.uuid, scope=share.scope.name)


@receiver(share_recalled)
def not_for_a_recalled_share(sender: object, share: Share, **kwargs: Any) -> None:
    reverse_cause("share", share.uuid, why=share.recall_reason)


@receiver(work_adopted)
def for_an_adoption(sender: object, adoption: Adoption, **kwargs: Any) -> None:
    """Once a work and space: giving it up and taking it again does not pay twice."""
    award(
        Reason.ADOPTED,
        work=adoption.work,
        cause_type="adoption",
        cause_id=f"{adoption.work_id}-{adoption.space_id}",
        space=adoption.space.name,
    )
