"""What the combos of a file mean, kept in memory as numbers: a combo never changes once it is written."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHUNK = 500  # combos asked for by number; for more than MANY at once the table is read through
MANY = 5_000

READ = "SELECT id, facets FROM combo"

Numbers = NDArray[Any]  # of rows, of combos, of sets of values, counts
Mask = NDArray[np.bool]


def enlarged(numbers: Numbers, size: int) -> Numbers:
    """The same with that many places at least; new ones hold 0."""
    if len(numbers) >= size:
        return numbers
    larger = np.zeros(size, numbers.dtype)
    larger[: len(numbers)] = numbers
    return larger


class Column:
    """One facet: which set of values each combo has. Sets are numbered, so that counting is done on numbers."""

    def __init__(self, size: int) -> None:
        self.sets: list[tuple[str, ...]] = [()]
        self.of: Numbers = np.zeros(size, np.uint32)  # combo -> number of its set
        self._numbers: dict[tuple[str, ...], int] = {(): 0}
        self._having: dict[str, list[int]] = {}

    def number(self, values: Sequence[str]) -> int:
        """Of this set of values, which gets one when it is new."""
        key = tuple(values)
        number = self._numbers.get(key)
        if number is None:
            number = len(self.sets)
            self.sets.append(key)
            self._numbers[key] = number
            for value in set(key):
                self._having.setdefault(value, []).append(number)
        return number

    def passing(self, combos: Numbers, values: Iterable[str]) -> Mask:
        """Which of the combos, which are known, have at least one of the values."""
        having = [number for value in values for number in self._having.get(value, ())]
        wanted = np.zeros(len(self.sets), np.bool)  # only now: another thread may just have numbered a set
        wanted[having] = True
        return wanted[self.of[combos]]


class Combos:
    """What the combos of one file mean, as far as they were asked for. Four bytes a combo and facet, and one.

    Threads share it: an array that has become too small is replaced, never changed in length, and a combo is known only
    after all columns have it.
    """

    def __init__(self) -> None:
        self.columns: dict[str, Column] = {}
        self._known: Mask = np.zeros(0, np.bool)
        self._lock = threading.Lock()

    def learn(self, connection: sqlite3.Connection, combos: Numbers) -> None:
        """All of `combos`, which the file holds, are known."""
        known = self._known
        if not len(combos) or (combos.max() < len(known) and known[combos].all()):
            return
        with self._lock:
            self._grow(int(combos.max()) + 1)
            missing = np.unique(combos[~self._known[combos]]).tolist()
            if len(missing) > MANY:
                self._take(connection.execute(READ).fetchall())
                return
            for start in range(0, len(missing), CHUNK):
                some = missing[start : start + CHUNK]
                sql = f"{READ} WHERE id IN ({', '.join('?' * len(some))})"
                self._take(connection.execute(sql, some).fetchall())

    def passing(self, combos: Numbers, facet: str, values: Iterable[str]) -> Mask:
        """Which of the combos, which are known, have at least one of the values in a facet."""
        column = self.columns.get(facet)
        return np.zeros(len(combos), np.bool) if column is None else column.passing(combos, values)

    def _grow(self, size: int) -> None:
        if size <= len(self._known):
            return  # room enough: doubling at every question would fill any memory
        size = max(size, len(self._known) * 2)
        for column in self.columns.values():
            column.of = enlarged(column.of, size)
        self._known = enlarged(self._known, size)

    def _take(self, rows: Sequence[tuple[int, str]]) -> None:
        if not rows:
            return
        self._grow(max(combo for combo, _facets in rows) + 1)
        found: dict[str, tuple[list[int], list[int]]] = {}
        for combo, facets in rows:
            for name, values in json.loads(facets).items():
                column = self.columns.get(name)
                if column is None:
                    column = self.columns[name] = Column(len(self._known))
                combos, numbers = found.setdefault(name, ([], []))
                combos.append(combo)
                numbers.append(column.number(values))
        for name, (combos, numbers) in found.items():
            self.columns[name].of[combos] = numbers
        self._known[[combo for combo, _facets in rows]] = True
