"""What can go wrong with people; the sentences are in `wording`."""

from collections.abc import Sequence
from typing import Any


class PeopleError(Exception):
    """Base of this room's errors."""

    code = "people_error"


class RosterHasProblems(PeopleError):
    """Some rows are wrong and the clean ones alone were not asked for; nothing was written."""

    code = "roster_has_problems"

    def __init__(self, wrong: int, rows: Sequence[Any] = ()) -> None:
        self.wrong = wrong
        self.rows = rows  # every row as it was planned, with its problems
        super().__init__(f"{wrong} rows are wrong")


class NothingToImport(PeopleError):
    """No row is both clean and new or changed."""

    code = "nothing_to_import"


class RosterChanged(PeopleError):
    """Somebody else wrote one of these people at the same moment; nothing was written."""

    code = "roster_changed"


class UnknownCurriculum(PeopleError):
    """Subject or grades do not belong to the stage."""

    code = "unknown_curriculum"
