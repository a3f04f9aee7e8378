"""Grades, terms and volumes in every spelling: 三上, 3年级, 小三, 初二, 高1, 五六年级, 必修第一册. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum

from search.normalise import normalise
from search.understanding.numerals import number
from search.understanding.rows import GradeRow, StageRow
from search.understanding.volumes import ELECTIVE, REQUIRED, WHOLE, beginning, half, numbered

JUNIOR, SENIOR, LAST = 7, 10, 12  # years of school in which junior and senior school begin, and the last
_BARE = r"(?<![\d.])[五5][•·・][四4](?!运动|青年|精神|爱国|\d)"
FIVE_FOUR = re.compile(  # 5.4 alone is the number of a chapter, 五·四 alone a day in May
    r"五[•·・.]?四学?制|(?<![\d.])5[•·・.]?4学?制"
    rf"|(?<=[(版级]){_BARE}|{_BARE}(?=\)? ?(?:[一二三四五六七八九1-9]年级|初[一二三四]|小学|初中))"
)

_N = "[一二三四五六七八九1-9]"
_YEAR = f"(?:1[0-2]|十[一二]?|{_N})"  # of school, as a numeral
_TO, _AND = "[到至~—–-]", "[、,和与及或]"
_COUNT = r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})"
_YEARS = re.compile(f"({_N})(?:[、,至到~-]?({_N}))?年级")
_EACH = re.compile(f"({_TO})?{_AND}?(?:((?<!\\d)1[0-2](?!\\d)|十[一二]?)|({_N}))")


@dataclass(frozen=True)
class Spelled:
    """What was recognised at a place.

    meanings  facet -> values, up to `end`
    bounds    what has to begin and end there: 高三 is none in 提高三年级, 三上 none in 三上午
    shorter   the same without 上 or 下 at its end, which may begin the next word: 三年级上学
    """

    end: int
    meanings: tuple[tuple[str, tuple[str, ...]], ...]
    bounds: "Bounds"
    shorter: "Spelled | None" = None


class Bounds(Enum):
    NONE = "none"
    BEFORE = "before"  # a word begins
    BOTH = "both"  # nothing of a word stands before, and what follows is another


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
    stage, years = match["stage"] or "", _listed(match["years"])
    key = ""
    if stage == "初中" and max(years) <= 4:
        years = _junior(years, five_four)
    elif stage == "高中" and max(years) <= 3:
        years = [year + SENIOR - 1 for year in years]
    elif stage in ("中职", "职高", "中专"):
        key = "vocational"
    ids = grades.of(years, stage=key, five_four=five_four)
    return _with_term(ids, match["term"], senior=min(years) >= SENIOR)


def _listed(text: str) -> list[int]:
    """The years of 三, 五六, 四、五、六, 1-6. 12 may be one or two: both are meant."""
    found: list[int] = []
    for through, whole, single in _EACH.findall(text):
        year = _count(whole or single)
        if through and found:
            found += range(found[-1] + 1, year)
        found += [year, *([1, 2] if whole == "12" else [])]
    return found


def _through(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    first, last = _alone(match["first"], five_four), _alone(match["last"], five_four)
    return _with_term(grades.of(range(first, last + 1), five_four=five_four), None)


def _alone(text: str, five_four: bool) -> int:
    """The year of 初一, 高三, 小六, 三年级."""
    kind, count = text[0], _count(text.removesuffix("年级").lstrip("初高小"))
    if kind == "初":
        return _junior([count], five_four)[0]
    return count + SENIOR - 1 if kind == "高" else count


def _school(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    kind, count = match["kind"], _count(match["n"])
    if kind == "小":
        years = [count]
    elif kind == "初":
        years = _junior([count], five_four)
    else:
        years = [count + SENIOR - 1]
    ids = grades.of(years, five_four=five_four or (kind == "初" and count == 4))
    return _with_term(ids, match["term"], senior=kind == "高")


def _junior(years: list[int], five_four: bool) -> list[int]:
    """初二 is the eighth year; under five-four, where junior school begins a year earlier, the seventh."""
    return [year + (JUNIOR - 2 if five_four or year == 4 else JUNIOR - 1) for year in years]


def _short(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return _with_term(grades.of([_count(match["n"])], five_four=five_four), match["half"])


def _band(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    years = {"低": (1, 2), "中": (3, 4), "高": (5, 6)}[match["band"]]
    return (("grade", grades.of(years, five_four=five_four)),)


def _with_term(
    ids: tuple[str, ...], term: str | None, *, senior: bool = False
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not ids:
        return ()
    volumes = _volumes(term or "", senior=senior)
    return (("grade", ids), ("volume", volumes)) if volumes else (("grade", ids),)


def _volumes(term: str, *, senior: bool = False) -> tuple[str, ...]:
    """Keys of the books of 上册, of 第二学期, of 上下册; none of what is no term."""
    upper, lower = any(sign in term for sign in "上一1"), any(sign in term for sign in "下二2")
    both = (*(half("上", senior=senior) if upper else ()), *(half("下", senior=senior) if lower else ()))
    return tuple(dict.fromkeys(both))


def _half(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("volume", _volumes(match[0])),)


def _book(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    kind = REQUIRED if match["kind"] in ("必修", "必") else ELECTIVE
    if match["n"]:
        return (("volume", numbered(kind, _count(match["n"]))),)
    if match["half"]:
        return (("volume", (f"{kind}{match['half']}册",)),)
    return (("volume", beginning(kind, grades.volumes)),)


def _whole(match: "re.Match[str]", grades: Grades, five_four: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("volume", (WHOLE,)),)


_BOTH = "上下两?(?:册|学期)"
_TERM = rf"(?P<term>{_BOTH}|(?:\([上下]\)|[上下])(?:册|半?学期|半年)?|第?[一二12]学期| [上下](?= |$))?"
_ALONE = rf"(?:初[一二三四1-4](?:年级)?|高[一二三1-3](?:年级)?|小[一二三四五六1-6]|{_YEAR}年级)"
_PATTERNS: tuple[tuple["re.Pattern[str]", Reader, Bounds], ...] = (
    (
        re.compile(
            r"(?<![\d.](?=\d))(?P<stage>初中|高中|中职|职高|中专)?"
            rf"(?P<years>{_YEAR}(?:(?:{_TO}|{_AND})?{_YEAR}){{0,5}})(?:(?<=\d) )?年级{_TERM}"
        ),
        _year,
        Bounds.NONE,
    ),
    (re.compile(rf"(?<![\d.](?=\d))(?P<first>{_ALONE}){_TO}(?P<last>{_ALONE})"), _through, Bounds.BEFORE),
    (re.compile(r"(?:primary )?grade ?(?P<n>1[0-2]|[1-9])(?P<half>)(?![\d.])"), _short, Bounds.NONE),
    (re.compile(r"g(?P<n>1[0-2]|[1-9])(?P<half>)(?![\d.])"), _short, Bounds.BOTH),
    (re.compile(rf"(?P<kind>初)(?P<n>[一二三四1-4])(?:年级)?{_TERM}(?!月(?!考)|十(?!月))"), _school, Bounds.BEFORE),
    (re.compile(rf"(?P<kind>高)(?P<n>[一二三1-3])(?:年级)?{_TERM}(?![点些筹层倍米])"), _school, Bounds.BEFORE),
    (re.compile(rf"(?P<kind>小)(?P<n>[一二三四五六1-6]){_TERM}"), _school, Bounds.BOTH),
    (re.compile(rf"(?P<n>{_N})(?P<half>上下(?=两?(?:册|学期))|[上下]|\([上下]\))(?:两?册|学期)?"), _short, Bounds.BOTH),
    (re.compile(r"(?P<band>[低中高])(?:年级|年段|段)(?:学生)?"), _band, Bounds.BOTH),
    (re.compile(rf"{_BOTH}|[上下](?:册|半?学期)|\([上下]\)册?|第[一二12]学期"), _half, Bounds.NONE),
    (
        re.compile(
            rf"(?P<kind>选择性必修|选必|选修|必修)(?:(?:第)?(?P<n>{_COUNT})(?:册(?!子))?|(?:中外历史纲要)?\(?(?P<half>[上下])\)?册?)?"
            r"(?!课(?![本文件题时])|\d?[-—]\d)"  # 选修课 is a lesson, 选修3-1 a book of the old curriculum
        ),
        _book,
        Bounds.NONE,
    ),
    (re.compile(rf"(?P<kind>必)(?P<n>{_COUNT})(?P<half>)"), _book, Bounds.BOTH),
    (re.compile(r"全一册"), _whole, Bounds.NONE),
)


def spelled(text: str, start: int, grades: Grades, *, five_four: bool = False) -> Spelled | None:
    """The longest grade, term or volume that begins at `start` of normalised `text`; None when there is none."""
    best: Spelled | None = None
    for pattern, read, bounds in _PATTERNS:
        match = pattern.match(text, start)
        if match is None or (best is not None and match.end() <= best.end):
            continue
        meanings = read(match, grades, five_four)
        if meanings:
            best = Spelled(match.end(), meanings, bounds, _shorter(match, meanings, bounds))
    return best


def _shorter(
    match: "re.Match[str]", meanings: tuple[tuple[str, tuple[str, ...]], ...], bounds: Bounds
) -> Spelled | None:
    if match.groupdict().get("term") not in ("上", "下"):
        return None
    return Spelled(match.start("term"), tuple(one for one in meanings if one[0] != "volume"), bounds)
