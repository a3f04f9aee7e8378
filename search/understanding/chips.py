"""From a line of text to chips and words: 初二物理 浮力 教案 is 八年级, 物理, 教学设计, and the word 浮力. Pure.

Left to right, the longest reading first: a numbered unit, a grade or volume, a spelling of the lexicon, a topic, noise.
A reading begins where a word begins and leaves no half of a word behind, so 文科学生 holds no 科学.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from search.normalise import as_typed, normalise
from search.query import MAX_TEXT, QUOTED, says_something
from search.understanding.editions import ENGLISH
from search.understanding.grades import FIVE_FOUR, Bounds, Spelled, spelled
from search.understanding.lexicon import NURSERY, Lexicon, Meaning
from search.understanding.numerals import number, numeral
from search.understanding.whole import BEHIND_SUBJECT, is_whole, noise_end, stands_apart
from search.understanding.words import (
    COMMON,
    COMPOUNDS,
    OCCASIONS,
    YEARS,
)

MAX_CHIPS = 12

_NUMERAL = r"([一二三四五六七八九十]{1,3}|\d{1,2})"
_UNIT = re.compile(rf"第{_NUMERAL}(单元|章|课时|课|节|讲|回|专题)")
_SHORT_UNIT = re.compile(rf"(?<![第\d.、~至到—–一二三四五六七八九十每同各这那某-]){_NUMERAL}(单元)")  # 三单元
_COUNTED = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_UNIT_IN_ENGLISH = re.compile(
    rf"(?<![a-z0-9])(unit|module|lesson|chapter|part) ?(\d{{1,2}}|{'|'.join(_COUNTED)})(?![\d.a-z])"
)
_LATIN = re.compile(r"[a-z0-9]+")
_NURSERY_TERM = re.compile(rf"({'|'.join(sorted(NURSERY))})[上下](?:学期|册)?")
_YEAR = re.compile(rf"(?<!\d)(20\d\d)年|{'|'.join(YEARS)}")
_YEAR_ALONE = re.compile(r"20\d\d")
_OWN_SCHOOL = re.compile("(?:我们?|咱们?|本|自己)学?校")
_BEFORE_GRADE = frozenset("新升准")  # 新高一, 小升初一: the cutter knows 新高 and 升高

TEACHER = "老师"
PERSON = "nr"  # what the dictionary calls the name of a person; 女老师 is none


@dataclass(frozen=True)
class Chip:
    """`text` was read as any of `values` of `facet`; taken away, it is words again."""

    facet: str
    values: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Understood:
    """text    what was typed, normalised and cut
    chips     what of it names the curriculum
    rest      what is left, to be cut into words; quotation marks hold together what must stay together
    words     the same with the texts of the chips, noise left out
    left      the rest without what was a condition until the person took it away; None where nothing was
    others    further spellings of words: numbers in both kinds of numerals
    noise     the rest is no more than what people say around what they want: 最新资源
    """

    text: str = ""
    chips: tuple[Chip, ...] = ()
    rest: str = ""
    words: str = ""
    left: str | None = None
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    noise: bool = False

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """Facet -> values. Several chips of one facet that do not agree widen it: 五六年级 体育 三年级."""
        return filters_of(self.chips)

    @property
    def beside_units(self) -> str:
        """The rest without numbered units, which every book has: 第三单元 says no more of what is wanted than 期末."""
        rest = self.rest
        for unit in self.others:
            rest = rest.replace(f'"{unit}"', " ")
        return rest


def filters_of(chips: Iterable[Chip]) -> dict[str, tuple[str, ...]]:
    """Facet -> values, any of which will do."""
    found: dict[str, dict[str, None]] = {}
    for chip in chips:
        found.setdefault(chip.facet, {}).update(dict.fromkeys(chip.values))
    return {facet: tuple(values) for facet, values in found.items()}


@dataclass
class _Reading:
    """One line while it is read."""

    lexicon: Lexicon
    plain: frozenset[str]
    five_four: bool
    own: tuple[str, ...] = ()
    chips: list[Chip] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    taken: bool = False
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def keep(self, text: str) -> None:
        for some in (self.rest, self.words, self.left):
            some.append(text)

    def take_away(self, text: str) -> None:
        self.keep(text)
        self.left[-1] = " "
        self.taken = True

    def chip(self, text: str, meanings: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        for facet, values in meanings:
            self.chips.append(Chip(facet, values, text))
        self.rest.append(" ")
        self.left.append(" ")
        self.words.append(f" {text} ")


def understand(text: str, lexicon: Lexicon, *, plain: Collection[str] = (), own: tuple[str, ...] = ()) -> Understood:
    """What was meant by `text`. Never raises, whatever was typed.

    plain  texts of chips that the person has taken away
    own    the value of `organisation` that is meant by 我们学校; empty for who has no school
    """
    clean = as_typed(text[: MAX_TEXT * 4])[:MAX_TEXT].strip()
    kept = frozenset(normalise(some[:MAX_TEXT]).strip() for some in plain)
    system = FIVE_FOUR.search(clean)
    reading = _Reading(lexicon, kept, system is not None and system[0] not in kept, own)
    end = 0
    for quoted in QUOTED.finditer(clean):
        _read(clean[end : quoted.start()], reading)
        reading.keep(quoted[0])
        end = quoted.end()
    _read(clean[end:], reading)
    chips = _settled(reading.chips, lexicon)[:MAX_CHIPS]
    rest = "".join(reading.rest).strip()
    empty = not says_something(rest, lexicon.terms)  # 三年级，数学 and 最新的资源: what stands between them
    noise = empty and not chips  # then it is what was meant
    if empty:
        rest = clean if noise else ""
    return Understood(
        text=clean,
        chips=chips,
        rest=rest,
        words=clean if noise else "".join(reading.words).strip() or clean,
        left=" ".join("".join(reading.left).split()) if reading.taken else None,
        others=reading.others,
        noise=noise and says_something(clean, lexicon.terms),
    )


def _read(text: str, reading: _Reading) -> None:
    """Read one stretch without quotation marks."""
    lexicon = reading.lexicon
    starts = _word_starts(text, lexicon)
    at, free = 0, True  # free: what stands before is the beginning, a sign, or was understood
    while at < len(text):
        if unit := _UNIT.match(text, at) or _UNIT_IN_ENGLISH.match(text, at) or _short_unit(text, at, starts, free):
            _unit(unit, reading)
            at, free = _behind_unit(text, unit, lexicon), True
            continue
        noise = noise_end(text, at, starts) if at in starts else at
        end = _facet(text, at, starts, free, reading) if noise < at + 3 else at
        if end > at:
            at, free = end, True
            continue
        topic = lexicon.topic(text, at) if at in starts else at
        if noise > topic:
            reading.keep(" ")
            at, free = noise, True
        elif topic > at:
            reading.keep(text[at:topic])
            at, free = topic, True
        else:
            latin = _LATIN.match(text, at)
            end = latin.end() if latin else at + 1
            reading.keep(text[at:end])
            free = text[at] == "的" or not text[at].isalnum()
            at = end


def _facet(text: str, at: int, starts: Collection[int], free: bool, reading: _Reading) -> int:
    """Take the chip that begins here; returns where it ends, `at` when there is none."""
    lexicon = reading.lexicon
    if system := FIVE_FOUR.match(text, at):
        ids = tuple(id_ for id_, code in lexicon.stages.items() if code.endswith("-54"))
        return _take(system[0], [("stage", ids)] if ids else [], system.end(), reading)
    if (term := _nursery_term(text, at, starts, free)) and (nursery := lexicon.entries.get(term[1])):
        return _take(term[0], [(nursery.facet, nursery.values)], term.end(), reading)
    if reading.own and (school := _own_school(text, at, starts, free, lexicon)):
        return _take(school[0], [("organisation", reading.own)], school.end(), reading)
    year = _year(text, at, starts, free, lexicon)
    if year is not None:
        return _take(year[0], [("year", (_year_of(year[0], lexicon),))], year.end(), reading)
    grade = _grade(text, at, starts, free, reading)
    entry = None
    if free or at in starts:
        some = lexicon.readings(text, at)
        entry = next((one for one in some if is_whole(text, at, one, starts, free, lexicon)), None)
    topic = lexicon.topic(text, at)
    if grade is not None and grade.end >= max(topic, entry[0] if entry else 0):
        return _take(text[at : grade.end], grade.meanings, grade.end, reading)
    if entry is None or (entry[0] < topic and not _things_of(text[at:topic], text[entry[0] : topic], entry[1])):
        return _new_edition(text, at, starts, free, reading)
    end, meaning = entry
    behind = end
    if meaning.facet == "subject" and text[end : end + 1] in BEHIND_SUBJECT and not text[end + 1 : end + 2].isalnum():
        behind = end + 1
    return _take(text[at:end], [(meaning.facet, meaning.values)], behind, reading)


def _nursery_term(text: str, at: int, starts: Collection[int], free: bool) -> "re.Match[str] | None":
    """中班上 is 中班: kindergarten has no volumes. 中班上课 is not that."""
    term = _NURSERY_TERM.match(text, at) if free or at in starts else None
    return term if term is not None and (term.end() == len(text) or term.end() in starts) else None


def _own_school(text: str, at: int, starts: Collection[int], free: bool, lexicon: Lexicon) -> "re.Match[str] | None":
    """我们学校, 本校: no half of 日本校园, and no beginning of what a lesson is called."""
    school = _OWN_SCHOOL.match(text, at) if free or at in starts else None
    if school is None or lexicon.topic(text, at) >= school.end():
        return None
    return school if school.end() == len(text) or school.end() in starts else None


def _year(text: str, at: int, starts: Collection[int], free: bool, lexicon: Lexicon) -> "re.Match[str] | None":
    """2026年, 去年: a year of publication. 2026 only where nothing else was typed."""
    if alone := _YEAR_ALONE.fullmatch(text):
        return alone
    year = _YEAR.match(text, at) if free or at in starts else None
    if year is None or (year[1] is None and not lexicon.this_year):
        return None
    return year if stands_apart(text, year.end(), starts, lexicon) else None


def _year_of(said: str, lexicon: Lexicon) -> str:
    return str(lexicon.this_year - YEARS[said]) if said in YEARS else said.removesuffix("年")


def _things_of(topic: str, behind: str, meaning: Meaning) -> bool:
    """化学实验 is a heading of the curriculum, and 实验 of 化学: whoever types it wants the subject's."""
    return meaning.facet == "subject" and behind in COMMON and topic not in COMPOUNDS


