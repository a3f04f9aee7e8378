"""One sentence a day for each person: how much came into the inbox since they were last told, however long ago that is,
beside what they had a notice of its own of.

How far a person has been told stands on the personal space (`digest_until`) and moves on with the notice, in one
transaction: while no worker works, or after a crash, nothing is passed over and nothing is told twice.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.notices.actions import News, tell
from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.outbox import actions as outbox
from cms.outbox.actions import WAITING
from cms.outbox.handlers import Handler, register
from cms.outbox.models import Message
from cms.people.models import User
from cms.spaces.delivering import note_digest
from cms.spaces.enums import SpaceKind
from cms.spaces.inbox import delivered_since
from cms.spaces.models import Space
from cms.spaces.unseen import MOST_UNSEEN, first_day, said
from search.push.settling import PUSH, RECOMMEND
from search.push.telling import told_since

DIGEST = "push.digest"
DIGEST_PART = "push.digest.part"

PART = 200  # spaces whose digest is one piece of work
DAILY = timedelta(days=1)
HOUR = 18  # of the day, here: after school
A_DAY_OR_SO = timedelta(hours=36)
A_LITTLE = timedelta(hours=1)  # a digest that comes so much later in the day than the last one still tells of one day
LONGEST_SHARE = timedelta(minutes=10)
"""The longest time from the date of a recommendation to the message that owes its push."""


@dataclass(frozen=True)
class Counted:
    """A space that was looked at.

    noted    how far its person had been told before
    number   of works that have come since; one more than MOST_UNSEEN when they are more
    days     that they are counted over
    """

    space: int
    person: User
    noted: datetime | None
    number: int
    days: int


@dataclass(frozen=True)
class Part:
    """Spaces counted up to one moment.

    last   the last space that was looked at; None when there are no more
    """

    until: datetime
    counted: list[Counted]
    last: int | None = None


def owe_digests(ref: str, result: Any) -> None:
    """Every personal space with somebody to write to is looked at, PART of them at a time; each part owes the next, so
    that what falls due meanwhile never waits behind all of them."""
    outbox.add(DIGEST_PART, f"{timezone.now().isoformat()} 0")


def _with_address() -> "QuerySet[Space]":
    return Space.objects.filter(kind=SpaceKind.PERSONAL, owner__is_active=True).exclude(owner__email="")


def count_new(ref: str) -> Part:
    """Of the PART spaces after the one in `ref`, what came since their people were told and nobody has looked at. Who
    was told today waits for tomorrow."""
    _moment, after = ref.split()
    until = _all_delivered_until(timezone.now())
    spaces = list(_with_address().filter(pk__gt=after).order_by("pk").select_related("owner")[:PART])
    told_today = Notice.objects.filter(key=_key(ref), recipient__in=[space.owner_id for space in spaces])
    done = set(told_today.values_list("recipient", flat=True))
    last = spaces[-1].pk if len(spaces) == PART else None
    return Part(until, list(_counted([space for space in spaces if space.owner_id not in done], until)), last)


def _counted(spaces: list[Space], until: datetime) -> Iterator[Counted]:
    for space in spaces:
        known = [moment for moment in (space.digest_until or space.created_at, space.inbox_seen_at) if moment]
        since = max(*known, first_day())
        if space.owner is not None and since < until:
            new = delivered_since(space, space.owner, since).filter(delivered_at__lte=until)
            new = new.exclude(work__in=told_since(space.owner, since))
            days = math.ceil((until - since - A_LITTLE) / DAILY) if until - since > A_DAY_OR_SO else 1
            yield Counted(space.pk, space.owner, space.digest_until, new[: MOST_UNSEEN + 1].count(), days)


def _all_delivered_until(moment: datetime) -> datetime:
    """What was shared before has come into the inboxes: a recommendation, or the second push of a work, is dated back
    while it waits, and must not come behind what has been told."""
    waiting = Message.objects.filter(WAITING, topic__in=(PUSH, RECOMMEND), created_at__lte=moment)
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    return oldest - LONGEST_SHARE if oldest is not None else moment


@transaction.atomic(savepoint=False)
def tell_digest(ref: str, part: Part) -> None:
    """One notice a person and day, and how far it goes; the mail follows where the person wants mail. And the next part
    is owed."""
    standing = note_digest({each.space: each.noted for each in part.counted}, until=part.until)
    tell(
        News([each.person], Topic.PUSHED, _sentence(each), reverse("spaces:inbox"), _key(ref))
        for each in part.counted
        if each.number and each.space in standing
    )
    if part.last is not None:
        outbox.add(DIGEST_PART, f"{ref.split()[0]} {part.last}")


def _key(ref: str) -> str:
    moment = datetime.fromisoformat(ref.split()[0])
    return f"digest:{timezone.localdate(moment).isoformat()}"


def _sentence(counted: Counted) -> str:
    words = (
        _("最近一天有 %(number)s 件适合您的新资源送到了收件箱。")
        if counted.days == 1
        else _("最近 %(days)d 天有 %(number)s 件适合您的新资源送到了收件箱。")
    )
    return words % {"number": said(counted.number), "days": counted.days}


register(Handler(topic=DIGEST, label=gettext_lazy("安排每日推送摘要"), finish=owe_digests, every=DAILY, hour=HOUR))
register(Handler(topic=DIGEST_PART, label=gettext_lazy("每日推送摘要"), work=count_new, finish=tell_digest))
