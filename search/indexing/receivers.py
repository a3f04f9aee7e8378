"""What makes the index look again: going live, being taken down, other people who may see it, reuse, a file that was
read."""

from typing import Any

from django.dispatch import receiver

from cms.library.models import Work
from cms.library.signals import visibility_changed, work_retired
from cms.people.models import User
from cms.people.signals import memberships_changed, person_changed, profile_changed
from cms.spaces.enums import SpaceKind
from cms.spaces.models import Space
from cms.spaces.signals import space_changed, spaces_renamed
from search.documents import people
from search.documents.spaces import PREFIX
from search.indexing.queueing import queue, queue_each
from search.texts.signals import texts_read
from workflows.sharing.models import Adoption
from workflows.sharing.signals import adoption_ended, work_adopted


@receiver([visibility_changed, work_retired])
def look_again(sender: object, work: Work, **kwargs: Any) -> None:
    """Going live and sharing both grant, and every grant tells of changed visibility: one look, not three."""
    queue(work.pk)


@receiver([work_adopted, adoption_ended])
def count_its_reuse(sender: object, adoption: Adoption, **kwargs: Any) -> None:
    queue(adoption.work_id)


@receiver(texts_read)
def index_what_stands_in_files(sender: object, works: list[int], words: bool, **kwargs: Any) -> None:
    if words:
        queue_each(works)


@receiver(space_changed)
def look_at_the_space(sender: object, space: Space, **kwargs: Any) -> None:
    """A personal space is part of its person's document."""
    if space.kind != SpaceKind.PERSONAL:
        queue(f"{PREFIX}{space.pk}")
    elif space.owner is not None:
        look_at_the_person(sender, space.owner)


@receiver(spaces_renamed)
def look_at_renamed_spaces(sender: object, spaces: list[int], **kwargs: Any) -> None:
    queue_each(f"{PREFIX}{pk}" for pk in spaces)


@receiver([memberships_changed, profile_changed])
def look_at_the_person(sender: object, user: User, **kwargs: Any) -> None:
    """Whoever did not agree to be found is in no index: a roster of thousands owes nothing."""
    if User.objects.filter(pk=user.pk, findable_since__isnull=False).exists():
        queue(f"{people.PREFIX}{user.pk}")


@receiver(person_changed)
def look_at_who_changed(sender: object, user: User, **kwargs: Any) -> None:
    """The consent itself may be what was withdrawn; and the person's works are found by the name they have now."""
    queue(f"{people.PREFIX}{user.pk}")
    queue_each(Work.objects.filter(owner=user.pk, live=True).values_list("pk", flat=True))