def _new_edition(text: str, at: int, starts: Collection[int], free: bool, reading: _Reading) -> int:
    """新人教版 is 人教版, of the latest reform; returns `at` where it is not that."""
    if text[at] != "新" or not (free or at in starts):
        return at
    for end, meaning in reading.lexicon.readings(text, at + 1):
        if meaning.facet == "edition" and text[end - 1] == "版":
            return _take(text[at:end], [(meaning.facet, meaning.values)], end, reading)
    return at


def _take(said: str, meanings: Iterable[tuple[str, tuple[str, ...]]], end: int, reading: _Reading) -> int:
    """A chip, or words where the person has taken it away: then all of it, for 高一年级 ends in another grade."""
    if said in reading.plain:
        reading.take_away(said)
    else:
        reading.chip(said, meanings)
    return end


def _grade(text: str, at: int, starts: Collection[int], free: bool, reading: _Reading) -> Spelled | None:
    """The grade, term or volume that begins here and is no part of a word."""
    lexicon = reading.lexicon
    grade = spelled(text, at, lexicon.grades, five_four=reading.five_four)
    begins = free or at in starts or text[at - 1] in _BEFORE_GRADE
    if grade is None or (grade.bounds is Bounds.BEFORE and not begins):
        return None
    ends = _ends_well(text, grade.end, lexicon) or _cut_out(at, grade.end, starts)
    if grade.bounds is Bounds.BOTH and not (free and ends):
        return None
    return grade if ends or grade.shorter is None else grade.shorter


