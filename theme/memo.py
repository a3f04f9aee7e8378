"""What looks the same is drawn once. A drawing is kept by everything that goes into it, so it can never be out of date,
and nobody is shown what another may see: whoever gets it brought the same words, addresses and marks."""

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

MOST = 4000
"""Drawings that a process keeps; a card is 2 kB."""

PLAIN = frozenset((str, SafeString, int, float, bool, type(None), dt.datetime, dt.date))


class Unkeyable(TypeError):
    """A value whose sameness cannot be told."""


def key_of(value: Any) -> Hashable:
    """Equal for equal values of equal types: escaped text is not the same text unescaped. Raises Unkeyable."""
    kind = type(value)
    if kind in PLAIN:
        return kind, value
    if kind is dict or isinstance(value, Mapping):
        return tuple([(name, type(of), of) if type(of) in PLAIN else (name, key_of(of)) for name, of in value.items()])
    if isinstance(value, list | tuple):
        return tuple([key_of(each) for each in value])
    if isinstance(value, Promise):
        return str, str(value)
    if isinstance(value, Enum):
        return kind, value.value
    raise Unkeyable(kind)


class Drawings:
    """The drawings of one component: `draw(value, *more)` is asked once for the same value and arguments."""

    def __init__(self, draw: Callable[..., SafeString]) -> None:
        self._draw = draw
        self._kept = lru_cache(maxsize=MOST)(self._draw_new)

    def get(self, value: Any, *more: Hashable) -> SafeString:
        try:
            key = key_of(value), get_language(), get_current_timezone_name()
        except Unkeyable:
            return self._draw(value, *more)
        return self._kept(_Keyed(key, value), *more)

    def _draw_new(self, keyed: "_Keyed", *more: Hashable) -> SafeString:
        return self._draw(keyed.value, *more)


class _Keyed:
    """A value that is as equal as its key."""

    __slots__ = ("key", "value")

    def __init__(self, key: Hashable, value: Any) -> None:
        self.key = key
        self.value = value

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and self.key == other.key
