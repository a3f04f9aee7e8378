"""Whom a recall concerns is told of it: the last one by the move of its submission (`workflows.review.receivers`)."""

from collections.abc import Iterator
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.notices.actions import News, tell
from cms.notices.enums import Topic
from cms.people.enums import Role
from cms.people.models import User
from cms.people.queries import standing
from workflows.review.concerned import authors
from workflows.sharing.models import Share
from workflows.sharing.signals import share_recalled


@receiver(share_recalled)
def tell_of_a_recall(sender: object, share: Share, by: User | None, **kwargs: Any) -> None:
    """The authors; who had shared it, too, where nobody but a rule recalled it."""
    if by is None or Share.objects.filter(work=share.work_id, recalled_at=None).exists():
        tell(_of_a_recall(share, by))


def _of_a_recall(share: Share, by: User | None) -> Iterator[News]:
    facts = {"title": share.work.title_inside[:120], "scope": share.scope.name, "reason": share.recall_reason[:100]}
    text = _("《%(title)s》到%(scope)s的共享已收回：%(reason)s") % facts
    key = f"recalled:{share.pk}"
    writers = authors(share.submission)
    told = [person for person in writers if by is None or person.pk != by.pk]
    yield News(told, Topic.MY_WORK, text, share.work.get_absolute_url(), key)
    if by is None and share.shared_by_id not in {person.pk for person in writers}:
        yield News([share.shared_by], Topic.MY_WORK, text, _what_is_shared(share.shared_by), key)


def _what_is_shared(person: User) -> str:
    """The work itself may be out of this person's sight now; the list of what is shared is there for publishers."""
    return f"{reverse('sharing:waiting')}?tab=shared" if standing(person).holds(Role.PUBLISHER) else ""
