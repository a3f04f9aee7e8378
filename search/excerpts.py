"""Where the words stand inside a work: in a lesson, in a part of a case, in one of its files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cms.library.cards import CardRow
from cms.library.enums import WorkKind
from cms.library.models import CasePart, Lesson
from cms.library.models.work import inside as between_marks
from cms.people.statements import Composed
from search.documents import plain
from search.highlight import MARK, WIDTH, fullest, highlight, lit, snippet
from search.normalise import normalise
from search.texts.queries import named_texts_of

NEAR = 400  # characters around a hit that are looked at closely: marking all of a long text costs too much


def telling(marks: Iterable[str]) -> int:
    """How long a stretch must be that says why a work was found: of longer words one character stands in any text."""
    return min(max(map(len, marks), default=0), 2)


def inside(works: Iterable[CardRow], marks: Sequence[str], *, more_than: Mapping[int, int]) -> dict[int, SafeString]:
    """Work -> "课时《…》：… marked …" for works inside which more of the words stands together than is shown of them
    already: one query each for lessons, for parts of cases and for files, and none where there is no such work.

    more_than   work -> characters together that are shown; 0 of those that are not named
    """
    dark = {work.pk: work for work in works}
    best = dict(more_than)
    found: dict[int, SafeString] = {}
    for places in (_lessons, _parts, _files):
        for pk, where, name, text in places(dark) if dark else ():
            if pk in dark and (excerpt := _of_one(where, name, text, marks)) and lit(excerpt) > best.get(pk, 0):
                found[pk], best[pk] = excerpt, lit(excerpt)
                if best[pk] >= telling(marks):
                    del dark[pk]
    return found


def _of_courses(keys: Sequence[int]) -> "QuerySet[Lesson, Any]":
    found = Lesson.objects.filter(course__in=keys).order_by("sort_order")
    return found.values_list("course_id", "title", "goal", "task_sheet")


def _of_cases(keys: Sequence[int]) -> "QuerySet[CasePart, Any]":
    return CasePart.objects.filter(case__in=keys).order_by("sort_order").values_list("case_id", "title", "body")


_LESSONS, _PARTS = Composed(_of_courses), Composed(_of_cases)

Place = tuple[int, str, str, str]  # work, "课时《%s》", name, text


def _lessons(works: dict[int, CardRow]) -> Iterator[Place]:
    courses = [pk for pk, work in works.items() if work.kind == WorkKind.MICRO_COURSE]
    for course, title, goal, task_sheet in _LESSONS.rows(courses):
        yield course, _("课时《{name}》"), title, f"{goal} {plain(task_sheet)}"


def _parts(works: dict[int, CardRow]) -> Iterator[Place]:
    cases = [pk for pk, work in works.items() if work.kind == WorkKind.CASE_STUDY]
    for case, title, body in _PARTS.rows(cases):
        yield case, _("案例内容《{name}》"), title, plain(body)


def _files(works: dict[int, CardRow]) -> Iterator[Place]:
    for pk, name, text in named_texts_of(list(works)):
        yield pk, _("附件《{name}》"), name, text


def _of_one(where: str, name: str, text: str, marks: Sequence[str]) -> SafeString | None:
    marked_name, near = highlight(between_marks(name), marks), _near(text, marks)
    excerpt = snippet(near, marks) if near else SafeString("")
    if MARK not in marked_name and MARK not in excerpt:
        return None
    place = format_html(where, name=marked_name)
    return format_html(_("{place}：{excerpt}"), place=place, excerpt=excerpt) if MARK in excerpt else place


def _near(text: str, marks: Sequence[str]) -> str:
    """The stretch of `text` in which most of `marks` stand together; empty when none does."""
    flat = " ".join(text.split())
    at = fullest(flat.lower(), marks, WIDTH)
    if at is None:  # other characters of the same meaning: 分數, ＰＨ; seldom, and places differ by a few
        at = fullest(normalise(flat), marks, WIDTH)
    if at is None:
        return ""
    start = max(at - NEAR // 2, 0)
    return f"{'…' if start else ''}{flat[start : at + NEAR]}"
