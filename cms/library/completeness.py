"""What a draft lacks before it can be submitted. Pure: a work and its standard in, gaps out."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.library.drawn import drawn
from cms.library.enums import LICENCES_OF_A_REMIX, Licence, PartRole, Source
from cms.library.models import CaseStudy, MicroCourse, Standard, Work
from cms.taxonomy.models import Grade

SUMMARY_LEAST = 20  # characters: less says nothing to somebody who searches


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: which field leads there (a form's field or panel), and what to do."""

    field: str
    message: str


def gaps(work: Work, standard: Standard | None) -> list[Gap]:
    """Everything that keeps this draft from being submitted, in the order of the form; empty: it may go.

    work    a specific instance as the author sees it (the latest revision as object), children loaded
    """
    found = [*_basics(work), *_curriculum(work)]
    if standard is not None:
        if isinstance(work, MicroCourse):
            found += _lessons(work, standard)
        if isinstance(work, CaseStudy):
            found += _parts(work, standard)
        found += _files(work, standard)
    found += _statement(work)
    return found


def _basics(work: Work) -> list[Gap]:
    found = []
    if not drawn(work.title):
        found.append(Gap("title", _("请填写标题。")))
    if len(work.summary.strip()) < SUMMARY_LEAST:
        found.append(Gap("summary", _("请写一段不少于 %d 字的摘要，说明适用对象和用法。") % SUMMARY_LEAST))
    return found


def _curriculum(work: Work) -> list[Gap]:
    needed = {
        "stage_id": ("stage", _("请选择学段。")),
        "subject_id": ("subject", _("请选择学科。")),
        "library_id": ("library", _("请选择要放入的资源库。")),
    }
    if work.grade_id is None and _has_books_by_grade(work.stage_id):
        needed["grade_id"] = ("grade", _("请选择年级。"))
    return [Gap(*gap) for attribute, gap in needed.items() if getattr(work, attribute) is None]


def _has_books_by_grade(stage_id: int | None) -> bool:
    return Grade.objects.filter(stage=stage_id, textbooks__isnull=False).exists() if stage_id is not None else False


def _lessons(course: MicroCourse, standard: Standard) -> list[Gap]:
    found = []
    lessons = list(course.lessons.all())
    if len(lessons) < standard.min_lessons:
        found.append(
            Gap(
                "lessons",
                _("微课程不少于 %(least)d 课时，现有 %(have)d 课时，还差 %(lack)d 课时。")
                % {
                    "least": standard.min_lessons,
                    "have": len(lessons),
                    "lack": standard.min_lessons - len(lessons),
                },
            )
        )
    untitled = [str(number) for number, lesson in enumerate(lessons, 1) if not drawn(lesson.title)]
    if untitled:
        found.append(Gap("lessons", _("第 %s 课时还没有标题。") % _("、").join(untitled)))
    if standard.lesson_video:
        without = [str(number) for number, lesson in enumerate(lessons, 1) if lesson.video_id is None]
        if without:
            found.append(
                Gap(
                    "lessons",
                    ngettext("第 %s 课时还没有微视频。", "第 %s 课时还没有微视频。", len(without))
                    % _("、").join(without),
                )
            )
    return found


def _parts(case: CaseStudy, standard: Standard) -> list[Gap]:
    have = [part.role for part in case.parts.all()]
    least = {
        PartRole.REPORT: standard.min_reports,
        PartRole.VIDEO: standard.min_videos,
        PartRole.SUPPORT: standard.min_supports,
    }
    return [
        Gap(
            "parts",
            _("%(role)s不少于 %(least)d 份，现有 %(have)d 份。")
            % {"role": role.label, "least": number, "have": have.count(role)},
        )
        for role, number in least.items()
        if have.count(role) < number
    ]


def _files(work: Work, standard: Standard) -> list[Gap]:
    have = len(list(work.files.all()))
    if have >= standard.min_files:
        return []
    return [
        Gap(
            "files",
            _("请至少上传 %(least)d 个文件，现有 %(have)d 个。") % {"least": standard.min_files, "have": have},
        )
    ]


def _statement(work: Work) -> list[Gap]:
    found = []
    if work.source != Source.ORIGINAL and not work.source_note.strip():
        found.append(Gap("source_note", _("改编或转载的作品，请说明来源和许可。")))
    found += _origin(work)
    if not work.authorship_stated:
        found.append(Gap("authorship_stated", _("请勾选原创性声明。")))
    return found


def _origin(work: Work) -> list[Gap]:
    """A changed copy names its origin, and is under a licence that the origin's lets it have."""
    if work.derived_from is None:
        return []
    found = []
    if work.source == Source.ORIGINAL:
        found.append(Gap("source", _("这件作品由别人的作品改编而来，来源请选“改编”，并说明原作品。")))
    given = Licence(work.derived_from.revision.content["licence"])
    allowed = LICENCES_OF_A_REMIX[given]
    if work.licence not in allowed:
        names = _("、").join(str(licence.label) for licence in Licence if licence in allowed)
        facts = {"given": given.label, "names": names}
        found.append(Gap("licence", _("原作品的许可是“%(given)s”，改编的作品只能选：%(names)s。") % facts))
    return found
