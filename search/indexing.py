"""The index follows the database through the outbox: by id, at least once, whatever order; and can be made anew."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.outbox import actions as outbox
from cms.outbox.actions import WAITING
from cms.outbox.errors import Outage
from cms.outbox.handlers import BulkHandler, register
from cms.outbox.models import Message
from cms.outbox.versions import version_of_now
from cms.people.statements import Composed
from search.documents import BATCH, About, by_source, every_document, every_id, how_many, live, ops_for
from search.engines import engine, engines
from search.engines.base import DeleteOp, Document, Engine, Rebuild, Written
from search.errors import IndexUnavailable
from search.phrases import refresh_every_title, refresh_titles, refresh_topics
from search.progress import Progress, ProgressOf, Stage, unheard
from search.texts.actions import owe_texts

TOPIC = "search.index"


@dataclass
class Difference:
    """What `check` found: documents the index lacks, those it should not hold, those older than the last change.

    ahead   those that the index holds, or remembers as deleted, under a version that the database has yet to reach: the
            database came back from a copy. The index takes no change of them, so that only a rebuild mends it
    """

    missing: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    ahead: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """What can be written again, once each."""
        return list(dict.fromkeys(self.missing + self.behind + self.surplus))

    @property
    def none(self) -> bool:
        return not self.wrong and not self.ahead


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


def rebuild(*, progress: ProgressOf = unheard) -> int:
    """A new index from the database, beside the old, then in its place; returns the number of documents.

    progress   hears of each stage how many are done, of how many
    """
    with engine().rebuild(newest=version_of_now()) as fresh:
        done = fill(fresh, progress=partial(progress, Stage.DOCUMENTS))
    owe_every_text()
    refresh_topics()
    refresh_every_title(progress=partial(progress, Stage.TITLES))
    return done


def fill(fresh: Rebuild, *, progress: Progress = unheard) -> int:
    """All that can be found is on its way into the new index; returns the number of documents."""
    total = how_many()
    batch: list[Document] = []
    done = 0
    with _what_stands_left_alone():
        for document in every_document():
            batch.append(document)
            if len(batch) == BATCH:
                done += fresh.fill(batch)
                progress(done, total)
                batch = []
        done += fresh.fill(batch)
    progress(done, max(total, done))
    return done


@contextmanager
def _what_stands_left_alone() -> Iterator[None]:
    """The collector of garbage does not look again and again through all that the program itself is made of while
    thousands of rows come and go: a sixth of the time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def owe_every_text() -> int:
    """Files of live works that nobody has read are owed to the worker; returns how many."""
    owed, last = 0, 0
    while batch := list(live().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            owed += owe_texts(batch)
        last = batch[-1]
    return owed


def check(*, mend: bool) -> Difference:
    """Compare index and database by id and version, in both directions; with `mend`, write what differs. An index on
    standby is compared too: it has to answer the moment the other is away."""
    each = [_compared(one, mend=mend) for one in engines()]
    return Difference(
        missing=sorted({id_ for found in each for id_ in found.missing}),
        surplus=sorted({id_ for found in each for id_ in found.surplus}),
        behind=sorted({id_ for found in each for id_ in found.behind}),
        ahead=sorted({id_ for found in each for id_ in found.ahead}),
    )


def _compared(index: Engine, *, mend: bool) -> Difference:
    held = dict(index.versions())
    newest = version_of_now()  # after what is held was read: all that has come from this database is older
    wanted = every_id()
    changed = Message.objects.filter(topic=TOPIC).values_list("ref").annotate(last=Max("pk"))
    found = Difference(
        missing=sorted(wanted - set(held)),
        surplus=sorted(set(held) - wanted),
        behind=sorted(ref for ref, last in changed if held.get(ref, last) < last),
        ahead=sorted(id_ for id_, version in held.items() if version > newest),
    )
    if mend and found.wrong and _written_again(index, found).stale:
        refused = set(found.wrong) & set(_compared(index, mend=False).wrong)  # the others are newer by now
        found.ahead = sorted({*found.ahead, *refused})
    return found


def _written_again(index: Engine, found: Difference) -> Written:
    """What differs is as the database has it, as far as the index takes it."""
    written = Written()
    wrong, unknown = found.wrong, set(found.surplus)
    for start in range(0, len(wrong), BATCH):
        ops = ops_for(wrong[start : start + BATCH])  # read again: a surplus one may have gone live meanwhile
        written += index.bulk(ops)
        unknown -= {op.id for op in ops}
    version = version_of_now() + 1
    return written + index.bulk(DeleteOp(id=id_, version=version) for id_ in sorted(unknown))


def _waiting(_keys: Sequence[int]) -> "QuerySet[Message, Any]":
    return Message.objects.filter(WAITING, topic=TOPIC).order_by("created_at").values_list("created_at")[:1]


_OLDEST = Composed(_waiting)


def seconds_behind() -> float:
    """How long the oldest change that the index does not know yet has been waiting, for its turn or for the index;
    0 when it knows all."""
    return next(((timezone.now() - oldest).total_seconds() for (oldest,) in _OLDEST.rows()), 0.0)
