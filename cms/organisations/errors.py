"""What can go wrong with the organisation tree."""


class OrganisationError(Exception):
    """Base of this room's errors."""


class MisplacedOrganisation(OrganisationError):
    """The tier does not fit below the parent."""

    def __init__(self, tier: str, parent_tier: str | None) -> None:
        self.tier = tier
        self.parent_tier = parent_tier
        super().__init__(f"a {tier} does not stand below {parent_tier}")
