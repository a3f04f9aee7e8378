"""Spaces over the JSON API: mine, inbox, shelf, follows."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import model_validator

from cms.library.queries import get_visible, visible_ids
from cms.people.schemas import Problem
from cms.people.tokens import TokenAuth, person
from cms.spaces import rules
from cms.spaces.actions import ensure_personal_space, follow, introduce, mark_opened, set_hidden, unfollow
from cms.spaces.inbox import delivered_number, inbox_page
from cms.spaces.models import ShelfItem, Space
from cms.spaces.queries import follow_of, get_space, shelf, whom

router = Router(tags=["空间"], auth=TokenAuth())

PER_PAGE = 20
PageNumber = Query(1, ge=1, le=10_000)
REFUSED: Any = {403: Problem, 404: Problem, 409: Problem, 422: Problem}


class SpaceOut(Schema):
    uuid: UUID
    kind: str
    name: str
    introduction: str


class IntroductionIn(Schema):
    """Plain text; empty for none."""

    introduction: str


class WorkBrief(Schema):
    uuid: UUID
    kind: str
    title: str
    version: int


class RecommendedBy(Schema):
    """by: the organisation that recommends."""

    by: str
    words: str


class InboxLine(Schema):
    """why: the reason in words, with the names of what was followed."""

    work: WorkBrief
    reason: str
    why: str
    at: datetime
    opened: bool
    recommended: list[RecommendedBy]


class InboxPage(Schema):
    """The newest 1,000 works; `total` counts no further, so that 1000 means as many or more."""

    total: int
    items: list[InboxLine]


class ShelfLine(Schema):
    """version: that was adopted. Of a work that is not `visible` any more, the rest is of that version too."""

    work: WorkBrief
    visible: bool
    version: int
    added_at: datetime


class ShelfPage(Schema):
    total: int
    items: list[ShelfLine]


class FollowIn(Schema):
    """One of the two."""

    author: UUID | None = None
    space: UUID | None = None

    @model_validator(mode="after")
    def one_of_the_two(self) -> Self:
        if (self.author is None) == (self.space is None):
            raise ValueError(_("请在 author 和 space 中填且只填一项。"))
        return self


class InboxMarkIn(Schema):
    work: UUID
    opened: bool = False
    hidden: bool | None = None


@router.get("", response=list[SpaceOut], summary="我打理的空间")
def mine(request: HttpRequest) -> Any:
    ensure_personal_space(person(request))
    return Space.objects.filter(rules.as_q(request.user, "tend")).order_by("pk")[:200]


@router.put("/{uuid}/introduction", response={204: None, **REFUSED}, summary="写空间的简介")
def write_introduction(request: HttpRequest, uuid: UUID, given: IntroductionIn) -> Any:
    who = person(request)
    introduce(get_space(who, uuid, "tend"), given.introduction, by=who)
    return Status(204, None)


@router.get("/{uuid}/inbox", response={200: InboxPage, 404: Problem}, summary="收件箱；fits=true：只要符合空间的")
def read_inbox(request: HttpRequest, uuid: UUID, page: int = PageNumber, fits: bool = False) -> Any:
    who = person(request)
    space = get_space(who, uuid, "tend")
    items = inbox_page(space, who, offset=(page - 1) * PER_PAGE, limit=PER_PAGE, tiers=not fits)
    return {"total": delivered_number(space, who, tiers=not fits), "items": items}


@router.post("/{uuid}/inbox", response={204: None, **REFUSED}, summary="标记为已打开，或隐藏")
def mark(request: HttpRequest, uuid: UUID, given: InboxMarkIn) -> Any:
    who = person(request)
    space, work = get_space(who, uuid, "tend"), get_visible(who, given.work)
    if given.opened:
        mark_opened(space, work, by=who)
    if given.hidden is not None:
        set_hidden(space, work, by=who, hidden=given.hidden)
    return Status(204, None)


@router.get("/{uuid}/shelf", response={200: ShelfPage, 404: Problem}, summary="书架")
def read_shelf(request: HttpRequest, uuid: UUID, page: int = PageNumber) -> Any:
    rows = shelf(get_space(request.user, uuid, "tend"))
    offset = (page - 1) * PER_PAGE
    items = list(rows[offset : offset + PER_PAGE])
    visible = visible_ids(request.user, [item.work_id for item in items])
    return {"total": rows.count(), "items": [_line(item, visible=item.work_id in visible) for item in items]}


def _line(item: ShelfItem, *, visible: bool) -> dict[str, Any]:
    taken = {"uuid": item.work.uuid, "kind": item.work.kind, "title": item.title, "version": item.version}
    return {
        "work": item.work if visible else taken,
        "visible": visible,
        "version": item.version,
        "added_at": item.added_at,
    }


@router.post("/{uuid}/follows", response={204: None, **REFUSED}, summary="关注作者或空间")
def start_following(request: HttpRequest, uuid: UUID, given: FollowIn) -> Any:
    who = person(request)
    follow(get_space(who, uuid, "tend"), by=who, **whom(who, author=given.author, followed=given.space))
    return Status(204, None)


@router.delete("/{uuid}/follows", response={204: None, **REFUSED}, summary="取消关注")
def stop_following(request: HttpRequest, uuid: UUID, given: FollowIn) -> Any:
    who = person(request)
    row = follow_of(get_space(who, uuid, "tend"), author=given.author, followed=given.space)
    if row is not None:
        unfollow(row, by=who)
    return Status(204, None)
