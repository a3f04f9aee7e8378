"""The curriculum as words: which spelling means which facet values, what is a topic, what else a word is called. Pure.

Built once from plain rows and shared by every question until an editor changes a row.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from search.analysis import Cutter, cutter, is_han
from search.normalise import normalise
from search.understanding import editions, words
from search.understanding.grades import Grades, read_grades
from search.understanding.rows import Alias, CurriculumRows, StageRow
from search.understanding.sounds import Sounds, Term
from search.understanding.synonyms import table

NURSERY = frozenset({"小班", "中班", "大班"})
LONGEST = 24  # characters of a spelling
SHORT_IN_ENGLISH = 5  # letters of a word that names nothing by itself
TERM_LENGTHS = range(2, 5)  # characters of a topic that is kept whole when cutting
_WORD = re.compile(r"[a-z0-9]")
_PARTS = re.compile(r"[^\w]+|[\d_]+")
_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+[单元章课节]+|专题\d+|unit \d+|module \d+|[\d.]+)\s*", re.IGNORECASE
)


@dataclass(frozen=True)
class Meaning:
    """`weak`: only where the text stands alone, because it is also an everyday word."""

    facet: str
    values: tuple[str, ...]
    weak: bool = False


@dataclass(frozen=True)
class Lexicon:
    """entries   normalised spelling -> what it means
    topics       names of the curriculum that are words and never chips
    names        what something that is taught is called: topics, titles and their parts between signs, words with
                 synonyms; `title_words` of which titles are made
    stages       id -> code; `stage_of` id of a grade -> id of its stage
    this_year    0 where it is unknown
    unified      (ids of the unified edition, ids of its publisher's own, subject ids with a unified book)
    """

    entries: Mapping[str, Meaning] = field(default_factory=dict)
    topics: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    grades: Grades = field(default_factory=Grades)
    names: frozenset[str] = frozenset()
    title_words: frozenset[str] = frozenset()
    stages: Mapping[str, str] = field(default_factory=dict)
    stage_of: Mapping[str, str] = field(default_factory=dict)
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unified: tuple[frozenset[str], tuple[str, ...], frozenset[str]] = (frozenset(), (), frozenset())
    heard: tuple[tuple[str, int], ...] = ()
    this_year: int = 0

    @property
    def cutter(self) -> Cutter:
        return cutter(self.terms)

    @cached_property
    def sounds(self) -> Sounds:
        """By pinyin; made when it is first asked for."""
        return Sounds.of(Term(text, weight, text in self.taught, self._is_subject(text)) for text, weight in self.heard)

    @cached_property
    def taught(self) -> frozenset[str]:
        """What names something by itself, and is no condition."""
        return (self.topics | frozenset(self.synonyms)) - frozenset(self.entries)

    def _is_subject(self, text: str) -> bool:
        meaning = self.entries.get(text)
        return meaning is not None and meaning.facet == "subject" and not meaning.weak

    def readings(self, text: str, start: int) -> Iterator[tuple[int, Meaning]]:
        """Spellings that begin at `start`, the longest first: where each ends, and what it means."""
        for end in range(min(len(text), start + LONGEST), start + 1, -1):
            meaning = self.entries.get(text[start:end])
            if meaning is not None:
                yield end, meaning

    def begins(self, text: str, start: int) -> bool:
        """Whether a spelling or a topic begins at `start`."""
        return any(True for _reading in self.readings(text, start)) or self.topic(text, start) > start

    def topic(self, text: str, start: int) -> int:
        """Where the longest topic that begins at `start` ends; `start` when there is none."""
        return _longest(self.topics, text, start)

    def name(self, text: str, start: int) -> int:
        """The same for names; never a part of a Latin word."""
        end = _longest(self.names, text, start)
        return start if _WORD.match(text, end - 1) and _WORD.match(text, end) else end

    def edition_for(self, values: tuple[str, ...], subjects: Iterable[str]) -> tuple[str, ...]:
        """部编 of a subject that has no unified book is its publisher's own edition."""
        unified, own, taught = self.unified
        asked = set(subjects)
        if asked and set(values) == unified and not asked & taught:
            return own
        return values


def _longest(known: frozenset[str], text: str, start: int) -> int:
    """Where the longest of `known` that begins at `start` ends; `start` when there is none."""
    for end in range(min(len(text), start + LONGEST), start + 1, -1):
        if text[start:end] in known:
            return end
    return start


def build(rows: CurriculumRows, *, synonyms: Iterable[Iterable[str]] = (), aliases: Iterable[Alias] = ()) -> Lexicon:
    """The lexicon of these rows; what editors say goes before what the tables and we say."""
    entries = _entries(rows)
    entries |= {
        text: Meaning(alias.facet, (alias.value,)) for alias in aliases if (text := normalise(alias.text).strip())
    }
    topics = _topics(rows, entries)
    named = {text for text in entries if 2 <= len(text) <= 10 and not text.isascii()}  # pe would tear penpal apart
    short = {topic for topic in topics if len(topic) in TERM_LENGTHS and is_han(topic)}
    family = editions.spellings(rows.editions)
    unified = frozenset(family.get(editions.UNIFIED, ()))
    known = table(synonyms)
    titles = {part for title in rows.titles for part in _PARTS.split(normalise(title))}
    cut = cutter(frozenset(entries))
    return Lexicon(
        entries=entries,
        topics=topics,
        terms=frozenset(named | short | words.COMPOUNDS | {word for word in known if is_han(word)}),
        grades=read_grades(rows.grades, rows.stages, rows.volumes),
        names=(topics | set(known) | {part for part in titles if 2 <= len(part) <= LONGEST and _names(part)})
        - set(entries),
        title_words=frozenset(word for part in titles for word in cut.words(part) if len(word) > 1 and is_han(word)),
        stages={stage.id: stage.code for stage in rows.stages},
        stage_of={grade.id: grade.stage for grade in rows.grades},
        synonyms=known,
        unified=(
            unified,
            tuple(id_ for id_ in family.get(editions.PEP, ()) if id_ not in unified),
            frozenset(subject for subject, edition in rows.taught if edition in unified),
        ),
        heard=_heard(rows, entries, known),
        this_year=rows.year,
    )


class _Entries:
    """Spellings as they are collected; the first to name one wins."""

    def __init__(self) -> None:
        self.found: dict[str, Meaning] = {}

    def add(self, spelling: str, facet: str, values: Iterable[str], *, weak: bool = False) -> None:
        ids = tuple(dict.fromkeys(values))
        if len(spelling) > 1 and ids:
            self.found.setdefault(spelling, Meaning(facet, ids, weak))


def _entries(rows: CurriculumRows) -> dict[str, Meaning]:
    entries = _Entries()
    _subjects(rows, entries)
    for name, codes in words.STAGES.items():
        entries.add(name, "stage", (row.id for row in rows.stages if _base(row) in codes))
    for row in rows.stages:
        entries.add(normalise(row.name), "stage", [row.id])
    for grade in rows.grades:
        if grade.name in NURSERY:
            entries.add(grade.name, "grade", [other.id for other in rows.grades if other.name == grade.name])
    for spelling, ids in editions.spellings(rows.editions).items():
        entries.add(spelling, "edition", ids)
    for value, label in rows.libraries:
        entries.add(normalise(label), "library", [value])
    _kinds(rows, entries)
    tiers = {value for value, _label in rows.tiers}
    for spelling, tier in words.TIERS.items():
        entries.add(spelling, "badge", [tier] if tier in tiers else ())
    return entries.found


def _subjects(rows: CurriculumRows, entries: _Entries) -> None:
    by_name = {normalise(subject.name): subject.id for subject in rows.subjects}
    for name, id_ in by_name.items():
        # Its atlas belongs to geography, as 人文地理 does.
        wider = [other for longer, other in by_name.items() if name == "地理" and name in longer]
        for spelling in (f"{name}学科", f"{name}专业", *((name,) if name not in words.STAGES else ())):
            entries.add(spelling, "subject", [id_, *wider], weak=name in words.WEAK_SUBJECTS)
    for name, means in words.SUBJECTS.items():
        ids = [by_name[normalise(mean)] for mean in means if normalise(mean) in by_name]
        entries.add(name, "subject", ids, weak=name in words.WEAK_SUBJECTS)


def _kinds(rows: CurriculumRows, entries: _Entries) -> None:
    kinds = {value for value, _label in rows.kinds}
    for spelling, kind in words.KINDS.items():
        entries.add(spelling, "kind", [kind] if kind in kinds else (), weak=spelling in words.WEAK_KINDS)
    types = {value for value, _label in rows.types}
    for spelling, some in words.TYPES.items():
        entries.add(spelling, "type", (value for value in some if value in types), weak=spelling in words.WEAK_KINDS)
    for facet, choices in (("kind", rows.kinds), ("type", rows.types), ("sector", rows.sectors)):
        for value, label in choices:  # as the filter calls it
            if normalise(label) not in words.NOISE:
                entries.add(normalise(label), facet, [value])


def _base(row: StageRow) -> str:
    return row.code.removesuffix("-54")


def topic_of(name: str) -> str:
    """A chapter's name, normalised, without its number: 第八单元 分数的初步认识 is 分数的初步认识."""
    return _NUMBERED.sub("", normalise(name)).strip()


def topic_as_written(name: str) -> str:
    """The same as it is written: I have a pen pal. Normalised where the number is not found otherwise."""
    topic, written = topic_of(name), _NUMBERED.sub("", name.strip()).strip()
    return written if normalise(written) == topic else topic


def _topics(rows: CurriculumRows, entries: Mapping[str, Meaning]) -> frozenset[str]:
    """Names without their numbers, and their parts between signs; none that means a facet."""
    found = set(words.COMPOUNDS)
    for name in (*rows.topics, *rows.tags):
        plain = topic_of(name)
        parts = _PARTS.split(plain)
        for part in (plain, *(filter(_names, parts) if plain.isascii() else parts)):  # wps of wps 表格 is one
            if 2 <= len(part) <= LONGEST:
                found.add(part)
    return frozenset(found - set(entries))


def _names(part: str) -> bool:
    """Whether a part of a name may be one itself: goldilocks, but neither plan nor first, which stand in any."""
    return not part.isascii() or len(part) > SHORT_IN_ENGLISH


def _heard(
    rows: CurriculumRows, entries: Mapping[str, Meaning], known: Mapping[str, object]
) -> tuple[tuple[str, int], ...]:
    """Chinese words that a person may mean by their sound, with how often the curriculum has them."""
    weights: dict[str, int] = {}
    cut = cutter(frozenset(entries))
    for name in (*rows.topics, *rows.tags, *rows.open_titles):
        for part in _PARTS.split(normalise(name)):
            whole = part if is_han(part) else ""
            if 2 <= len(whole) <= 12:
                weights[whole] = weights.get(whole, 0) + 2
            for word in cut.words(part):
                if is_han(word) and len(word) > 1 and word != whole:
                    weights[word] = weights.get(word, 0) + 1
    for text in (*entries, *known):
        if is_han(text):
            weights[text] = weights.get(text, 0) + 20
    for grade in rows.grades:
        name = normalise(grade.name)
        if is_han(name):
            weights[name] = 20
    spoken = {**weights, **words.SPOKEN_GRADES}
    return tuple(sorted((text, weight) for text, weight in spoken.items() if text not in words.TIERS))  # shiji is 史记