def _cut_out(at: int, end: int, starts: Collection[int]) -> bool:
    """Whether the cutter, too, begins a word behind it and takes it for no word of its own: 一下 is one, 三上 not."""
    return end in starts and any(place in starts for place in range(at + 1, end))


def _ends_well(text: str, end: int, lexicon: Lexicon) -> bool:
    """Whether what stands behind a short grade such as 三上 lets it be one."""
    if end >= len(text) or not text[end].isalnum() or text[end] in "的第":
        return True
    if lexicon.begins(text, end) or _UNIT.match(text, end) or _SHORT_UNIT.match(text[end:]):
        return True
    return any(text.startswith(occasion, end) for occasion in OCCASIONS)


def _short_unit(text: str, at: int, starts: Collection[int], free: bool) -> "re.Match[str] | None":
    """三单元, where a word begins with it; 一二单元 are two."""
    unit = _SHORT_UNIT.match(text, at) if free or at in starts else None
    return unit if unit is not None and number(unit[1]) is not None else None


def _behind_unit(text: str, unit: "re.Match[str]", lexicon: Lexicon) -> int:
    """Where to read on: 单元测试 of 第三单元测试 says what it is."""
    start = unit.end() - len("单元")
    if unit[0].endswith("单元") and any(end > unit.end() for end, _meaning in lexicon.readings(text, start)):
        return start
    return unit.end()


