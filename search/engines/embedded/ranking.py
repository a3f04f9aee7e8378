"""Scores and orders: the table of signals in this engine's words."""

import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.engines.base import Hit
from search.engines.embedded.combos import Combos, Numbers
from search.engines.embedded.schema import WEIGHTS
from search.engines.embedded.sheets import NEVER, Records
from search.engines.embedded.tiers import Tier
from search.query import PLACE, Ask, Query, Sort
from search.ranking import ADOPTIONS, BY_NAME, NEWNESS, WORDS

TEXT = f"-bm25(words, {', '.join(map(str, WEIGHTS))})"

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Scored:
    """Rows with their signals, one place for each.

    near   higher is nearer, 0 is elsewhere
    score  text, times popular, times recent
    """

    rows: Numbers
    adoptions: Numbers
    published: Numbers
    near: Numbers
    text: Values
    popular: Values
    recent: Values
    score: Values

    def keys(self, ask: Ask | None, query: Query) -> tuple[Numbers, ...]:
        """What they are sorted by: the greater the further in front."""
        return {
            Sort.RELEVANCE: (self.score, self.rows),
            Sort.NEWEST: (self.published, self.rows),
            Sort.MOST_ADOPTED: (self.adoptions, self.published, self.rows),
            Sort.NEAREST: (self.near, self.score if ask else self.published, self.rows),
        }[query.sort]


def scored(connection: sqlite3.Connection, combos: Combos, records: Records, tier: Tier, query: Query) -> Scored:
    """The rows of a tier with their signals."""
    rows, text = tier.rows, np.ones(len(tier.rows))
    if tier.expression and query.by_words:
        rows, text = _texts(connection, tier)
    these = records[rows]
    adoptions, published = these["adoptions"], these["published"]
    popular = 1 + BY_NAME[ADOPTIONS].weight * np.log1p(adoptions)
    recent = _recent(published)
    near = _near(connection, combos, these["combo"], query.places)
    return Scored(rows, adoptions, published, near, text, popular, recent, text * popular * recent)


def _texts(connection: sqlite3.Connection, tier: Tier) -> tuple[Numbers, Values]:
    """The rows of a tier, and what its words count in each."""
    # The plus: the words are gone through once, not looked up again for each row.
    sql = f"SELECT rowid, {TEXT} FROM words WHERE words MATCH ? AND +rowid IN (SELECT value FROM json_each(?))"
    found = connection.execute(sql, (tier.expression, json.dumps(tier.rows.tolist())))
    told = np.fromiter(found, np.dtype([("row", np.int64), ("text", np.float64)]))
    return told["row"], told["text"]


def _recent(published: Numbers) -> Values:
    newness = BY_NAME[NEWNESS]
    age = np.abs(int(time.time()) - published.astype(np.float64))
    fresh = np.where(published == NEVER, 0.0, np.exp2(-age / newness.half_life))
    return np.asarray(1 + newness.weight * fresh)


def _near(connection: sqlite3.Connection, combos: Combos, of: Numbers, places: Sequence[str]) -> Numbers:
    near = np.zeros(len(of), np.int64)
    if places:
        combos.learn(connection, of)
    for at, place in reversed([*enumerate(places)]):
        near[combos.passing(of, PLACE, (place,))] = len(places) - at
    return near


def first(keys: Sequence[Numbers], count: int) -> Numbers:
    """The places of the `count` that stand first, in their order."""
    foremost = keys[0]
    places = np.arange(len(foremost))
    if count < len(places):  # whoever is behind so many by the first key need not be sorted
        least = np.partition(foremost, len(places) - count)[len(places) - count]
        places = np.flatnonzero(foremost >= least)
    return places[np.lexsort([key[places] for key in reversed(keys)])[::-1]][:count]


def before(keys: Sequence[Numbers], place: int) -> int:
    """How many stand before this one."""
    ahead, equal = 0, np.ones(len(keys[0]), np.bool)
    for key in keys:
        ahead += int(np.count_nonzero(equal & (key > key[place])))
        equal &= key == key[place]
    return ahead


def hits(connection: sqlite3.Connection, found: Scored, places: Numbers, query: Query) -> list[Hit]:
    """What stands at these places, as hits."""
    asked = json.dumps(found.rows[places].tolist())
    named: dict[int, str] = dict(
        connection.execute("SELECT rowid, id FROM doc WHERE rowid IN (SELECT value FROM json_each(?))", (asked,))
    )
    return [_hit(found, place, named, query) for place in places.tolist()]


def _hit(found: Scored, place: int, named: dict[int, str], query: Query) -> Hit:
    parts: dict[str, Any] = {WORDS: found.text, ADOPTIONS: found.popular, NEWNESS: found.recent}
    near = int(found.near[place])
    return Hit(
        named[int(found.rows[place])],
        float(found.score[place]),
        {name: float(part[place]) for name, part in parts.items()},
        near=len(query.places) + 1 - near if near else 0,
    )
