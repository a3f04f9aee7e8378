"""What can go wrong in sharing. Sentences for people are given at the edge, by `code`."""


class SharingError(Exception):
    """Base of this room's errors."""

    code = "sharing_error"


class ScopeTooWide(SharingError):
    """Wider than the tier that reviewed the work, or outside the publisher's own reach."""

    code = "scope_too_wide"


class LicenceNotOpen(SharingError):
    """The author's licence does not let visitors see it."""

    code = "licence_not_open"


class AlreadyShared(SharingError):
    """The work is shared to this scope."""

    code = "already_shared"


class NotPublished(SharingError):
    """The work is not live."""

    code = "not_published"


class OwnWork(SharingError):
    """One's own work needs no adoption: it is in one's own list."""

    code = "own_work"


class LicenceForbidsChange(SharingError):
    """The author's licence does not allow a changed copy."""

    code = "licence_forbids_change"
