"""What operators want to know of the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, When
from django.utils import timezone

from cms.outbox.actions import WAITING
from cms.outbox.handlers import handler_for, topics
from cms.outbox.models import Message, Worker
from cms.outbox.worker import AWAY

ALIVE_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True)
class TopicState:
    """How one topic stands.

    due     waiting for its turn, or for what is away
    later   due in the future, by plan or after a failed try
    oldest  since when the oldest of those that are due waits
    """

    topic: str
    due: int
    later: int
    failed: int
    oldest: datetime | None
    last_done: datetime | None
    handled: bool

    @property
    def label(self) -> str:
        return label_of(self.topic)


def label_of(topic: str) -> str:
    """What operators read of it; the bare name where nobody handles it."""
    handler = handler_for(topic)
    return str(handler.label) if handler is not None and handler.label else topic


def by_topic() -> list[TopicState]:
    """Every topic that has a handler or a row: one query."""
    now = timezone.now()
    due = WAITING & Q(due_at__lte=now + timedelta(seconds=AWAY))  # an outage moves what is due on, each time so far
    waits_since = Case(When(error="", then=F("due_at")), default=F("created_at"))
    rows = Message.objects.values("topic").annotate(
        due=Count("pk", filter=due),
        later=Count("pk", filter=WAITING & ~due),
        failed=Count("pk", filter=Q(failed_at__isnull=False)),
        oldest=Min(waits_since, filter=due),
        last_done=Max("done_at"),
    )
    known = set(topics())
    found = {row["topic"]: TopicState(**row, handled=row["topic"] in known) for row in rows}
    for topic in known - set(found):
        found[topic] = TopicState(topic, 0, 0, 0, None, None, True)
    return [found[topic] for topic in sorted(found)]


def failed() -> "QuerySet[Message]":
    """Given up, newest first."""
    return Message.objects.filter(failed_at__isnull=False).order_by("-failed_at", "-pk")


def trying() -> "QuerySet[Message]":
    """Waiting with at least one failed try behind them."""
    return Message.objects.filter(WAITING).exclude(error="").order_by("due_at", "pk")


def workers_alive() -> "QuerySet[Worker]":
    return Worker.objects.filter(seen_at__gte=timezone.now() - ALIVE_WITHIN).order_by("name")


def labelled(messages: Iterable[Message]) -> list[Message]:
    """The messages with what operators read of their topics as `label`."""
    found = list(messages)
    for message in found:
        message.label = label_of(message.topic)  # type: ignore[attr-defined]  # for the page only
    return found
