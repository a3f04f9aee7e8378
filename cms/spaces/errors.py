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


class EmptyInterest(SpaceError):
    """Nothing was chosen: "everything" would fill the inbox."""

    code = "empty_interest"


class InterestMismatch(SpaceError):
    """The grade or the subject is not of the stage."""

    code = "interest_mismatch"


class TooManyInterests(SpaceError):
    """A space has as many interests as it may."""

    code = "too_many_interests"

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"at most {most}")


class IntroductionTooLong(SpaceError):
    """More than anybody reads of a space."""

    code = "introduction_too_long"

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"at most {most}")


class TooManyFollows(SpaceError):
    """A space follows as many as it may."""

    code = "too_many_follows"

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"at most {most}")


class PupilsHaveNoSubject(SpaceError):
    """An audience of pupils was narrowed by a subject: they learn them all."""

    code = "pupils_have_no_subject"
