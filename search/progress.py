"""How far something long has come, told to whoever waits for it."""

from collections.abc import Callable
from enum import StrEnum

Progress = Callable[[int, int], None]
"""How many are done, of how many."""


class Stage(StrEnum):
    """Of a rebuild."""

    DOCUMENTS = "documents"
    TITLES = "titles"


ProgressOf = Callable[[Stage, int, int], None]
"""The same of a stage."""


def unheard(*_done: object) -> None:
    """Nobody waits."""
