"""A library to be judged on: every real chapter with resources of several kinds, every junior knowledge point, and the
works of the demo province. Built from the catalogue in fixtures/, the same every time, without a database.

Facet values are the names themselves ("初中/八年级" for a grade), so that a judgement can be read.
"""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cms.library.enums import OutcomeType, ResourceType, WorkKind
from fixtures.loading.taxonomy import GRADES_BESIDE_TEXTBOOKS, LIBRARIES, STAGES, SUBJECTS_BESIDE_TEXTBOOKS
from search.engines.base import Document
from search.understanding.lexicon import Lexicon, build
from search.understanding.rows import CurriculumRows, EditionRow, GradeRow, StageRow, SubjectRow
from search.understanding.synonyms import STARTERS
from search.understanding.volumes import volume_key

TAXONOMY = Path(__file__).resolve().parents[3] / "fixtures" / "taxonomy"
WORKS = TAXONOMY.parent / "province" / "works"
BEGAN = datetime(2024, 9, 1, tzinfo=UTC)

EDITION_OF_CHAPTERS = {"人教A版": "人教版（A版）（主编：章建跃&李增沪）", "人教B版": "人教版（B版）（主编：高存明）"}
EMPTY_CHAPTERS = (
    "尾部封面",
    "本章导语",
    "小结",
    "复习题",
    "复习参考题",
    "复现参考题",
    "本章小结",
    "本章习题",
    "数学活动",
)

