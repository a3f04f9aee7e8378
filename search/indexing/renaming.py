"""A new name reaches every document in which the old one stands: walked through in batches, by the outbox.

Documents hold names of organisations, of the curriculum and of tags; whoever changes one of them writes a single row.
Each message brings one batch up to date and owes the next: nothing is long, nothing is large, and a worker that dies
repeats one batch.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.library.models import TaggedWork
from cms.outbox import actions as outbox
from cms.outbox.actions import WAITING
from cms.outbox.handlers import Handler, register
from cms.outbox.models import Message
from cms.people.models import Membership
from search.documents import BATCH, About
from search.documents.sources import SOURCES, Source
from search.indexing.queueing import index_now

TOPIC = "search.renamed"

Concerned = Mapping[About, Callable[[int], Q]]


def _is(*names: str) -> Callable[[int], Q]:
    """Rows that name it themselves, under one of these names."""

    def rows(pk: int) -> Q:
        found = Q()
        for name in names:
            found |= Q(**{name: pk})
        return found

    return rows


def _tagged(pk: int) -> Q:
    return Q(pk__in=TaggedWork.objects.filter(tag=pk).values("content_object"))


def _working_at(pk: int) -> Q:
    return Q(pk__in=Membership.objects.filter(organisation=pk).values("user"))


ABOVE_CHAPTER = ("chapter", "chapter__parent", "chapter__parent__parent", "chapter__parent__parent__parent")

CONCERNED: Mapping[str, Concerned] = {
    "organisation": {About.WORK: _is("organisation"), About.SPACE: _is("organisation"), About.PERSON: _working_at},
    "stage": {About.WORK: _is("stage"), About.PERSON: _is("teaching_profile__stage")},
    "subject": {
        About.WORK: _is("subject"),
        About.SPACE: _is("subject"),
        About.PERSON: _is("teaching_profile__subject"),
    },
    "grade": {About.WORK: _is("grade"), About.PERSON: _is("teaching_profile__grades")},
    "edition": {About.WORK: _is("edition")},
    "textbook": {About.WORK: _is("textbook")},
    "chapter": {About.WORK: _is(*ABOVE_CHAPTER)},
    "knowledgepoint": {About.WORK: _is("knowledge")},
    "tag": {About.WORK: _tagged},
}
"""What has a name -> the documents in which it stands, for each kind of them."""


@transaction.atomic(savepoint=False)
def queue(kind: str, pk: int) -> None:
    """The index owes a look at all documents in which this stands; in the transaction of its change. What is owed
    already, and not begun, is owed once."""
    for about in CONCERNED[kind]:
        outbox.add_once(TOPIC, _ref(kind, pk, about, 0))


@transaction.atomic(savepoint=False)
def queue_since(moment: datetime) -> int:
    """The same for all that has changed since then; returns how many such things there are."""
    refs = Message.objects.filter(topic=TOPIC, created_at__gte=moment).values_list("ref", flat=True)
    walks = sorted({tuple(ref.split()[:2]) for ref in refs})
    for named, about in walks:
        outbox.add_once(TOPIC, f"{named} {about} 0")
    return len({named for named, _about in walks})


def _ref(kind: str, pk: int, about: str, after: int) -> str:
    return f"{kind}:{pk} {about} {after}"


def index_batch(ref: str) -> int | None:
    """The next BATCH documents are up to date; returns the last row of them, None when there are no more.

    Raises  Outage while the index is away
    """
    named, about, after = ref.split()
    kind, pk = named.split(":")
    source = _source(about)
    rows = source.live().filter(CONCERNED[kind][source.about](int(pk)), pk__gt=int(after))
    batch = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    index_now([source.id_of(row) for row in batch])
    return batch[-1] if len(batch) == BATCH else None


def owe_the_next(ref: str, last: int | None) -> None:
    """Unless a walk from the beginning is owed, for the name has changed again."""
    named, about, _after = ref.split()
    first = f"{named} {about} 0"
    if last is not None and not Message.objects.filter(WAITING, topic=TOPIC, ref=first, attempts=0).exists():
        outbox.add(TOPIC, f"{named} {about} {last}")


def _source(about: str) -> Source:
    return next(source for source in SOURCES if source.about == about)


register(Handler(topic=TOPIC, label=_("更新改名后的检索内容"), work=index_batch, finish=owe_the_next))
