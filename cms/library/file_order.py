"""Files in the order their author gave them. A revision keeps it as a list of ids beside the set of files. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar


class HasId(Protocol):
    """A stored file, as far as its place goes."""

    @property
    def pk(self) -> Any: ...


File = TypeVar("File", bound=HasId)


def in_order(files: Iterable[File], order: Sequence[int]) -> list[File]:
    """Those named by `order` as it says; the rest after them in the order of their upload."""
    places = {pk: place for place, pk in enumerate(order)}
    return sorted(files, key=lambda stored: (places.get(stored.pk, len(places)), stored.pk))


def ids_in_order(ids: Iterable[int], order: Sequence[int]) -> list[int]:
    """The same for ids alone."""
    places = {pk: place for place, pk in enumerate(order)}
    return sorted(ids, key=lambda pk: (places.get(pk, len(places)), pk))
