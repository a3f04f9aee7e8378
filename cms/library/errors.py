"""What can go wrong in the library. The sentence for people is given at the edge, from `code` and the attributes."""

from django.core.exceptions import PermissionDenied


class LibraryError(Exception):
    """Base of this room's errors."""

    code = "library_error"


class NotThroughReview(PermissionDenied):
    """Something tried to put a work live, or take it down, without the chain of review."""

    code = "not_through_review"


class WorkLocked(LibraryError):
    """The work is under review and cannot be changed now."""

    code = "work_locked"


class RevisionChanged(LibraryError):
    """Somebody saved a newer draft meanwhile; what was sent is based on an older one."""

    code = "revision_changed"


class SealBroken(LibraryError):
    """The sealed revision no longer has the hash it was sealed with."""

    code = "seal_broken"


class FileRefused(LibraryError):
    """A file was not stored; `code` says why, `facts` what the sentence needs."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)
