"""A small province: one school here, one in the next county, and the rules in force."""

from dataclasses import dataclass

from cms.library.enums import WorkKind
from cms.library.models import Standard
from cms.organisations.actions import add_organisation
from cms.organisations.models import Organisation
from cms.taxonomy.models import Chapter, Edition, Grade, Library, Stage, Subject, Textbook
from workflows.points.models import Tariff, TariffLine
from workflows.review.models import Criterion, Policy, Rubric


@dataclass(frozen=True)
class Province:
    """The tree of the tests, and the curriculum rows they file works under."""

    nation: Organisation
    province: Organisation
    city: Organisation
    county: Organisation
    school: Organisation
    other_county: Organisation
    other_school: Organisation
    stage: Stage
    grade: Grade
    subject: Subject
    other_subject: Subject
    edition: Edition
    textbook: Textbook
    chapter: Chapter
    library: Library


def province(*, trial_days: int = 0) -> Province:
    """Make it. `trial_days` is of micro-courses (other kinds have no trial)."""
    nation = add_organisation(parent=None, tier="nation", name="中华人民共和国", code="000000")
    top = add_organisation(parent=nation, tier="province", name="浙江省", code="330000")
    city = add_organisation(parent=top, tier="city", name="杭州市", code="330100")
    county = add_organisation(parent=city, tier="county", name="西湖区", code="330106")
    other_county = add_organisation(parent=city, tier="county", name="拱墅区", code="330105")
    school = add_organisation(
        parent=county, tier="school", name="西湖区求知小学", code="3301060001", sector="basic", school_type="primary-6"
    )
    other_school = add_organisation(
        parent=other_county,
        tier="school",
        name="拱墅区运河小学",
        code="3301050001",
        sector="basic",
        school_type="primary-6",
    )
    stage = Stage.objects.create(code="primary", name="小学", sector="basic", order=2)
    grade = Grade.objects.create(stage=stage, name="三年级", order=3)
    subject = Subject.objects.create(name="数学", order=1)
    other_subject = Subject.objects.create(name="语文", order=2)
    subject.stages.add(stage)
    other_subject.stages.add(stage)
    edition = Edition.objects.create(name="人教版", publisher="人民教育出版社")
    textbook = Textbook.objects.create(
        stage=stage,
        subject=subject,
        edition=edition,
        grade=grade,
        volume="上册",
        title="义务教育教科书·数学 三年级上册",
    )
    chapter = Chapter.objects.create(textbook=textbook, name="第八单元 分数的初步认识", order=8)
    library = Library.objects.create(code="courseware", name="课件库")
    _rules(trial_days)
    return Province(
        nation, top, city, county, school, other_county, other_school,
        stage, grade, subject, other_subject, edition, textbook, chapter, library,
    )  # fmt: skip


def _rules(trial_days: int) -> None:
    for kind in WorkKind:
        course = kind == WorkKind.MICRO_COURSE
        case = kind == WorkKind.CASE_STUDY
        Standard.objects.create(
            kind=kind,
            version=1,
            min_lessons=18 if course else 0,
            lesson_video=course,
            min_reports=int(case),
            min_videos=int(case),
            min_supports=int(case),
        )
        Policy.objects.create(
            kind=kind,
            version=1,
            trial_days=trial_days if course else 0,
            experts=3,
            quorum=2,
            pass_mark=70,
            tier="county",
        )
        rubric = Rubric.objects.create(kind=kind, version=1, title=f"{kind.label}评分标准")
        Criterion.objects.create(rubric=rubric, key="science", title="科学性", max_points=40, order=1)
        Criterion.objects.create(rubric=rubric, key="design", title="教学设计", max_points=60, order=2)
    tariff = Tariff.objects.create(version=1)
    lines = [
        ("reviewed", "reviewer", 3),
        ("published", "author", 10),
        ("published", "subject_space", 5),
        ("shared", "author", 5),
        ("shared", "subject_space", 3),
        ("adopted", "author", 2),
        ("adopted", "subject_space", 1),
    ]
    for reason, recipient, points in lines:
        TariffLine.objects.create(tariff=tariff, reason=reason, recipient=recipient, points=points)
