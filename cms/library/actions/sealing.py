"""Freeze a revision for review, and hold the work still meanwhile."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from cms.library.models import Seal, Work
from cms.library.signals import work_sealed
from cms.people.models import User


def content_hash(content: Any) -> str:
    """SHA-256 of a revision's content in one canonical spelling, the same on every database."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic(savepoint=False)
def seal_latest(work: Work, *, by: User, revision: Revision | None = None) -> Seal:
    """Freeze the newest revision and lock the work. The hash is of the row as the database gives it back.

    revision   the newest, when the caller read it from the database with the work held; else it is read here
    Sends   work_sealed
    """
    revision = revision or Revision.objects.get(pk=work.latest_revision_id)
    existing = Seal.objects.filter(revision=revision).first()
    if existing is not None:
        seal = existing  # returned without a word changed, and submitted again
    else:
        seal = Seal(work_id=work.pk, revision=revision, sha256=content_hash(revision.content), sealed_by=by)
        seal.save()
    hold(work)
    work_sealed.send(sender=Work, work=work, seal=seal)
    return seal


def intact_revision(seal: Seal) -> Revision | None:
    """The sealed revision as the database has it now, when it still has its hash: one query."""
    revision: Revision = Revision.objects.get(pk=seal.revision_id)
    return revision if content_hash(revision.content) == seal.sha256 else None


def hold(work: Work) -> None:
    """Nobody changes the work until `release`. Its author may withdraw."""
    Work.objects.filter(pk=work.pk).update(locked=True, locked_at=timezone.now())


def release(work: Work) -> None:
    """The author may go on writing."""
    Work.objects.filter(pk=work.pk).update(locked=False, locked_at=None)