def _unit(match: "re.Match[str]", reading: _Reading) -> None:
    """第3课 is 第三课, 三单元 is 第三单元, unit3 is unit 3 and 第三单元: asked in all spellings, as one word."""
    said = match[0]
    spelled = _spellings_of(*(part for part in match.groups() if part is not None))
    reading.others[said] = tuple(spelling for spelling in spelled if spelling != said)
    reading.keep(f' "{said}" ')


def _spellings_of(first: str, second: str) -> list[str]:
    if first.isascii() and first.isalpha():
        count = _COUNTED.index(second) + 1 if second in _COUNTED else number(second)
        in_english = [f"{first} {count}", f"{first}{count}"]
        return in_english if first != "unit" or count is None else [*in_english, *_in_chinese(count, "单元")]
    count = number(first)
    if count is None:
        return []
    return [*_in_chinese(count, second), *((f"unit {count}", f"unit{count}") if second == "单元" else ())]


def _in_chinese(count: int, unit: str) -> list[str]:
    return [f"第{count}{unit}", f"第{numeral(count)}{unit}"]


def _word_starts(text: str, lexicon: Lexicon) -> frozenset[int]:
    """Where words begin; also inside one that says when something is used, and what it is: 期末试卷; and behind the
    name of 李老师, which the dictionary holds whole."""
    found, place = set(), 0
    for word in lexicon.cutter.words(text):
        found.add(place)
        found.update(place + inside for inside in (2, 3) if word[:inside] in OCCASIONS and word[inside:])
        if word[1:] == TEACHER and lexicon.cutter.tagged(word)[0][1] == PERSON:
            found.add(place + 1)
        place += len(word)
    return frozenset(found)


def _settled(chips: list[Chip], lexicon: Lexicon) -> tuple[Chip, ...]:
    """The chips together: editions by their subjects, grades by their stage, none twice. PEP alone is of English."""
    subjects = [value for chip in chips if chip.facet == "subject" for value in chip.values]
    english = lexicon.entries.get("英语")
    if english and not subjects:
        of_english = next((chip.text for chip in chips if chip.facet == "edition" and chip.text in ENGLISH), "")
        chips = [*chips, *([Chip("subject", english.values, of_english)] if of_english else [])]
        subjects = list(english.values) if of_english else []
    found: dict[tuple[str, tuple[str, ...]], Chip] = {}
    for chip in chips:
        values = lexicon.edition_for(chip.values, subjects) if chip.facet == "edition" else chip.values
        found.setdefault((chip.facet, values), Chip(chip.facet, values, chip.text))
    return tuple(found.values())
