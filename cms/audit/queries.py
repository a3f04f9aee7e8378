"""Reads of the audit log."""

from django.db.models import QuerySet

from cms.audit.models import Entry


def history(subject_type: str, subject_id: object) -> "QuerySet[Entry]":
    """What was done to one thing, newest first, with the people who did it: one query."""
    return Entry.objects.filter(subject_type=subject_type, subject_id=str(subject_id)).select_related("actor")
