"""The interface between push and what finds the interests that a work meets.

Profiles are kept by their id and never change: the same wishes are the same profile (`cms.spaces.profiles`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cms.spaces.profiles import Profile


@dataclass(frozen=True)
class Candidate:
    """What of a document is matched. `text` is normalised, and holds all in which a word may stand."""

    id: str
    facets: Mapping[str, Collection[str]] = field(default_factory=dict)
    text: str = ""


class Matcher(Protocol):
    """All may raise IndexUnavailable, `refill` also RebuildRunning; the database has every profile none the less."""

    def ready(self) -> bool:
        """Whether it can match, and holds every profile since it was filled; False where the server cannot at all."""
        ...

    def store(self, profiles: Iterable[tuple[str, Profile]]) -> None:
        """They are matched from now on, by their ids. May be repeated."""
        ...

    def forget(self, ids: Iterable[str]) -> None:
        """They are matched no more. May be repeated."""
        ...

    def match(self, candidates: Sequence[Candidate]) -> dict[str, list[str]]:
        """For every candidate the ids of the profiles that it meets, in order."""
        ...

    def refill(self, profiles: Iterable[tuple[str, Profile]]) -> int:
        """These and those stored meanwhile are all there is; returns how many were given."""
        ...

    def ids(self) -> Iterator[str]:
        """Of every profile it holds, in order, for comparing with the database."""
        ...
