"""What makes the index look again: going live, being taken down, other people who may see it, reuse."""

from typing import Any

from django.dispatch import receiver

from cms.library.models import Work
from cms.library.signals import visibility_changed, work_retired
from search.indexing import queue
from workflows.sharing.models import Adoption
from workflows.sharing.signals import adoption_ended, work_adopted


@receiver([visibility_changed, work_retired])
def look_again(sender: object, work: Work, **kwargs: Any) -> None:
    """Going live and sharing both grant, and every grant tells of changed visibility: one look, not three."""
    queue(work.pk)


@receiver([work_adopted, adoption_ended])
def count_its_reuse(sender: object, adoption: Adoption, **kwargs: Any) -> None:
    queue(adoption.work_id)