# What teachers write behind a chapter's name, by resource type; a chapter has three of the seven, in turn.
ENDINGS = {
    "teaching_design": ("教学设计", "教案"),
    "courseware": ("课件", "PPT课件"),
    "exercise": ("练习题", "分层作业"),
    "assessment": ("单元测试卷", "检测题"),
    "material": ("素材包", "图片素材"),
    "literature": ("文献资料", "阅读资料"),
    "game": ("课堂游戏", "闯关游戏"),
}
TYPES = ("teaching_design", "courseware", "exercise", "assessment", "material")
LIBRARY_OF = {
    "teaching_design": "课程库", "courseware": "课件库", "exercise": "试题库", "assessment": "试题库",
    "material": "素材库", "literature": "文献库", "game": "素材库",
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One document and what a judge may look at."""

    document: Document
    facets: dict[str, str]

    @property
    def text(self) -> str:
        document = self.document
        return "\n".join((document.title, document.keywords, document.summary, document.body))


def _rows(name: str) -> list[dict[str, str]]:
    with (TAXONOMY / name).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _clean(name: str) -> str:
    return name.replace(": ", " ").strip()


@cache
def items() -> tuple[Item, ...]:
    """Every document of the library."""
    return (*_demo(), *_chapters(), *_knowledge())


@cache
def lexicon() -> Lexicon:
    """The curriculum of the library, as `search.vocabulary` makes it of the tables."""
    return build(curriculum(), synonyms=STARTERS)


@cache
def curriculum() -> CurriculumRows:
    books = _rows("textbooks.csv")
    knowledge = [*_rows("knowledge-junior-subjects.csv"), *_rows("knowledge-junior-math.csv")]
    stages = tuple(StageRow(name, name, code) for code, name, _sector in STAGES)
    grades = {(book["stage"], book["grade"]) for book in books if book["grade"]}
    grades |= {(stage, grade) for stage, names in GRADES_BESIDE_TEXTBOOKS.items() for grade in names}
    subjects = {row["subject"] for row in (*books, *knowledge) if row["subject"]}
    subjects |= {name for names in SUBJECTS_BESIDE_TEXTBOOKS.values() for name in names}
    editions = {book["edition"] for book in books}
    taught = {(book["subject"], book["edition"]) for book in books}
    topics = [_clean(row["name"]) for row in knowledge]
    for file in ("chapters-primary.csv", "chapters-junior.csv", "chapters-senior.csv", "chapters-math.csv"):
        topics += [_clean(row["name"]) for row in _rows(file)]
    tags = [tag for item in _demo() for tag in item.facets.get("tag", "").split("|") if tag]
    return CurriculumRows(
        stages=stages,
        grades=tuple(GradeRow(f"{stage}/{grade}", grade, stage) for stage, grade in sorted(grades)),
        subjects=tuple(SubjectRow(name, name) for name in sorted(subjects)),
        editions=tuple(EditionRow(name, name) for name in sorted(editions)),
        taught=frozenset(taught),
        libraries=tuple((name, name) for _code, name in LIBRARIES),
        kinds=tuple((value, str(label)) for value, label in WorkKind.choices),
        types=tuple((value, str(label)) for value, label in (*ResourceType.choices, *OutcomeType.choices)),
        topics=tuple(dict.fromkeys(topics)),
        tags=tuple(dict.fromkeys(tags)),
    )


def _item(number: int, title: str, *, keywords: str = "", summary: str = "", body: str = "", **facets: str) -> Item:
    known = {name: value for name, value in facets.items() if value}
    words = [value for name, value in known.items() if name not in ("grade", "kind", "type", "volume", "tag")]
    words += known.get("grade", "").split("/")[-1:]
    words += known.get("tag", "").split("|")
    document = Document(
        id=str(number),
        version=1,
        title=title,
        keywords=" ".join([*words, keywords]),
        summary=summary,
        body=body,
        facets={
            name: value.split("|") if name == "tag" else [volume_key(value) if name == "volume" else value]
            for name, value in known.items()
            if name != "chapter"
        },
        acl=("public",),
        adoptions=(number * 7919) % 23,
        published=BEGAN + timedelta(days=(number * 104729) % 700),
    )
    return Item(document, {**known, **({"volume": volume_key(known["volume"])} if "volume" in known else {})})


@cache
def _demo() -> tuple[Item, ...]:
    found: list[Item] = []
    labels = dict(WorkKind.choices)
    for file in sorted(WORKS.glob("*.toml")):
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        for kind, works in content.items():
            for work in works if isinstance(works, list) else ():
                lessons = work.get("lessons") or work.get("lesson") or ()
                parts = work.get("parts") or work.get("part") or ()
                found.append(
                    _item(
                        1 + len(found),
                        work["title"],
                        keywords=" ".join(
                            [
                                str(labels.get(kind, "")),
                                work.get("chapter", ""),
                                *(each.get("title", "") for each in (*lessons, *parts)),
                            ]
                        ),
                        summary=work.get("summary", ""),
                        body=work.get("body", ""),
                        kind=kind,
                        type=work.get("resource_type", "") or work.get("outcome_type", ""),
                        stage=work.get("stage", ""),
                        subject=work.get("subject", ""),
                        grade=f"{work['stage']}/{work['grade']}" if work.get("grade") else "",
                        edition=work.get("edition", ""),
                        volume=work.get("volume", ""),
                        library=work.get("library", ""),
                        tag="|".join(work.get("tags", ())),
                    )
                )
    return tuple(found)


def _chapters() -> Iterator[Item]:
    number = 1_000
    for file in ("chapters-primary.csv", "chapters-junior.csv", "chapters-senior.csv", "chapters-math.csv"):
        for place, row in enumerate(_rows(file)):
            name = _clean(row["name"])
            if name.startswith(EMPTY_CHAPTERS):
                continue
            for turn in range(3 if file != "chapters-math.csv" else 2):
                type_ = TYPES[(place + turn * 2) % len(TYPES)]
                number += 1
                yield _item(
                    number,
                    f"{name} {ENDINGS[type_][number % 2]}",
                    keywords=f"{_book(row)} {name} 教学资源",
                    kind="resource",
                    type=type_,
                    stage=row["stage"],
                    subject=row["subject"],
                    grade=f"{row['stage']}/{row['grade']}",
                    edition=EDITION_OF_CHAPTERS.get(row["edition"], row["edition"]),
                    volume=row["volume"],
                    library=LIBRARY_OF[type_],
                )


def _book(row: dict[str, str]) -> str:
    return f"{row['subject']} {row['grade']}{row['volume']}"


def _knowledge() -> Iterator[Item]:
    number = 10_000
    for file in ("knowledge-junior-subjects.csv", "knowledge-junior-math.csv"):
        for place, row in enumerate(_rows(file)):
            type_ = TYPES[place % len(TYPES)]
            number += 1
            yield _item(
                number,
                f"{row['name']} {ENDINGS[type_][number % 2]}",
                keywords="教学资源",
                kind="resource",
                type=type_,
                stage=row["stage"],
                subject=row["subject"],
                library=LIBRARY_OF[type_],
            )
