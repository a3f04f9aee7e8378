"""Reads of the organisation tree."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from cms.organisations.enums import TIER_ORDER, Tier
from cms.organisations.models import Organisation


def within(roots: Iterable[Organisation], field: str = "") -> Q:
    """Rows whose organisation lies in the subtree of one of `roots`, itself included.

    field   the lookup that leads to the organisation, for example "organisation" or "work__organisation"; empty when
            the rows are organisations themselves
    A range, not LIKE: SQLite and PostgreSQL both answer it from the index of `path`.
    """
    prefix = f"{field}__path" if field else "path"
    found = Q(pk__in=[])
    for root in roots:
        found |= Q(**{f"{prefix}__gte": root.path, f"{prefix}__lt": _after(root.path)})
    return found


def is_within(organisation: Organisation, root: Organisation) -> bool:
    """`organisation` lies in the subtree of `root`, or is `root`."""
    return organisation.path.startswith(root.path)


def lineage(organisation: Organisation) -> "QuerySet[Organisation]":
    """The organisation and everything above it, from the top: the ladder."""
    return Organisation.objects.filter(path__in=organisation.ancestor_paths).order_by("path")


def at_tier(organisation: Organisation, tier: str) -> Organisation | None:
    """The organisation of that tier above (or at) this one; where the tree leaves the tier out, the next one above: a
    university right below its province belongs to no county. None when there is none above either."""
    above = [tier_ for tier_ in Tier if TIER_ORDER[tier_] <= TIER_ORDER[Tier(tier)]]
    return lineage(organisation).filter(tier__in=above).order_by("-path").first()


def _after(path: str) -> str:
    """The first text that sorts after every path that begins with `path`."""
    return path[:-1] + chr(ord(path[-1]) + 1)
