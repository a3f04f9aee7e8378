"""How far something long has come, told to whoever waits for it."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""How many are done, of how many."""

ProgressOf = Callable[[str, int, int], None]
"""The same of something that is named."""


def unheard(*_done: object) -> None:
    """Nobody waits."""
