"""Who keeps the tariff: administrators of the province (or the nation). Statements follow spaces' rule `tend`."""

from cms.organisations.enums import Tier
from cms.people.enums import Role
from cms.people.queries import Anybody, standing


def keeps_the_tariff(user: Anybody) -> bool:
    """`user` may add a version of the tariff."""
    return any(place.tier in (Tier.PROVINCE, Tier.NATION) for place in standing(user).organisations(Role.ADMINISTRATOR))
