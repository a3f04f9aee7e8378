"""Tell people something, once, in the transaction of its cause; mail follows from the outbox."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from cms.notices.enums import Topic
from cms.notices.models import Notice, Preference
from cms.outbox import actions as outbox
from cms.people.models import User

MAIL = "notices.mail"


@transaction.atomic(savepoint=False)
def notify(recipients: Iterable[User], *, topic: Topic, text: str, url: str, key: str) -> int:
    """Each of `recipients` finds one notice, and gets one mail where wanted; a repeated `key` changes nothing.

    text   one plain sentence, at most 300 characters
    url    where the matter is dealt with, a path of the site
    key    names the cause, for example `submission:12:return_to_author:2`
    Returns how many are new.
    """
    wanted = {user.pk for user in recipients if user.is_active}
    if not wanted:
        return 0
    told = set(Notice.objects.filter(recipient__in=wanted, key=key).values_list("recipient_id", flat=True))
    untold = sorted(wanted - told)
    if not untold:
        return 0
    Notice.objects.bulk_create(
        (Notice(recipient_id=pk, key=key, topic=topic, text=text[:300], url=url) for pk in untold),
        ignore_conflicts=True,  # another process may have been quicker; a second mail row finds the mail sent
    )
    made = list(Notice.objects.filter(recipient__in=untold, key=key).order_by("pk").values_list("pk", flat=True))
    outbox.add_each(MAIL, made)
    return len(made)


@transaction.atomic
def mark_read(user: User, *, ids: Iterable[int] | None = None) -> int:
    """These notices of `user` (all, when none are named) are read; returns how many were not."""
    unread = Notice.objects.filter(recipient=user, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=timezone.now())


@transaction.atomic
def set_preferences(user: User, *, by_mail: dict[Topic, bool]) -> None:
    """`user` wants mail for exactly the topics that are True."""
    for topic, wanted in by_mail.items():
        Preference.objects.update_or_create(user=user, topic=topic, defaults={"by_mail": wanted})
