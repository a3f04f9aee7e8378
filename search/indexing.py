"""The index follows the database through the outbox: by id, at least once, whatever order; and can be made anew."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction

from cms.outbox import actions as outbox
from cms.outbox.handlers import Handler, register
from search.documents import BATCH, every_document, live, ops_for, sequence
from search.engines import engine
from search.engines.base import DeleteOp, Document
from search.texts.actions import owe_texts

TOPIC = "search.index"


@dataclass
class Difference:
    """What `check` found: works the index lacks, and documents it should not hold."""

    missing: list[int] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)

    @property
    def none(self) -> bool:
        return not self.missing and not self.surplus


@transaction.atomic(savepoint=False)
def queue(work_id: int) -> None:
    """The index owes this work a look; in the transaction of what changed."""
    outbox.add(TOPIC, work_id)


@transaction.atomic(savepoint=False)
def queue_each(work_ids: Iterable[int]) -> None:
    """The same for many, in one statement."""
    outbox.add_each(TOPIC, work_ids)


def index_now(ref: str) -> None:
    """Bring the index up to date with one work. May be repeated and come late."""
    engine().bulk(ops_for([int(ref)]))


def owe_its_texts(ref: str, result: None) -> None:
    """What stands in its files is read next; the work is indexed now, and again when they are read."""
    owe_texts([int(ref)])


register(Handler(topic=TOPIC, work=index_now, finish=owe_its_texts, max_attempts=50))


def rebuild(*, progress: Callable[[int, int], None] | None = None) -> int:
    """A new index from the database, beside the old, then in its place; returns the number of documents."""
    current = engine()
    current.ensure()
    total = live().count()
    with current.rebuild() as fresh:
        batch: list[Document] = []
        done = 0
        for document in every_document():
            batch.append(document)
            if len(batch) == BATCH:
                done += fresh.fill(batch)
                _tell(progress, done, total)
                batch = []
        done += fresh.fill(batch)
        _tell(progress, done, max(total, done))
    owe_every_text()
    return done


def owe_every_text() -> int:
    """Files of live works that nobody has read are owed to the worker; returns how many."""
    owed, last = 0, 0
    while batch := list(live().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            owed += owe_texts(batch)
        last = batch[-1]
    return owed


def _tell(progress: Callable[[int, int], None] | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


def check(*, mend: bool) -> Difference:
    """Compare the ids of index and database in both directions; with `mend`, write what differs."""
    held = {int(pk) for pk, _version in engine().versions()}
    wanted = set(live().values_list("pk", flat=True))
    found = Difference(missing=sorted(wanted - held), surplus=sorted(held - wanted))
    if mend and not found.none:
        for start in range(0, len(found.missing), BATCH):
            engine().bulk(ops_for(found.missing[start : start + BATCH]))
        version = sequence() + 1
        engine().bulk(DeleteOp(id=str(pk), version=version) for pk in found.surplus)
    return found
