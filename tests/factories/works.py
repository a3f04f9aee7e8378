"""Drafts that could be submitted."""

import hashlib
from itertools import count
from typing import Any

from django.core.files.base import ContentFile

from cms.library.actions.authoring import create_work
from cms.library.models import CasePart, CaseStudy, Lesson, MicroCourse, ResearchOutcome, Resource, StoredFile, Work
from cms.people.models import User
from cms.people.queries import home_organisation
from tests.factories.province import Province

_numbers = count(1)


def stored_file(by: User, *, name: str = "分数的初步认识.pdf", kind: str = "document") -> StoredFile:
    """Bytes in the store."""
    content = f"%PDF-1.4 {next(_numbers)}".encode()
    stored = StoredFile(
        name=name,
        kind=kind,
        media_type="video/mp4" if kind == "video" else "application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        organisation=home_organisation(by),
        uploaded_by=by,
    )
    stored.file.save(name, ContentFile(content), save=False)
    stored.save()
    return stored


def _facts(place: Province, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": f"分数的初步认识：折一折，说一说（第{next(_numbers)}稿）",
        "summary": "用折纸、分月饼两个活动，让三年级学生说出几分之一的含义，并会读会写，适合新授课第一课时。",
        "body": "<p>先折一张长方形纸，再比一比谁折出的一份更大。</p>",
        "stage": place.stage,
        "subject": place.subject,
        "grade": place.grade,
        "edition": place.edition,
        "textbook": place.textbook,
        "chapter": place.chapter,
        "library": place.library,
        "authorship_stated": True,
        **facts,
    }


def resource(place: Province, by: User, **facts: Any) -> Work:
    return create_work(Resource(**_facts(place, facts)), by=by)


def research_outcome(place: Province, by: User, **facts: Any) -> Work:
    return create_work(ResearchOutcome(**_facts(place, facts)), by=by)


def micro_course(place: Province, by: User, *, lessons: int = 18, **facts: Any) -> Work:
    """A course whose lessons all have one video."""
    course = MicroCourse(**_facts(place, facts))
    video = stored_file(by, name="分月饼.mp4", kind="video")
    course.lessons = [  # type: ignore[misc]  # modelcluster
        Lesson(
            sort_order=number, title=f"第{number + 1}课时 认识几分之一", goal="会读写几分之一", minutes=6, video=video
        )
        for number in range(lessons)
    ]
    return create_work(course, by=by)


def case_study(place: Province, by: User, **facts: Any) -> Work:
    """A case with one report, one video, one supporting material."""
    case = CaseStudy(**_facts(place, facts))
    case.parts = [  # type: ignore[misc]  # modelcluster
        CasePart(sort_order=number, role=role, title=title, body="<p>课堂实录与反思。</p>")
        for number, (role, title) in enumerate([("report", "案例报告"), ("video", "课例视频"), ("support", "学习单")])
    ]
    return create_work(case, by=by)
