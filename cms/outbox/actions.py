"""The writers of the outbox: `add` in the transaction of the cause; the rest belongs to worker and operator."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from cms.outbox.models import Message, Worker
from cms.outbox.signals import parked, retried

logger = logging.getLogger("gongjian.outbox")

RECURRING = "recurring"  # the ref of work that repeats itself and has no object
WAITING = Q(done_at__isnull=True, failed_at__isnull=True)
SLICE = 1_000  # messages deleted at once
MOMENT = timedelta(milliseconds=1)  # between two that wait equally long


def add(topic: str, ref: object, *, due_at: datetime | None = None) -> Message:
    """Owe `topic` for `ref`; it becomes visible to workers when the surrounding transaction commits.

    Raises  RuntimeError outside a transaction: an effect must stand or fall with its cause.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.add belongs inside the transaction of its cause")
    return Message.objects.create(topic=topic, ref=str(ref), due_at=due_at or timezone.now())


def add_each(topic: str, refs: Iterable[object], *, due_at: datetime | None = None) -> None:
    """Owe `topic` for each of `refs`, as `add` does: one statement. Raises RuntimeError outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.add_each belongs inside the transaction of its cause")
    due = due_at or timezone.now()
    Message.objects.bulk_create(Message(topic=topic, ref=str(ref), due_at=due) for ref in refs)


def add_once(topic: str, ref: object) -> None:
    """Owe `topic` for `ref`, unless that is owed already and nobody has begun with it. What waits is held until this
    transaction commits, so that no worker begins before it. Raises RuntimeError outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.add_once belongs inside the transaction of its cause")
    waiting = Message.objects.select_for_update().filter(WAITING, topic=topic, ref=str(ref), attempts=0)
    if waiting.first() is None:
        add(topic, ref)


def claim(*, lease: timedelta) -> Message | None:
    """Take the next due message for `lease`, or None. Two workers never hold one message at a time."""
    now = timezone.now()
    # A plain read first: an idle worker takes no write lock.
    if not Message.objects.filter(_due(now)).exists():
        return None
    with transaction.atomic():
        message = _in_turn(_due(now)).first()
        if message is None:
            return None
        message.attempts += 1
        message.leased_until = now + lease
        message.save(update_fields=["attempts", "leased_until"])
    return message


def _due(now: datetime) -> Q:
    return WAITING & Q(due_at__lte=now) & (Q(leased_until__isnull=True) | Q(leased_until__lt=now))


def _in_turn(due: Q) -> "QuerySet[Message]":
    """The oldest first, without those that another worker is just claiming."""
    return _unlocked(due).order_by("due_at", "id")


def _unlocked(due: Q) -> "QuerySet[Message]":
    waiting = Message.objects.filter(due)
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    return waiting


def claim_more(message: Message, *, lease: timedelta, most: int) -> list[Message]:
    """Up to `most` further due messages of the same topic, claimed for `lease`, the oldest first. None that was tried
    before: what may have killed its worker is tried alone, or it would take the others with it."""
    now = timezone.now()
    with transaction.atomic():
        found = list(_in_turn(_due(now) & Q(topic=message.topic, attempts=0))[:most])
        Message.objects.filter(pk__in=[more.pk for more in found]).update(
            attempts=F("attempts") + 1, leased_until=now + lease
        )
    for more in found:
        more.attempts += 1
    return found


def renew(*messages: Message, lease: timedelta) -> bool:
    """Hold on to claimed messages; False when another worker has one of them by now."""
    return _held(messages).update(leased_until=timezone.now() + lease) == len(messages)


def mark_done(*messages: Message) -> bool:
    """Mark them done, inside the transaction of the effect; False when one is no longer ours (then roll back)."""
    return _held(messages).update(done_at=timezone.now(), leased_until=None, error="") == len(messages)


def put_back(*messages: Message, error: str, delay: timedelta) -> None:
    """Let them wait `delay` after a failed try."""
    _held(messages).update(leased_until=None, due_at=timezone.now() + delay, error=error[:4000])


def put_back_uncounted(*messages: Message, error: str, delay: timedelta) -> None:
    """The same after a try that was none, for what it needed was away."""
    _held(messages).update(
        leased_until=None, due_at=timezone.now() + delay, error=error[:4000], attempts=F("attempts") - 1
    )


@transaction.atomic
def put_off(message: Message, *, delay: timedelta) -> int:
    """What else is due of the topic of `message` waits `delay` as well, untried; returns how many. Those whose turn
    came after that of `message` still come after the others: who was tried stays behind who was not, or two that fail
    each time would take turns for ever. What somebody holds is left to them: a transaction that owes once must neither
    wait nor be waited for."""
    now = timezone.now()
    due = _unlocked(_due(now) & Q(topic=message.topic)).values("pk")
    behind = When(due_at__gt=message.due_at, then=Value(now + delay))
    return Message.objects.filter(pk__in=due).update(due_at=Case(behind, default=Value(now + delay - MOMENT)))


@transaction.atomic
def park(message: Message, *, error: str) -> None:
    """Give up on it until an operator retries: it stays, with the reason. Sends parked; whoever fails to tell of it
    does not keep it, or one bad sentence would end every worker."""
    if not _held([message]).update(leased_until=None, failed_at=timezone.now(), error=error[:4000]):
        return
    try:
        with transaction.atomic():
            parked.send(sender=Message, topic=message.topic)
    except (OperationalError, InterfaceError):  # the database is busy or away, and the worker waits for it
        raise
    except Exception:
        logger.exception("%s was given up, and nobody told", message)


def _held(messages: Sequence[Message]) -> "QuerySet[Message]":
    """Those of `messages` that nobody has claimed since."""
    by_try: dict[int, list[int]] = {}
    for message in messages:
        by_try.setdefault(message.attempts, []).append(message.pk)
    ours = Q(pk__in=[])
    for attempts, ids in by_try.items():
        ours |= Q(attempts=attempts, pk__in=ids)
    return Message.objects.filter(WAITING & ours)


@transaction.atomic
def retry(*ids: int, by: AbstractBaseUser | None = None) -> int:
    """Put failed messages back at the front; returns how many. Without ids: all of them. Sends retried."""
    failed = Message.objects.filter(failed_at__isnull=False)
    if ids:
        failed = failed.filter(pk__in=ids)
    topics = dict(Counter(failed.values_list("topic", flat=True)))
    count = failed.update(failed_at=None, attempts=0, due_at=timezone.now())
    if count:
        retried.send(sender=Message, by=by, topics=topics)
    return count


@transaction.atomic
def keep_recurring(topic: str, *, every: timedelta, hour: int | None = None) -> None:
    """There is a waiting message of this topic: due at once when there was none before, else after `every`, or when
    it is next `hour` o'clock here."""
    if Message.objects.filter(WAITING, topic=topic).exists():
        return
    known = Message.objects.filter(topic=topic).exists()
    now = timezone.localtime()
    due = now + every if hour is None else now.replace(hour=hour, minute=0, second=0, microsecond=0)
    add(topic, RECURRING, due_at=(due if due > now else due + every) if known else None)


def prune(*, older_than: timedelta) -> int:
    """Delete messages done longer ago than that, and workers not seen since; returns how many messages. A slice at a
    time, each a short transaction: others write meanwhile, and nothing is read but ids."""
    before = timezone.now() - older_than
    Worker.objects.filter(seen_at__lt=before).delete()
    done = Message.objects.filter(done_at__lt=before).order_by("done_at").values_list("pk", flat=True)
    count = 0
    while ids := list(done[:SLICE]):
        count += Message.objects.filter(pk__in=ids).delete()[0]
    return count
