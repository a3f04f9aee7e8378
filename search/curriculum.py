"""The curriculum as a tree of choices: stage, grade, volume, edition, chapter. Pure; the tables come in as values.

A textbook is of one subject: where that is open, subjects stand under the edition in place of chapters.
Children are offered under what is chosen, so that a level is counted only where it is shown. A grade knows its stage;
volumes and editions do not, so with several parents chosen they stand once, under the last of them, and count for all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LEVELS = ("stage", "grade", "volume", "edition", "chapter")

Filters = Mapping[str, Sequence[str]]
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Row:
    """A row of a table: `parent` is the stage of a grade, the chapter above a chapter."""

    id: str
    name: str
    parent: str = ""


@dataclass(frozen=True)
class Rows:
    """What the tables say, in the editors' order; chapters only of the one textbook that is left, subjects only while
    none is asked for."""

    stages: tuple[Row, ...] = ()
    grades: tuple[Row, ...] = ()
    editions: Mapping[str, str] = field(default_factory=dict)
    chapters: tuple[Row, ...] = ()
    subjects: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Node:
    """One choice; `asked` is what changes in the curriculum part of the question when it is taken, or given back."""

    level: str
    value: str
    label: str
    count: int
    chosen: bool
    asked: dict[str, list[str]]
    inside: list["Node"] = field(default_factory=list)


def counted(filters: Filters, rows: Rows, *, one_book: bool) -> tuple[str, ...]:
    """The levels that are worth counting under these filters: those that are shown, and no other."""
    has_grades = {grade.parent for grade in rows.grades}
    below_stage = bool(filters.get("stage")) and not has_grades & set(filters.get("stage", ()))
    shown = {
        "stage": True,
        "grade": bool(filters.get("stage")),
        "volume": bool(filters.get("grade")) or below_stage,
        "edition": bool(filters.get("grade") or filters.get("volume")) or below_stage,
        "chapter": one_book,
    }
    return tuple(level for level in LEVELS if shown[level] or (filters.get(level) and level != "chapter"))


def tree(filters: Filters, counts: Counts, chosen: Filters, rows: Rows) -> list[Node]:
    """The choices that lead on from here, and what is chosen already.

    filters  what holds in the answer, `chosen` what of it is a choice: chosen by hand, or read and found
    """
    make = _Maker(counts, chosen, rows)
    top = [make.node("stage", row.id, row.name) for row in rows.stages]
    open_stages = set(filters.get("stage", ())) | {
        grade.parent for grade in rows.grades if grade.id in filters.get("grade", ())
    }
    for node in top:
        if node.value in open_stages:
            grades = [make.node("grade", row.id, row.name) for row in rows.grades if row.parent == node.value]
            node.inside = _worth(grades)
    top = _worth(top)
    level = [inner for node in top for inner in node.inside]
    above = _last(level, filters.get("grade", ())) or (None if level else _last(top, filters.get("stage", ())))

    volumes = [make.node("volume", value, value) for value in sorted(counts.get("volume", {}))]
    volumes = _worth(volumes)
    _put(top, above, volumes)
    above = _last(volumes, filters.get("volume", ())) or above
    if not volumes or filters.get("volume") or filters.get("edition"):
        known = [value for value in counts.get("edition", {}) if value in rows.editions]
        editions = _worth([make.node("edition", value, rows.editions[value]) for value in known])
        _put(top, above, editions)
        above = _last(editions, filters.get("edition", ())) or above
    _put(top, above, _chapters(make, filters) or (_subjects(counts, rows) if filters.get("edition") else []))
    return top


def switched(chosen: Filters, level: str, value: str, rows: Rows) -> dict[str, list[str]]:
    """What is chosen of the curriculum once `value` is taken; or, when it is chosen already, given back with all that
    stands under it."""
    asked = {name: list(chosen.get(name, ())) for name in LEVELS}
    stage_of = {grade.id: grade.parent for grade in rows.grades}
    if value in asked[level]:
        asked[level].remove(value)
        if level == "stage":
            asked["grade"] = [grade for grade in asked["grade"] if stage_of.get(grade) != value]
        at = LEVELS.index("grade" if level == "stage" and asked["grade"] else level)
        for below in LEVELS[at + 1 :] if not asked[LEVELS[at]] else ("chapter",) if level != "chapter" else ():
            asked[below] = []
    elif level == "chapter":
        line = _line(value, rows)
        asked[level] = [other for other in asked[level] if other not in line and value not in _line(other, rows)]
        asked[level].append(value)
    else:
        asked[level].append(value)
        asked["chapter"] = []
        if level == "grade" and asked["stage"]:  # a stage without a chosen grade would find nothing any more
            asked["stage"] = list(dict.fromkeys(stage_of[grade] for grade in asked["grade"] if grade in stage_of))
    return asked


def _line(chapter: str, rows: Rows) -> set[str]:
    """The chapter and those above it."""
    parents = {row.id: row.parent for row in rows.chapters}
    line: set[str] = set()
    while chapter and chapter not in line:
        line.add(chapter)
        chapter = parents.get(chapter, "")
    return line


def _chapters(make: "_Maker", filters: Filters) -> list[Node]:
    """Units with their sections; what is deeper, under what is chosen."""
    if not make.rows.chapters:
        return []
    inside: dict[str, list[Row]] = {}
    for row in make.rows.chapters:
        inside.setdefault(row.parent, []).append(row)
    chosen: set[str] = set().union(*(_line(value, make.rows) for value in filters.get("chapter", ())))

    def under(parent: str, depth: int) -> list[Node]:
        found = []
        for row in inside.get(parent, ()):
            node = make.node("chapter", row.id, row.name)
            if depth == 0 or row.id in chosen:
                node.inside = under(row.id, depth + 1)
            found.append(node)
        return _worth(found)

    return under("", 0)


def _subjects(counts: Counts, rows: Rows) -> list[Node]:
    """Each leads on to the chapters of its textbook."""
    known = [(value, count) for value, count in counts.get("subject", {}).items() if count and value in rows.subjects]
    return [Node("subject", value, rows.subjects[value], count, False, {"subject": [value]}) for value, count in known]


class _Maker:
    def __init__(self, counts: Counts, chosen: Filters, rows: Rows) -> None:
        self.counts, self.chosen, self.rows = counts, chosen, rows

    def node(self, level: str, value: str, label: str) -> Node:
        taken = value in self.chosen.get(level, ())
        after = switched(self.chosen, level, value, self.rows)
        asked = {name: values for name, values in after.items() if values != list(self.chosen.get(name, ()))}
        return Node(level, value, label, self.counts.get(level, {}).get(value, 0), taken, asked)


def _worth(nodes: Iterable[Node]) -> list[Node]:
    """Those with something behind them, and what is chosen."""
    return [node for node in nodes if node.count or node.chosen or node.inside]


def _last(nodes: Sequence[Node], values: Sequence[str]) -> Node | None:
    return next((node for node in reversed(nodes) if node.value in values), None)


def _put(top: list[Node], above: Node | None, nodes: list[Node]) -> None:
    (above.inside if above is not None else top).extend(nodes)
