"""Counting facets from combos. A facet's own chosen values do not restrict its own counts; every other facet's do."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from search.engines.embedded.combos import Combos

MAX_VALUES = 200  # values of one facet in an answer; chosen ones are always among them

Counts = dict[str, list[tuple[str, int]]]


def tally(combos: Combos, found: Sequence[int], filters: Mapping[str, Sequence[str]], names: tuple[str, ...]) -> Counts:
    """The counts of every facet in `names`.

    found    the combo, known, of every document that passes the filters of other facets
    filters  those of facets in `names`
    """
    shapes, sets = combos.shaped(found, names)
    having = {facet: (names.index(facet), combos.having(facet, values)) for facet, values in filters.items()}
    passing = _passing(shapes, sets, having.values())
    counts: Counts = {}
    for at, name in enumerate(names):
        others = [some for facet, some in having.items() if facet != name]
        numbers: Counter[int] = Counter()
        for shape, documents in (_passing(shapes, sets, others) if name in having else passing).items():
            numbers[sets[shape][at]] += documents
        column, count = combos.columns.get(name), Counter[str]()
        for number, documents in numbers.items():
            for value in column.sets[number] if column else ():
                count[value] += documents
        counts[name] = _first(count, filters.get(name, ()))
    return counts


def _passing(
    shapes: Mapping[int, int], sets: Sequence[tuple[int, ...]], having: Iterable[tuple[int, frozenset[int]]]
) -> Mapping[int, int]:
    for at, some in having:
        shapes = {shape: documents for shape, documents in shapes.items() if sets[shape][at] in some}
    return shapes


def _first(count: Counter[str], chosen: Sequence[str]) -> list[tuple[str, int]]:
    """The most frequent values, and those chosen whatever they count."""
    ordered = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    shown = ordered[:MAX_VALUES]
    there = {value for value, _ in shown}
    return shown + [(value, count[value]) for value in chosen if value not in there]
