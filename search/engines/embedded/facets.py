"""Counting facets from combos. A facet's own chosen values do not restrict its own counts; every other facet's do."""

import json
import sqlite3
import threading
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

MAX_VALUES = 200  # values of one facet in an answer; chosen ones are always among them
CHUNK = 500  # combos asked for by number; for more than MANY at once the table is read through
MANY = 5_000

READ = "SELECT id, facets FROM combo"


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

    def grow(self, size: int) -> None:
        if len(self.of) < size:
            self.of.frombytes(bytes((size - len(self.of)) * self.of.itemsize))

    def having(self, values: Iterable[str]) -> frozenset[int]:
        """Numbers of the sets with at least one of the values."""
        wanted = frozenset(values)
        return frozenset(number for number, some in enumerate(self.sets) if not wanted.isdisjoint(some))


class Combos:
    """What the combos of one file mean, as far as they were asked for.

    A combo never changes once it is written, so what is known stays true. Five bytes a combo and facet at most.
    """

    def __init__(self) -> None:
        self.columns: dict[str, Column] = {}
        self._known = bytearray()
        self._lock = threading.Lock()

    def learn(self, connection: sqlite3.Connection, combos: Iterable[int]) -> None:
        """All of `combos`, which the file holds, are known."""
        with self._lock:
            size = len(self._known)
            missing = [combo for combo in combos if combo >= size or not self._known[combo]]
            if not missing:
                return
            self._grow(max(missing) + 1)
            if len(missing) > MANY:
                self._take(connection.execute(READ))
                return
            for start in range(0, len(missing), CHUNK):
                some = missing[start : start + CHUNK]
                self._take(connection.execute(f"{READ} WHERE id IN ({', '.join('?' * len(some))})", some))

    def _grow(self, size: int) -> None:
        if size <= len(self._known):
            return  # room enough: doubling at every question would fill any memory
        size = max(size, len(self._known) * 2)
        for column in self.columns.values():
            column.grow(size)
        self._known.extend(bytes(size - len(self._known)))

    def _take(self, rows: Iterable[tuple[int, str]]) -> None:
        for combo, facets in rows:
            if combo >= len(self._known):
                self._grow(combo + 1)
            for name, values in json.loads(facets).items():
                column = self.columns.get(name)
                if column is None:
                    column = Column()
                    column.grow(len(self._known))
                    self.columns[name] = column
                column.put(combo, values)
            self._known[combo] = 1


class Knowledge:
    """The combos of the file in use; of another file nothing that was known is true."""

    def __init__(self) -> None:
        self._of: tuple[Path | None, Combos] = (None, Combos())

    def of(self, file: Path) -> Combos:
        known, combos = self._of
        if known != file:
            combos = Combos()
            self._of = (file, combos)
        return combos


Counts = dict[str, list[tuple[str, int]]]


def tally(
    found: Sequence[int], columns: Mapping[str, Column], filters: Mapping[str, Sequence[str]], names: Sequence[str]
) -> tuple[int, Counts]:
    """How many documents pass all filters, and the counts of every facet in `names`.

    found  the combo of every document that holds the words and may be seen
    """
    passing = _passing(found, columns, filters)
    counts: Counts = {}
    for name in names:
        column = columns.get(name)
        if column is None:
            counts[name] = [(value, 0) for value in filters.get(name, ())]
            continue
        others = {facet: values for facet, values in filters.items() if facet != name}
        rows = passing if len(others) == len(filters) else _passing(found, columns, others)
        count: Counter[str] = Counter()
        for number, documents in Counter(map(column.of.__getitem__, rows)).items():
            for value in column.sets[number]:
                count[value] += documents
        counts[name] = _first(count, filters.get(name, ()))
    return len(passing), counts


def _passing(
    found: Sequence[int], columns: Mapping[str, Column], filters: Mapping[str, Sequence[str]]
) -> Sequence[int]:
    rows = found
    for facet, values in filters.items():
        column = columns.get(facet)
        if column is None:
            return []
        of, having = column.of, column.having(values)
        rows = [combo for combo in rows if of[combo] in having]
    return rows


def _first(count: Counter[str], chosen: Sequence[str]) -> list[tuple[str, int]]:
    """The most frequent values, and those chosen whatever they count."""
    ordered = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    shown = ordered[:MAX_VALUES]
    there = {value for value, _ in shown}
    return shown + [(value, count[value]) for value in chosen if value not in there]
