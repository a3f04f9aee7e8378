"""Reads of the ledger."""

from collections.abc import Sequence

from django.db.models import QuerySet, Subquery, Sum

from cms.library.queries import in_force
from cms.spaces.models import Space
from workflows.points.models import Entry, Tariff, TariffLine


def tariff_in_force() -> Tariff | None:
    return in_force(Tariff.objects.all()).first()


def lines_in_force(reason: str) -> "QuerySet[TariffLine]":
    """What the tariff in force gives for `reason`: one query."""
    now = in_force(Tariff.objects.all()).values("pk")[:1]
    return TariffLine.objects.filter(tariff=Subquery(now), reason=reason)


def balance(space: Space) -> int:
    """Whole points: the sum of the space's entries."""
    return int(Entry.objects.filter(space=space).aggregate(total=Sum("points"))["total"] or 0)


def earned_since(space: Space, since: object) -> int:
    """Points of entries at or after `since` (an aware datetime)."""
    return int(Entry.objects.filter(space=space, at__gte=since).aggregate(total=Sum("points"))["total"] or 0)


def statement(space: Space) -> "QuerySet[Entry]":
    """Every entry, newest first, with what its line shows: one query."""
    return Entry.objects.filter(space=space).select_related("tariff", "work", "reverses").defer("work__body")


def reversed_among(entries: Sequence[Entry]) -> set[int]:
    """Ids of those entries that were taken back later: one query."""
    found = Entry.objects.filter(reverses__in=[entry.pk for entry in entries]).order_by()
    return {pk for pk in found.values_list("reverses", flat=True) if pk is not None}
