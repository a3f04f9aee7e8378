"""The curriculum tables over the JSON API: ids that a work is filed under."""

from typing import Any

from django.db.models import F
from django.http import HttpRequest
from ninja import Router, Schema

from cms.organisations.enums import Sector
from cms.taxonomy.models import Chapter, Edition, Grade, Library, Stage, Subject, Textbook
from cms.taxonomy.queries import in_tree_order
from cms.taxonomy.schemas import RowId

router = Router(tags=["分类"])

MOST = 500


class Row(Schema):
    id: int
    name: str


class StageRow(Row):
    sector: Sector


class TextbookRow(Row):
    stage_id: int
    subject_id: int
    edition_id: int
    grade_id: int | None
    volume: str


@router.get("/stages", response=list[StageRow], summary="学段，可按教育类别取")
def stages(request: HttpRequest, sector: Sector | None = None) -> Any:
    found = Stage.objects.filter(retired=False)
    return found if sector is None else found.filter(sector=sector)


@router.get("/grades", response=list[Row], summary="年级")
def grades(request: HttpRequest, stage: RowId | None = None) -> Any:
    found = Grade.objects.filter(retired=False)
    return found if stage is None else found.filter(stage=stage)


@router.get("/subjects", response=list[Row], summary="学科")
def subjects(request: HttpRequest, stage: RowId | None = None) -> Any:
    found = Subject.objects.filter(retired=False)
    return found if stage is None else found.filter(stages=stage)


@router.get("/editions", response=list[Row], summary="教材版本")
def editions(request: HttpRequest) -> Any:
    return Edition.objects.filter(retired=False)


@router.get("/libraries", response=list[Row], summary="七个资源库")
def libraries(request: HttpRequest) -> Any:
    return Library.objects.filter(retired=False)


@router.get("/textbooks", response=list[TextbookRow], summary="教材，按学段和学科取")
def textbooks(
    request: HttpRequest, stage: RowId, subject: RowId, edition: RowId | None = None, grade: RowId | None = None
) -> Any:
    found = Textbook.objects.filter(retired=False, stage=stage, subject=subject)
    if edition is not None:
        found = found.filter(edition=edition)
    if grade is not None:
        found = found.filter(grade=grade)
    return found.annotate(name=F("title"))[:MOST]


@router.get("/chapters", response=list[Row], summary="一册教材的章节，下级跟在上级后面")
def chapters(request: HttpRequest, textbook: RowId) -> Any:
    return in_tree_order(list(Chapter.objects.filter(retired=False, textbook=textbook)))[:MOST]
