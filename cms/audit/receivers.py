"""What rooms below the audit log do, and tell by a signal."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.dispatch import receiver

from cms.audit.actions import record
from cms.outbox.signals import retried


@receiver(retried)
def note_retry(sender: object, by: AbstractBaseUser | None, topics: dict[str, int], **kwargs: Any) -> None:
    record("outbox:retry", actor=by, subject_type="outbox", subject_id="failed", topics=topics)
