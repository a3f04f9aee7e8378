"""What makes works go to inboxes, and leave them."""

from typing import Any

from django.dispatch import receiver

from cms.library.models import Work
from cms.library.signals import work_retired
from cms.people.models import User
from cms.spaces.delivering import recall_deliveries
from cms.spaces.signals import interests_changed
from search.push import settling
from search.push.telling import untell, untell_recommendation
from search.texts.signals import texts_read
from workflows.sharing.models import Recommendation, Share
from workflows.sharing.signals import recommendation_withdrawn, share_recalled, work_recommended, work_shared


@receiver(work_shared)
def push_what_was_shared(sender: object, share: Share, by: User | None, **kwargs: Any) -> None:
    """Also a new version that kept its shares: it may meet other interests than the old one, and visitors may see it no
    longer."""
    settling.queue(share.work_id)
    if by is None:
        untell(share.work)


@receiver(texts_read)
def push_by_what_stands_in_files(sender: object, works: list[int], **kwargs: Any) -> None:
    """A work is mostly shared before its files are read: who follows a word that stands there has it now."""
    shared = Share.objects.filter(work__in=works, recalled_at=None).values_list("work", flat=True)
    for pk in sorted(set(shared)):
        settling.queue(pk)


@receiver(share_recalled)
def take_back_what_was_recalled(sender: object, share: Share, **kwargs: Any) -> None:
    """At once, in the transaction of the recall."""
    settling.recall(share.work, share.scope_id)


@receiver(work_retired)
def take_back_what_was_retired(sender: object, work: Work, **kwargs: Any) -> None:
    recall_deliveries(work)
    untell(work)


@receiver(interests_changed)
def push_the_past(sender: object, begun: list[int], **kwargs: Any) -> None:
    settling.queue_past(begun)


@receiver(work_recommended)
def push_what_was_recommended(sender: object, recommendation: Recommendation, **kwargs: Any) -> None:
    settling.queue_recommendation(recommendation.pk)


@receiver(recommendation_withdrawn)
def take_back_what_was_withdrawn(sender: object, recommendation: Recommendation, **kwargs: Any) -> None:
    """At once, in the transaction of the withdrawal."""
    settling.settle_recommended(recommendation.work)
    untell_recommendation(recommendation.work, recommendation)
