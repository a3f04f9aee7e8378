"""The only writer of the audit log."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from cms.audit.models import Entry


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
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record belongs inside the transaction of what it records")
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
