"""The only writers of the audit log."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from cms.audit.models import Entry

BATCH = 500  # entries of one query


@dataclass(frozen=True)
class Note:
    """What something was done to (its id), where, and the facts that the history tells."""

    subject_id: object
    organisation_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def record(
    verb: str,
    *,
    actor: AbstractBaseUser | None,
    subject_type: str,
    subject_id: object,
    organisation_id: int | None = None,
    from_state: str = "",
    to_state: str = "",
    version: int | None = None,
    **data: Any,
) -> Entry:
    """Write one entry beside the change it tells of; `actor` None means the system, by a rule or a clock.

    Raises  RuntimeError outside a transaction: an entry must stand or fall with its cause.
    """
    _require_transaction()
    entry = Entry(
        verb=verb,
        actor_id=actor.pk if actor is not None else None,
        subject_type=subject_type,
        subject_id=str(subject_id),
        organisation_id=organisation_id,
        from_state=from_state,
        to_state=to_state,
        version=version,
        data=data,
    )
    entry.save()
    return entry


def record_each(verb: str, notes: Iterable[Note], *, actor: AbstractBaseUser, subject_type: str) -> None:
    """One entry of each, a query for BATCH of them: a roster has five thousand people.

    Raises  RuntimeError outside a transaction
    """
    _require_transaction()
    entries = (
        Entry(
            verb=verb,
            actor_id=actor.pk,
            subject_type=subject_type,
            subject_id=str(note.subject_id),
            organisation_id=note.organisation_id,
            data=note.facts,
        )
        for note in notes
    )
    Entry.objects.bulk_create(entries, batch_size=BATCH)


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry belongs inside the transaction of what it records")
