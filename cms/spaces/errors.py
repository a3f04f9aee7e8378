"""What can go wrong in spaces. Sentences for people are given at the edge, by `code`."""


class SpaceError(Exception):
    """Base of this room's errors."""

    code = "space_error"


class NotYourSpace(SpaceError):
    """The person does not tend this space."""

    code = "not_your_space"


class FollowingYourself(SpaceError):
    """A space follows others, not itself or its owner."""

    code = "following_yourself"
