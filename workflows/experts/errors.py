"""What can go wrong with the pool. Each carries its sentence for the form, as `code` does elsewhere."""


class ExpertError(Exception):
    """Base of this room's errors."""

    code = "expert_error"


class NobodyOfThatName(ExpertError):
    """No active person has this account name, or the person has no role but pupil or parent."""

    code = "nobody"


class AlreadyInPool(ExpertError):
    """The person is in this pool."""

    code = "already_in_pool"
