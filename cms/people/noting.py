"""The audit log of many people at once: a roster has five thousand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cms.audit.models import Entry
from cms.people.models import User

BATCH = 500


@dataclass(frozen=True)
class Note:
    """Whom something was done to, where, and the facts that the history tells."""

    person: User
    organisation_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def note_each(verb: str, notes: Iterable[Note], *, by: User) -> None:
    """One entry of each; a query for BATCH of them. To be called inside the transaction of what is noted."""
    Entry.objects.bulk_create(
        (
            Entry(
                verb=verb,
                actor=by,
                subject_type="people.user",
                subject_id=str(note.person.uuid),
                organisation_id=note.organisation_id,
                data=note.facts,
            )
            for note in notes
        ),
        batch_size=BATCH,
    )
