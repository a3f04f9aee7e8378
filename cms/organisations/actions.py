"""The writers of the organisation tree."""

from typing import Any

from django.db import transaction

from cms.organisations.enums import TIER_ORDER, Tier
from cms.organisations.errors import MisplacedOrganisation
from cms.organisations.models import Organisation


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
