"""Whom a recall concerns is told of it: the last one by the move of its submission (`workflows.review.receivers`)."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from cms.notices.actions import News, tell
from cms.notices.enums import Topic
from cms.people.models import User
from workflows.review.receivers import authors
from workflows.sharing.models import Share
from workflows.sharing.signals import share_recalled


@receiver(share_recalled)
def tell_of_a_recall(sender: object, share: Share, by: User | None, **kwargs: Any) -> None:
    """The authors; who had shared it, too, where nobody but a rule recalled it."""
    if by is not None and not Share.objects.filter(work=share.work_id, recalled_at=None).exists():
        return
    work = share.work
    people = {person.pk: person for person in authors(share.submission)}
    if by is None:
        people[share.shared_by_id] = share.shared_by
    else:
        people.pop(by.pk, None)
    facts = {"title": work.title[:120], "scope": share.scope.name, "reason": share.recall_reason[:100]}
    text = _("《%(title)s》到%(scope)s的共享已收回：%(reason)s") % facts
    tell([News(list(people.values()), Topic.MY_WORK, text, work.get_absolute_url(), f"recalled:{share.pk}")])
