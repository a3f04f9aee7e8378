"""Sharing and adoption over the JSON API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from cms.library.queries import get_visible
from cms.organisations.models import Organisation
from cms.people.schemas import Problem
from cms.people.tokens import TokenAuth, person
from cms.spaces import rules as space_rules
from cms.spaces.actions import ensure_personal_space
from cms.spaces.queries import get_space
from workflows.sharing.actions import adopt, end_adoption, recall_share, remix, share_work
from workflows.sharing.models import Adoption, Share
from workflows.sharing.rules import recallable_q

router = Router(tags=["共享"], auth=TokenAuth())
adoptions_router = Router(tags=["选用"], auth=TokenAuth())

REFUSED: Any = {403: Problem, 404: Problem, 409: Problem, 422: Problem}


class ShareIn(Schema):
    """scope: uuid or code (division code, school code) of the organisation that may see it."""

    work: UUID
    scope: str = Field(max_length=40)
    openly: bool = False


class ShareOut(Schema):
    uuid: UUID
    scope: str
    openly: bool
    shared_at: datetime

    @staticmethod
    def resolve_scope(row: Share) -> str:
        return row.scope.name


class ReasonIn(Schema):
    reason: str = Field(max_length=300)


class AdoptIn(Schema):
    """space: of whom; left out: the caller's personal space."""

    work: UUID
    space: UUID | None = None


class AdoptionOut(Schema):
    uuid: UUID
    version: int
    path: str
    adopted_at: datetime


class RemixIn(Schema):
    work: UUID


class RemixOut(Schema):
    uuid: UUID


@router.post("", response={201: ShareOut, **REFUSED}, summary="共享到某一层级")
def create(request: HttpRequest, given: ShareIn) -> Any:
    work = get_visible(request.user, given.work, "read")
    scope = get_object_or_404(Organisation, _named(given.scope))
    return Status(201, share_work(work, scope=scope, openly=given.openly, by=person(request)))


@router.post("/{uuid}/recall", response={200: ShareOut, **REFUSED}, summary="收回共享")
def recall(request: HttpRequest, uuid: UUID, given: ReasonIn) -> Any:
    share = Share.objects.filter(recallable_q(request.user), uuid=uuid).first()
    if share is None:
        raise Http404
    return recall_share(share, by=person(request), reason=given.reason)


@adoptions_router.post("", response={201: AdoptionOut, **REFUSED}, summary="选用到空间")
def take(request: HttpRequest, given: AdoptIn) -> Any:
    work = get_visible(request.user, given.work)
    who = person(request)
    space = get_space(who, given.space, "tend") if given.space else ensure_personal_space(who)
    return Status(201, adopt(work, space, by=who))


@adoptions_router.delete("/{uuid}", response={204: None, **REFUSED}, summary="停止选用")
def give_up(request: HttpRequest, uuid: UUID) -> Any:
    adoption = Adoption.objects.filter(uuid=uuid).select_related("space").first()
    if adoption is None or not space_rules.allows(request.user, "tend", adoption.space):
        raise Http404
    end_adoption(adoption, by=person(request))
    return Status(204, None)


@adoptions_router.post("/remix", response={201: RemixOut, **REFUSED}, summary="改编为自己的草稿")
def make_remix(request: HttpRequest, given: RemixIn) -> Any:
    return Status(201, remix(get_visible(request.user, given.work), by=person(request)))


def _named(text: str) -> Q:
    try:
        return Q(uuid=UUID(text))
    except ValueError:
        return Q(code=text)
