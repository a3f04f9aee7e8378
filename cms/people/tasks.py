"""Memberships that end by their date: nobody does anything that day, so the outbox looks for them."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.outbox import actions as outbox
from cms.outbox.handlers import Handler, register
from cms.outbox.models import Message
from cms.people.models import Membership, User
from cms.people.signals import memberships_changed

ENDED = "people.ended"
ENDED_PART = "people.ended.part"

OFTEN = timedelta(hours=1)
OVERLAP = timedelta(hours=1)
"""The look before is told by when it was done, which is a little later than when it looked."""
FURTHEST_BACK = timedelta(days=30)
PART = 200  # people of one transaction: on the last day of school many end at once


def owe_those_who_ended(ref: str, result: Any) -> None:
    """Whoever's membership has ended since the last look, however long ago that was, is told of; PART at a time."""
    now = timezone.now()
    looks = Message.objects.filter(topic=ENDED, ref=outbox.RECURRING, done_at__isnull=False).order_by("-done_at")
    last = looks.values_list("done_at", flat=True).first()
    since = last - OVERLAP if last is not None else now - FURTHEST_BACK
    ended = _ended(since, now).order_by("pk").values_list("pk", flat=True)
    firsts = [pk for place, pk in enumerate(ended.iterator()) if place % PART == 0]
    outbox.add_each(ENDED_PART, [f"{since.isoformat()} {now.isoformat()} {pk}" for pk in firsts])


def tell_of_part(ref: str, result: Any) -> None:
    """memberships_changed is sent for PART people from the one in `ref`; whoever hears it looks at what holds now."""
    since, until, first = ref.split()
    people = _ended(datetime.fromisoformat(since), datetime.fromisoformat(until)).filter(pk__gte=first)
    for user in people.order_by("pk")[:PART]:
        memberships_changed.send(sender=Membership, user=user)


def _ended(since: datetime, until: datetime) -> "QuerySet[User]":
    rows = Membership.objects.filter(until__gt=since, until__lte=until)
    return User.objects.filter(pk__in=rows.values("user"))


register(
    Handler(
        topic=ENDED,
        label=_("查找到期的任职"),
        finish=owe_those_who_ended,
        every=OFTEN,
    )
)
register(Handler(topic=ENDED_PART, label=_("处理到期的任职"), finish=tell_of_part))
