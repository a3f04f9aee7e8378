"""Grades, terms and volumes in every spelling: 三上, 3年级, 小三, 初二, 高1, 五六年级, 必修第一册. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from search.normalise import normalise
from search.understanding.numerals import number
from search.understanding.rows import GradeRow, StageRow
from search.understanding.volumes import ELECTIVE, REQUIRED, WHOLE, beginning, half, numbered

JUNIOR, SENIOR, LAST = 7, 10, 12  # years of school in which junior and senior school begin, and the last
FIVE_FOUR = re.compile(r"五[•·・.]?四(?:学?制)|5[•·・.]?4(?:学?制)|五[•·・.]四|5[•·・.]4制?")

_N = "[一二三四五六七八九1-9]"
_COUNT = r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})"
_YEARS = re.compile(f"({_N})(?:[、,至到~-]?({_N}))?年级")


@dataclass(frozen=True)
class Spelled:
    """What was recognised at a place: facet -> values, up to `end`; `loose` wants a word boundary on both sides."""

    end: int
    meanings: tuple[tuple[str, tuple[str, ...]], ...]
    loose: bool = False


@dataclass(frozen=True)
class Grades:
    """Which grade rows a year of school means. `rows` is (id, years, code of the stage)."""

    rows: tuple[tuple[str, frozenset[int], str], ...] = ()
    volumes: tuple[str, ...] = field(default=())

    def of(self, years: Iterable[int], *, stage: str = "", five_four: bool = False) -> tuple[str, ...]:
        """Ids of the rows for these years, in ordinary schools unless `stage` says otherwise."""
        wanted = frozenset(years)
        found = []
        for id_, has, code in self.rows:
            base = code.removesuffix("-54")
            fits = base == stage if stage else base in ("primary", "junior", "senior")
            if fits and has & wanted and (not five_four or code.endswith("-54")):
                found.append(id_)
        return tuple(found)


def read_grades(rows: Iterable[GradeRow], stages: Iterable[StageRow], volumes: Iterable[str]) -> Grades:
    """The grades whose names say which year they are; 高中 as a grade stands for its three years."""
    codes = {stage.id: stage.code for stage in stages}
    found = []
    for row in rows:
        code = codes.get(row.stage, "")
        years = _years(normalise(row.name), code.removesuffix("-54"))
        if years:
            found.append((row.id, years, code))
    return Grades(tuple(found), tuple(sorted(set(volumes))))


def _years(name: str, stage: str) -> frozenset[int]:
    if stage == "senior" and name == "高中":
        return frozenset(range(SENIOR, LAST + 1))
    if senior := re.fullmatch(r"高([一二三123])(?:年级)?", name):
        return frozenset([SENIOR - 1 + _count(senior[1])])
    if years := _YEARS.fullmatch(name):
        first, last = _count(years[1]), _count(years[2] or years[1])
        return frozenset(range(first, last + 1))
    return frozenset()


def _count(text: str) -> int:
    found = number(text)
    return 0 if found is None else found


Reader = Callable[["re.Match[str]", Grades, bool], tuple[tuple[str, tuple[str, ...]], ...]]


def _year(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    stage, first, last, term = match["stage"] or "", _count(match["n"]), match["m"], match["term"]
    years = [first] if not last else [first, _count(last)]
    key = ""
    if stage == "初中" and first <= 4:
        years = _junior(years, five_four)
    elif stage == "高中" and first <= 3:
        years = [year + SENIOR - 1 for year in years]
    elif stage in ("中职", "职高", "中专"):
        key = "vocational"
    return _with_term(grades.of(years, stage=key, five_four=five_four), term)


def _school(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    kind, count = match["kind"], _count(match["n"])
    if kind == "小":
        years = [count]
    elif kind == "初":
        years = _junior([count], five_four)
    else:
        years = [count + SENIOR - 1]
    return _with_term(grades.of(years, five_four=five_four or (kind == "初" and count == 4)), match["term"])


def _junior(years: list[int], five_four: bool) -> list[int]:
    """初二 is the eighth year; under five-four, where junior school begins a year earlier, the seventh."""
    return [year + (JUNIOR - 2 if five_four or year == 4 else JUNIOR - 1) for year in years]


def _short(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return _with_term(grades.of([_count(match["n"])], five_four=five_four), match["half"])


def _band(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    years = {"低": (1, 2), "中": (3, 4), "高": (5, 6)}[match["band"]]
    return (("grade", grades.of(years, five_four=five_four)),)


def _with_term(ids: tuple[str, ...], term: str | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not ids:
        return ()
    which = _which(term or "")
    return (("grade", ids), ("volume", half(which))) if which else (("grade", ids),)


def _which(term: str) -> str:
    if "上" in term or "一" in term or "1" in term:
        return "上"
    return "下" if "下" in term or "二" in term or "2" in term else ""


def _half(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("volume", half(_which(match[0]))),)


def _book(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    kind = REQUIRED if match["kind"] in ("必修", "必") else ELECTIVE
    if match["n"]:
        return (("volume", numbered(kind, _count(match["n"]))),)
    if match["half"]:
        return (("volume", (f"{kind}{match['half']}册",)),)
    return (("volume", beginning(kind, grades.volumes)),)


def _whole(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("volume", (WHOLE,)),)


_TERM = r"(?P<term>\(?[上下]\)?(?:册|半?学期|半年)?(?![午课面列图])|第?[一二12]学期)?"
_PATTERNS: tuple[tuple["re.Pattern[str]", Reader, bool], ...] = (
    (
        re.compile(rf"(?P<stage>初中|高中|中职|职高|中专)?(?P<n>{_N})(?:[、,至到~-]?(?P<m>{_N}))?年级{_TERM}"),
        _year,
        False,
    ),
    (re.compile(rf"(?P<kind>初)(?P<n>[一二三四1-4])(?:年级)?{_TERM}(?![月十])"), _school, False),
    (re.compile(rf"(?P<kind>高)(?P<n>[一二三1-3])(?:年级)?{_TERM}(?![点些筹])"), _school, False),
    (re.compile(rf"(?P<kind>小)(?P<n>[一二三四五六1-6]){_TERM}"), _school, True),
    (re.compile(rf"(?P<n>{_N})(?P<half>[上下]|\([上下]\))(?:册|学期)?"), _short, True),
    (re.compile(r"(?P<band>[低中高])(?:年级|年段|段)(?:学生)?"), _band, True),
    (re.compile(r"[上下](?:册|半?学期)|\([上下]\)册?|第[一二12]学期"), _half, False),
    (
        re.compile(
            rf"(?P<kind>选择性必修|选必|选修|必修)(?:(?:第)?(?P<n>{_COUNT})(?:册(?!子))?|(?:中外历史纲要)?\(?(?P<half>[上下])\)?册?)?"
        ),
        _book,
        False,
    ),
    (re.compile(rf"(?P<kind>必)(?P<n>{_COUNT})(?P<half>)"), _book, True),
    (re.compile(r"全一册"), _whole, False),
)


def spelled(text: str, start: int, grades: Grades, *, five_four: bool = False) -> Spelled | None:
    """The longest grade, term or volume that begins at `start` of normalised `text`; None when there is none."""
    best: Spelled | None = None
    for pattern, read, loose in _PATTERNS:
        match = pattern.match(text, start)
        if match is None or (best is not None and match.end() <= best.end):
            continue
        meanings = read(match, grades, five_four)
        if meanings:
            best = Spelled(match.end(), meanings, loose)
    return best
