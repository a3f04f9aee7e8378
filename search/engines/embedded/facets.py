"""Counting facets from combos. A facet's own chosen values do not restrict its own counts; every other facet's do."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from search.engines.embedded.combos import Combos, Mask, Numbers
from search.engines.limits import MAX_VALUES

Counts = dict[str, list[tuple[str, int]]]


def tally(combos: Combos, found: Numbers, filters: Mapping[str, Sequence[str]], names: tuple[str, ...]) -> Counts:
    """The counts of every facet in `names`.

    found    the combo, known, of every document that passes the filters of other facets
    filters  those of facets in `names`
    """
    documents = np.bincount(found)
    there = np.flatnonzero(documents)
    documents = documents[there]
    passing = {facet: combos.passing(there, facet, values) for facet, values in filters.items()}
    all_pass = _each([passing[facet] for facet in filters], there)
    counts: Counts = {}
    for name in names:
        counted = all_pass
        if name in filters:
            counted = _each([passing[facet] for facet in filters if facet != name], there)
        counts[name] = _first(_by_value(combos, name, there[counted], documents[counted]), filters.get(name, ()))
    return counts


def _each(masks: Sequence[Mask], of: Numbers) -> Mask:
    """What passes all of the masks."""
    return np.logical_and.reduce(masks) if masks else np.ones(len(of), np.bool)


def _by_value(combos: Combos, facet: str, there: Numbers, documents: Numbers) -> Counter[str]:
    """How many documents have each value of a facet: so many have each of the combos that are there."""
    count = Counter[str]()
    column = combos.columns.get(facet)
    if column is None:
        return count
    sets = np.bincount(column.of[there], weights=documents)  # sums of whole numbers far below 2**53: exact
    for number in np.flatnonzero(sets).tolist():
        for value in column.sets[number]:
            count[value] += int(sets[number])
    return count


def _first(count: Counter[str], chosen: Sequence[str]) -> list[tuple[str, int]]:
    """The most frequent values, and those chosen whatever they count."""
    ordered = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    shown = ordered[:MAX_VALUES]
    there = {value for value, _ in shown}
    return shown + [(value, count[value]) for value in chosen if value not in there]
