"""Works and files over the JSON API: the same actions and rules as the screens."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from cms.library import rules
from cms.library.actions.authoring import create_work, delete_draft, hold_for_writing, save_draft
from cms.library.actions.files import store_file
from cms.library.completeness import gaps
from cms.library.errors import RevisionChanged
from cms.library.file_views import described
from cms.library.models import Work
from cms.library.payload import LessonIn, NewWorkIn, PartIn, WorkIn, as_json, fill, new_work
from cms.library.queries import draft_of, get_visible, newest_readable, standard_for
from cms.people.queries import standing
from cms.people.schemas import Problem
from cms.people.tokens import TokenAuth, person, visitor

router = Router(tags=["作品"], auth=TokenAuth())
files_router = Router(tags=["文件"], auth=TokenAuth())

PER_PAGE = 50


class WorkOut(Schema):
    """A work in full; `revision` goes back in `If-Match` with a change. It and `locked` are null for whoever may not
    read what its authors are writing."""

    uuid: UUID
    kind: str
    version: int
    live: bool
    locked: bool | None
    title: str
    summary: str
    body: str
    author: str
    organisation: str
    revision: int | None
    curriculum: dict[str, str | None]
    tags: list[str]
    cover: int | None
    files: list[int]
    licence: str
    source: str
    source_note: str
    authorship_stated: bool
    stage: int | None
    subject: int | None
    grade: int | None
    edition: int | None
    textbook: int | None
    chapter: int | None
    library: int | None
    url: str
    resource_type: str | None = None
    research_theme: str | None = None
    key_difficulty: str | None = None
    outcome_type: str | None = None
    identifier: str | None = None
    completed_on: date | None = None
    lessons: list[LessonIn] | None = None
    parts: list[PartIn] | None = None


class WorkLine(Schema):
    uuid: UUID
    kind: str
    title: str
    version: int
    live: bool
    locked: bool


class WorkPage(Schema):
    total: int
    items: list[WorkLine]


class GapOut(Schema):
    field: str
    message: str


class FileOut(Schema):
    id: int
    uuid: UUID
    name: str
    kind: str
    media_type: str
    size: int
    url: str


@files_router.post("", response={201: FileOut, 400: Problem, 413: Problem, 507: Problem}, summary="上传文件")
def upload(request: HttpRequest, file: UploadedFile = File(...)) -> Any:  # noqa: B008  ninja's way
    return Status(201, described(store_file(file, name=file.name or "", by=request.user)))  # type: ignore[arg-type]


@router.get("", response=WorkPage, summary="我的作品")
def list_mine(request: HttpRequest, page: int = Query(1, ge=1, le=10_000)) -> Any:
    works = Work.objects.filter(rules.author.q(standing(request.user))).order_by("-pk")
    offset = (page - 1) * PER_PAGE
    return {"total": works.count(), "items": list(works.defer("body")[offset : offset + PER_PAGE])}


@router.post("", response={201: WorkOut, 422: Problem, 403: Problem}, summary="新建作品")
def create(request: HttpRequest, given: NewWorkIn) -> Any:
    work = create_work(new_work(given, by=request.user), by=person(request))
    return Status(201, as_json(work))


@router.get("/{uuid}", response={200: WorkOut, 404: Problem}, auth=visitor, summary="查看作品")
def show(request: HttpRequest, uuid: UUID, draft: bool = False) -> Any:
    """`draft`: what its authors wrote last; for whoever reviews it, what was submitted last."""
    if draft:
        return as_json(newest_readable(request.user, get_visible(request.user, uuid, "read")))
    work = get_visible(request.user, uuid)
    told = as_json(work.specific)
    return told if rules.allows(request.user, "read", work) else {**told, "locked": None, "revision": None}


@router.patch(
    "/{uuid}",
    response={200: WorkOut, 403: Problem, 404: Problem, 409: Problem, 412: Problem, 422: Problem},
    summary="修改草稿",
)
@transaction.atomic
def change(request: HttpRequest, uuid: UUID, given: WorkIn) -> Any:
    readable = get_visible(request.user, uuid, "read")
    held = hold_for_writing(readable, by=person(request))
    wanted = request.headers.get("If-Match", "").strip('W/" ')
    if wanted and wanted != str(held.latest_revision_id):
        raise RevisionChanged
    work = draft_of(held)
    fill(work, given, by=request.user)
    save_draft(work, by=person(request))
    return as_json(draft_of(Work.objects.get(pk=held.pk)))


@router.delete("/{uuid}", response={204: None, 403: Problem, 404: Problem}, summary="删除从未送审的草稿")
def delete(request: HttpRequest, uuid: UUID) -> Any:
    delete_draft(get_visible(request.user, uuid, "read"), by=person(request))
    return Status(204, None)


@router.get("/{uuid}/checklist", response={200: list[GapOut], 404: Problem}, summary="提交前还缺什么")
def checklist(request: HttpRequest, uuid: UUID) -> Any:
    work = get_visible(request.user, uuid, "read")
    if not rules.allows(request.user, "change", work):
        raise Http404
    return gaps(draft_of(work), standard_for(work.kind))
