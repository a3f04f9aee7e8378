"""What the combos of a file mean, kept in memory as numbers: a combo never changes once it is written."""

import json
import sqlite3
import threading
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress

CHUNK = 500  # combos asked for by number; for more than MANY at once the table is read through
MANY = 5_000
KEPT = 4  # choices of counted facets that are remembered

READ = "SELECT id, facets FROM combo"


def enlarge(numbers: "array[int]", size: int) -> None:
    """The array has that many places at least; new ones hold 0."""
    if len(numbers) < size:
        numbers.frombytes(bytes((size - len(numbers)) * numbers.itemsize))


class Column:
    """One facet: which set of values each combo has. Sets are numbered, so that counting is done on numbers."""

    def __init__(self) -> None:
        self.sets: list[tuple[str, ...]] = [()]
        self.of = array("I")  # combo -> number of its set
        self._numbers: dict[tuple[str, ...], int] = {(): 0}

    def put(self, combo: int, values: Sequence[str]) -> None:
        key = tuple(values)
        number = self._numbers.get(key)
        if number is None:
            self.sets.append(key)
            number = self._numbers[key] = len(self.sets) - 1
        self.of[combo] = number

    def having(self, values: Iterable[str]) -> frozenset[int]:
        """Numbers of the sets with at least one of the values."""
        wanted = frozenset(values)
        return frozenset(number for number, some in enumerate(self.sets) if not wanted.isdisjoint(some))


class Shapes:
    """Combos that are alike in some facets have one shape there; counting shapes is counting those facets at once."""

    def __init__(self) -> None:
        self.sets: list[tuple[int, ...]] = [()]  # shape -> number of its set in each facet; 0 is a combo not seen yet
        self.of = array("I")  # combo -> its shape
        self._numbers: dict[tuple[int, ...], int] = {}

    def put(self, combo: int, sets: tuple[int, ...]) -> None:
        number = self._numbers.get(sets)
        if number is None:
            self.sets.append(sets)
            number = self._numbers[sets] = len(self.sets) - 1
        self.of[combo] = number


class Combos:
    """What the combos of one file mean, as far as they were asked for.

    Five bytes a combo and facet at most, and four a combo for each choice of counted facets.
    """

    def __init__(self) -> None:
        self.columns: dict[str, Column] = {}
        self._shapes: dict[tuple[str, ...], Shapes] = {}
        self._known = bytearray()
        self._lock = threading.Lock()

    def learn(self, connection: sqlite3.Connection, combos: Iterable[int]) -> None:
        """All of `combos`, which the file holds, are known."""
        known, size = self._known, len(self._known)
        missing = list({combo for combo in combos if combo >= size or not known[combo]})
        if not missing:
            return
        with self._lock:
            self._grow(max(missing) + 1)
            if len(missing) > MANY:
                self._take(connection.execute(READ))
                return
            for start in range(0, len(missing), CHUNK):
                some = missing[start : start + CHUNK]
                self._take(connection.execute(f"{READ} WHERE id IN ({', '.join('?' * len(some))})", some))

    def having(self, facet: str, values: Iterable[str]) -> frozenset[int]:
        """Numbers of the sets of a facet with at least one of the values."""
        column = self.columns.get(facet)
        return column.having(values) if column else frozenset()

    def sift(
        self, rows: list[int], combos: list[int], facet: str, values: Iterable[str]
    ) -> tuple[list[int], list[int]]:
        """Those of the rows, and their combos, which are known, that have one of the values in a facet."""
        column = self.columns.get(facet)
        if column is None:
            return [], []
        of, having = column.of, column.having(values)
        passes = [of[combo] in having for combo in combos]
        return list(compress(rows, passes)), list(compress(combos, passes))

    def shaped(self, combos: Sequence[int], names: tuple[str, ...]) -> tuple[Counter[int], Sequence[tuple[int, ...]]]:
        """How many of `combos`, which are known, have each shape; and of each shape the number of its set per name."""
        with self._lock:
            shapes = self._shapes.get(names)
            if shapes is None:
                while len(self._shapes) >= KEPT:
                    del self._shapes[next(iter(self._shapes))]
                shapes = self._shapes[names] = Shapes()
            enlarge(shapes.of, len(self._known))
        counted = Counter(map(shapes.of.__getitem__, combos))
        if 0 in counted:
            with self._lock:
                columns = [self.columns.get(name) for name in names]
                for combo in set(combos):
                    if not shapes.of[combo]:
                        shapes.put(combo, tuple(column.of[combo] if column else 0 for column in columns))
            counted = Counter(map(shapes.of.__getitem__, combos))
        return counted, shapes.sets

    def _grow(self, size: int) -> None:
        if size <= len(self._known):
            return  # room enough: doubling at every question would fill any memory
        size = max(size, len(self._known) * 2)
        for column in self.columns.values():
            enlarge(column.of, size)
        self._known.extend(bytes(size - len(self._known)))

    def _take(self, rows: Iterable[tuple[int, str]]) -> None:
        for combo, facets in rows:
            if combo >= len(self._known):
                self._grow(combo + 1)
            for name, values in json.loads(facets).items():
                column = self.columns.get(name)
                if column is None:
                    column = Column()
                    enlarge(column.of, len(self._known))
                    self.columns[name] = column
                column.put(combo, values)
            self._known[combo] = 1
