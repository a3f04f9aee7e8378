"""What can go wrong in sharing. Sentences for people are given at the edge, by `code`."""


class SharingError(Exception):
    """Base of this room's errors."""

    code = "sharing_error"


class ScopeTooWide(SharingError):
    """Wider than the tier that reviewed the work, or outside the publisher's own reach."""

    code = "scope_too_wide"


class ScopeClosed(SharingError):
    """The organisation is closed."""

    code = "scope_closed"


class LicenceNotOpen(SharingError):
    """The author's licence does not let visitors see it."""

    code = "licence_not_open"


class AlreadyShared(SharingError):
    """Everybody of this scope may see the work already."""

    code = "already_shared"


class NotPublished(SharingError):
    """The work is not live."""

    code = "not_published"


class RecallWithoutReason(SharingError):
    """Taking a share back needs a reason."""

    code = "recall_without_reason"


class OwnWork(SharingError):
    """One's own work needs no adoption: it is in one's own list."""

    code = "own_work"


class LicenceForbidsChange(SharingError):
    """The author's licence does not allow a changed copy."""

    code = "licence_forbids_change"


class NotShared(SharingError):
    """Only what is shared is pushed."""

    code = "not_shared"


class AudienceOutOfReach(SharingError):
    """The organisation is not at or below one for which the person edits or publishes, or is closed."""

    code = "audience_out_of_reach"


class AudienceCannotSee(SharingError):
    """The work is not shared with all of the audience's organisation."""

    code = "audience_cannot_see"

    def __init__(self, organisation: str) -> None:
        self.organisation = organisation
        super().__init__(organisation)


class AlreadyRecommended(SharingError):
    """The work stands recommended to this very audience, by somebody else or in other words."""

    code = "already_recommended"

    def __init__(self, source: str) -> None:
        self.source = source
        super().__init__(source)
