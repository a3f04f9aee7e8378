"""Reads of the organisation tree."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from cms.organisations.enums import TIER_ORDER, Tier
from cms.organisations.models import Organisation

ALPHABET = Organisation.alphabet
"""What treebeard writes paths with, in order: digits, then capitals."""


def within(roots: Iterable[Organisation], field: str = "") -> Q:
    """Rows whose organisation lies in the subtree of one of `roots`, itself included.

    field   the lookup that leads to the organisation, for example "organisation" or "work__organisation"; empty when
            the rows are organisations themselves
    A range, not LIKE: SQLite and PostgreSQL both answer it from the index of `path`.
    """
    prefix = f"{field}__path" if field else "path"
    found = Q(pk__in=[])
    for root in roots:
        inside = Q(**{f"{prefix}__gte": root.path})
        if end := _after(root.path):
            inside &= Q(**{f"{prefix}__lt": end})
        found |= inside
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
    """The first path that sorts after every one that begins with `path`: "0009" gives "000A", "000Z" gives "001". Empty
    when nothing does.

    Digits and capitals only, which every collation has in this order: the sign after "9" in ASCII, ":", stands before
    the digits in Chinese and English ones.
    """
    stem = path.rstrip(ALPHABET[-1])
    return stem[:-1] + ALPHABET[ALPHABET.index(stem[-1]) + 1] if stem else ""
