"""Sharing, recommending and adoption over the JSON API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from cms.library.models import Work
from cms.library.queries import get_visible
from cms.organisations.models import Organisation
from cms.people.schemas import Problem
from cms.people.tokens import TokenAuth, person
from cms.spaces import rules as space_rules
from cms.spaces.actions import ensure_personal_space
from cms.spaces.enums import Readers
from cms.spaces.models import MOST_WORDS_SAID
from cms.spaces.queries import get_space
from cms.taxonomy.models import Grade, Stage, Subject
from cms.taxonomy.schemas import RowId
from workflows.sharing.actions import (
    adopt,
    end_adoption,
    recall_share,
    recommend,
    remix,
    share_work,
    withdraw_recommendation,
)
from workflows.sharing.models import Adoption, Recommendation, Share
from workflows.sharing.queries import recommendations
from workflows.sharing.rules import recallable_q, recommendable_q, recommends_for

router = Router(tags=["共享"], auth=TokenAuth())
adoptions_router = Router(tags=["选用"], auth=TokenAuth())
recommendations_router = Router(tags=["推荐"], auth=TokenAuth())

PER_PAGE = 20
PageNumber = Query(1, ge=1, le=10_000)

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


class RecommendIn(Schema):
    """organisation: uuid or code, with all below it. stage, subject, grade: ids that narrow it; left out: all."""

    work: UUID
    organisation: str = Field(max_length=40)
    readers: Readers = Readers.TEACHERS
    stage: RowId | None = None
    subject: RowId | None = None
    grade: RowId | None = None
    words: str = Field("", max_length=MOST_WORDS_SAID)


class RecommendationOut(Schema):
    """title: as it was recommended; audience: in words; reaches_them: the audience may see the work now."""

    uuid: UUID
    work: UUID
    title: str
    audience: str
    source: str
    words: str
    by: str
    at: datetime
    withdrawn_at: datetime | None
    reaches_them: bool

    @staticmethod
    def resolve_work(row: Recommendation) -> UUID:
        return row.work.uuid

    @staticmethod
    def resolve_audience(row: Recommendation) -> str:
        return str(row.audience)

    @staticmethod
    def resolve_source(row: Recommendation) -> str:
        return row.source.name

    @staticmethod
    def resolve_by(row: Recommendation) -> str:
        return row.by.name


class RecommendationPage(Schema):
    total: int
    items: list[RecommendationOut]


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


# Before "/{uuid}", which answers every other method under its pattern with a refusal.
@adoptions_router.post("/remix", response={201: RemixOut, **REFUSED}, summary="改编为自己的草稿")
def make_remix(request: HttpRequest, given: RemixIn) -> Any:
    return Status(201, remix(get_visible(request.user, given.work), by=person(request)))


@adoptions_router.delete("/{uuid}", response={204: None, **REFUSED}, summary="停止选用")
def give_up(request: HttpRequest, uuid: UUID) -> Any:
    adoption = Adoption.objects.filter(uuid=uuid).select_related("space").first()
    if adoption is None or not space_rules.allows(request.user, "tend", adoption.space):
        raise Http404
    end_adoption(adoption, by=person(request))
    return Status(204, None)


@recommendations_router.get(
    "", response={200: RecommendationPage, 404: Problem}, summary="本机构及下级的推荐记录，新的在前"
)
def recommended(request: HttpRequest, page: int = PageNumber) -> Any:
    if not recommends_for(request.user):
        raise Http404
    rows = recommendations(request.user)
    offset = (page - 1) * PER_PAGE
    return {"total": rows.order_by().count(), "items": list(rows[offset : offset + PER_PAGE])}


@recommendations_router.post(
    "", response={201: RecommendationOut, **REFUSED}, summary="把共享的作品推荐给本机构及下级的老师、学生或所有人"
)
def push_by_hand(request: HttpRequest, given: RecommendIn) -> Any:
    who = person(request)
    work = get_object_or_404(Work, recommendable_q(who), uuid=given.work)
    row = recommend(
        work,
        organisation=get_object_or_404(Organisation, _named(given.organisation)),
        readers=given.readers,
        stage=get_object_or_404(Stage, pk=given.stage) if given.stage else None,
        subject=get_object_or_404(Subject, pk=given.subject) if given.subject else None,
        grade=get_object_or_404(Grade, pk=given.grade) if given.grade else None,
        words=given.words,
        by=who,
    )
    return Status(201, recommendations(who).get(pk=row.pk))


@recommendations_router.post("/{uuid}/withdraw", response={200: RecommendationOut, **REFUSED}, summary="撤回推荐")
def take_back(request: HttpRequest, uuid: UUID) -> Any:
    row = get_object_or_404(recommendations(request.user), uuid=uuid)
    withdraw_recommendation(row, by=person(request))
    return recommendations(request.user).get(pk=row.pk)


def _named(text: str) -> Q:
    try:
        return Q(uuid=UUID(text))
    except ValueError:
        return Q(code=text)
