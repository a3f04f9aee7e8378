"""Rows that are written once: the audit log and the points ledger are made of them.

Three locks: the model refuses a second save and a delete, the queryset refuses update and delete, and a database
trigger (`append_only_triggers`) refuses what goes round both.
"""

from typing import Any, Never

from django.db import models

from cms.audit.triggers import Trigger


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row that is written once."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Reads and adds; never changes."""

    def update(self, **kwargs: Any) -> Never:
        raise AppendOnlyError(f"{self.model._meta.label} rows are never changed")

    def delete(self) -> Never:
        raise AppendOnlyError(f"{self.model._meta.label} rows are never deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> Never:
        raise AppendOnlyError(f"{self.model._meta.label} rows are never changed")


class AppendOnly(models.Model):
    """Base of a model whose rows are written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.label} rows are never changed")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise AppendOnlyError(f"{self._meta.label} rows are never deleted")


def append_only_triggers(model: type[models.Model]) -> list[Trigger]:
    """The triggers that refuse UPDATE and DELETE on `model`'s table."""
    table = model._meta.db_table
    return [
        Trigger(name=f"{table}_no_{event.lower()}", table=table, when=f"BEFORE {event}", condition="", message=message)
        for event, message in (("UPDATE", f"{table}: append only"), ("DELETE", f"{table}: append only"))
    ]
