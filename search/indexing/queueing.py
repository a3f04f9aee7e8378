"""The index follows the database through the outbox: by id, at least once, whatever order."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.outbox import actions as outbox
from cms.outbox.actions import WAITING
from cms.outbox.errors import Outage
from cms.outbox.handlers import BulkHandler, register
from cms.outbox.models import Message
from cms.people.statements import Composed
from search.documents import BATCH, About, by_source, ops_for
from search.engines import engine
from search.errors import IndexUnavailable
from search.phrases import refresh_titles
from search.texts.actions import owe_texts

TOPIC = "search.index"


@transaction.atomic(savepoint=False)
def queue(ref: int | str) -> None:
    """The index owes a look at this work, or at what this document id names; in the transaction of what changed."""
    outbox.add(TOPIC, ref)


@transaction.atomic(savepoint=False)
def queue_each(refs: Iterable[int | str]) -> None:
    """The same for many, in one statement."""
    outbox.add_each(TOPIC, refs)


def index_now(refs: Sequence[str]) -> None:
    """Bring the index up to date under these ids. May be repeated and come late. Raises Outage while it is away."""
    with index_at_hand():
        engine().bulk(ops_for(refs))


@contextmanager
def index_at_hand() -> Iterator[None]:
    """What a worker does with the index. Raises Outage while it is away: the worker waits for it."""
    try:
        yield
    except IndexUnavailable as error:
        if error.reason == "failed":  # it answered, and did not like what it got
            raise
        raise Outage(str(error)) from error


def owe_their_texts(refs: Sequence[str], result: None) -> None:
    """What stands in their files is read next; the works are indexed now, and again when that is read. Their titles
    are suggested from now on, or no longer."""
    ids = next((pks for source, pks in by_source(refs) if source.about is About.WORK), [])
    owe_texts(ids)
    refresh_titles(ids)


register(BulkHandler(topic=TOPIC, label=_("更新检索索引"), work=index_now, finish=owe_their_texts, most=BATCH))


def _waiting(_keys: Sequence[int]) -> "QuerySet[Message, Any]":
    return Message.objects.filter(WAITING, topic=TOPIC).order_by("created_at").values_list("created_at")[:1]


_OLDEST = Composed(_waiting)


def seconds_behind() -> float:
    """How long the oldest change that the index does not know yet has been waiting, for its turn or for the index;
    0 when it knows all."""
    return next(((timezone.now() - oldest).total_seconds() for (oldest,) in _OLDEST.rows()), 0.0)
