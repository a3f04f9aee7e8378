"""Tell people something, once, in the transaction of its cause; mail follows from the outbox.

What is told is kept in words, so they are the house's (LANGUAGE_CODE) and not those of whoever acted: `tell` goes
through what it is given in that language, and receivers give it a generator, which words nothing before that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import router, transaction
from django.db.models import Q
from django.db.models.constants import OnConflict
from django.utils import timezone
from django.utils.translation import override

from cms.notices.enums import Topic
from cms.notices.models import Notice, Preference
from cms.outbox import actions as outbox
from cms.people.models import User

MAIL = "notices.mail"
SLICE = 1_000  # notices deleted at once
LASTING = Q(key__startswith="pushed:") | Q(key__startswith="learnt:")
"""Whose cause may come again years later, and is not told again: a work is pushed anew, a course has a new version
(what was taken back unread has told nobody). Keys of all others hold a date, or something that happens once."""


@dataclass(frozen=True)
class News:
    """One sentence for some people.

    text   at most 300 characters
    url    where the matter is dealt with, a path of the site
    key    names the cause, for example `submission:12:return_to_author:2`; one that may come again and is told once
           for ever belongs into LASTING
    """

    recipients: Sequence[User]
    topic: Topic
    text: str
    url: str
    key: str


@transaction.atomic(savepoint=False)
def tell(news: Iterable[News]) -> int:
    """Each recipient finds one notice of each, and gets one mail where wanted; a repeated `key` changes nothing. Two
    statements, however many people and sentences.

    news     a generator, unless the language is the house's already, as it is in a worker
    Returns how many are new.
    """
    with override(settings.LANGUAGE_CODE):
        rows = {
            (person.pk, item.key): Notice(
                recipient_id=person.pk, key=item.key, topic=item.topic, text=item.text[:300], url=item.url
            )
            for item in news
            for person in item.recipients
            if person.is_active
        }
    made = _insert_untold([rows[pair] for pair in sorted(rows)])
    if made:
        outbox.add_each(MAIL, made)
    return len(made)


def _insert_untold(rows: list[Notice]) -> list[int]:
    """Ids of those that nobody had been told. What `bulk_create(ignore_conflicts=True)` does, which keeps the ids to
    itself: asking who was told before, and for the ids after, made each notice four statements instead of two."""
    if not rows:
        return []
    fields: Any = Notice._meta
    found = Notice.objects._insert(  # type: ignore[attr-defined]  # Django's own, and not in its stubs
        rows,
        fields=[field for field in fields.concrete_fields if not field.primary_key],
        using=router.db_for_write(Notice),
        returning_fields=[fields.pk],
        on_conflict=OnConflict.IGNORE,
    )
    return [row[0] for row in found if row is not None]


@transaction.atomic
def mark_read(user: User, *, ids: Iterable[int] | None = None) -> int:
    """These notices of `user` (all, when none are named) are read; returns how many were not."""
    unread = Notice.objects.filter(recipient=user, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=timezone.now())


def settle(topic: Topic, url: str, whose: Q | None = None) -> int:
    """What was told of the matter at `url` is read by itself, for there is nothing more to do; returns how many were
    not. Its mail, where none went out yet, stays away too.

    whose   of whom alone; None: of everybody
    """
    unread = Notice.objects.filter(whose or Q(), topic=topic, url=url, read_at=None)
    return unread.update(read_at=timezone.now())


def take_back(topic: Topic, url: str, whose: Q | None = None) -> int:
    """What was told of the matter at `url` and nobody read is gone, with the mail that did not go out yet; returns how
    many were. Unlike what is settled it has told nobody: when the same comes again, it is told again.

    whose   of whom alone; None: of everybody
    """
    return Notice.objects.filter(whose or Q(), topic=topic, url=url, read_at=None).delete()[0]


def prune(*, read_before: timedelta, told_before: timedelta) -> int:
    """Delete what was read longer ago than `read_before`, and what nobody read and was told longer ago than
    `told_before`; what is LASTING stays. Returns how many went. A slice at a time, as the outbox does."""
    now = timezone.now()
    return _prune("read_at", before=now - read_before) + _prune("at", before=now - told_before, read_at=None)


def _prune(moment: str, *, before: datetime, **which: Any) -> int:
    old = Notice.objects.filter(**which, **{f"{moment}__lt": before}).exclude(LASTING)
    old_ones = old.order_by(moment).values_list("pk", moment)
    count = 0
    while found := list(old_ones[:SLICE]):
        count += Notice.objects.filter(pk__in=[pk for pk, _moment in found]).delete()[0]
        # What stays is passed over once, not with every slice.
        old_ones = old_ones.filter(**{f"{moment}__gte": found[-1][1]})
    return count


@transaction.atomic
def set_preferences(user: User, *, by_mail: dict[Topic, bool]) -> None:
    """`user` wants mail for exactly the topics that are True."""
    for topic, wanted in by_mail.items():
        Preference.objects.update_or_create(user=user, topic=topic, defaults={"by_mail": wanted})
