"""Index and database compared, and what differs written again."""

from dataclasses import dataclass, field

from django.db.models import Max

from cms.outbox.models import Message
from cms.outbox.versions import version_of_now
from search.documents import BATCH, every_id, ops_for
from search.engines import engines
from search.engines.base import DeleteOp, Engine, Written
from search.indexing.queueing import TOPIC


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
