"""The writers of the organisation tree."""

from typing import Any

from django.db import transaction

from cms.organisations.enums import TIER_ORDER, Tier
from cms.organisations.errors import MisplacedOrganisation
from cms.organisations.models import Organisation
from cms.organisations.signals import organisation_moved


@transaction.atomic
def add_organisation(*, parent: Organisation | None, tier: str, name: str, code: str, **facts: Any) -> Organisation:
    """Add a node below `parent` (None: the root, a nation).

    Raises  MisplacedOrganisation when the tier is not below the parent's (steps may be left out: a university stands
            right below its province)
    """
    if parent is None:
        if tier != Tier.NATION:
            raise MisplacedOrganisation(tier, None)
        return Organisation.add_root(tier=tier, name=name, code=code, **facts)
    if TIER_ORDER[Tier(tier)] <= TIER_ORDER[Tier(parent.tier)]:
        raise MisplacedOrganisation(tier, parent.tier)
    # Two children added at once would take one path: hold the parent row, and read it again.
    parent = Organisation.objects.select_for_update().get(pk=parent.pk)
    return parent.add_child(tier=tier, name=name, code=code, **facts)


@transaction.atomic
def move_organisation(organisation: Organisation, *, to: Organisation) -> Organisation:
    """It stands below `to` from now on, with all that is below it. Returns it as it is now.

    Raises  MisplacedOrganisation when its tier is not below that of `to`
    Sends   organisation_moved
    """
    rows = {row.pk: row for row in Organisation.objects.select_for_update().filter(pk__in=(organisation.pk, to.pk))}
    moved, parent = rows[organisation.pk], rows[to.pk]
    if TIER_ORDER[Tier(moved.tier)] <= TIER_ORDER[Tier(parent.tier)] or parent.path.startswith(moved.path):
        raise MisplacedOrganisation(moved.tier, parent.tier)
    before = moved.path
    moved.move(parent, pos="last-child")
    now = Organisation.objects.get(pk=moved.pk)
    if now.path != before:
        organisation_moved.send(sender=Organisation, organisation=now, before=before)
    return now
