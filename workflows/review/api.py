"""The chain over the JSON API: submit, what waits, decide. The same actions, rules and refusals as the screens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from cms.library.queries import get_visible
from cms.people.models import User
from cms.people.schemas import Problem
from cms.people.tokens import TokenAuth, person
from workflows.review.actions.moving import require_round
from workflows.review.actions.panel import assign_experts, record_review
from workflows.review.actions.publishing import retire
from workflows.review.actions.school import decide_school, end_trial
from workflows.review.actions.submitting import submit, withdraw
from workflows.review.desk import candidates
from workflows.review.enums import Verdict
from workflows.review.errors import NotEligible
from workflows.review.models import Submission
from workflows.review.queries import get_readable, worklist

router = Router(tags=["评审"], auth=TokenAuth())

PER_PAGE = 50


class SubmissionOut(Schema):
    uuid: UUID
    work: UUID
    title: str
    kind: str
    state: str
    round: int
    organisation: str
    decider: str
    due_at: datetime | None

    @staticmethod
    def resolve_work(row: Submission) -> UUID:
        return row.work.uuid

    @staticmethod
    def resolve_title(row: Submission) -> str:
        """Of the version under review; a list has asked for it."""
        return getattr(row, "sealed_title", None) or row.current_round().seal.revision.object_str

    @staticmethod
    def resolve_kind(row: Submission) -> str:
        return row.work.kind

    @staticmethod
    def resolve_round(row: Submission) -> int:
        return row.round_number

    @staticmethod
    def resolve_organisation(row: Submission) -> str:
        return row.organisation.name

    @staticmethod
    def resolve_decider(row: Submission) -> str:
        return row.decider.name


class SubmissionPage(Schema):
    total: int
    items: list[SubmissionOut]


class CriterionOut(Schema):
    key: str
    title: str
    max_points: int


class SubmissionDetail(SubmissionOut):
    """With what a reviewer needs: the sealed hash, the rubric, the policy's figures."""

    sha256: str
    quorum: int
    pass_mark: int
    rubric: list[CriterionOut]

    @staticmethod
    def resolve_sha256(row: Submission) -> str:
        return row.current_round().seal.sha256

    @staticmethod
    def resolve_quorum(row: Submission) -> int:
        return row.policy.quorum

    @staticmethod
    def resolve_pass_mark(row: Submission) -> int:
        return row.policy.pass_mark

    @staticmethod
    def resolve_rubric(row: Submission) -> Any:
        return list(row.rubric.criteria.all())


class ExpertOut(Schema):
    uuid: UUID
    name: str
    organisation: str


class SubmitIn(Schema):
    work: UUID


class RoundIn(Schema):
    """`round`: the one that was read; where the author has handed in another since, nothing is recorded."""

    round: int | None = None


class CommentIn(RoundIn):
    comment: str = Field("", max_length=5000)


class DecisionIn(CommentIn):
    verdict: Verdict


class TrialIn(CommentIn):
    passed: bool


class PanelIn(RoundIn):
    experts: list[UUID] = Field(max_length=30)


class ReviewIn(DecisionIn):
    scores: dict[str, int] = Field(max_length=100)


class RetireIn(Schema):
    reason: str = Field(max_length=300)
    replacement: UUID | None = None


REFUSED: Any = {403: Problem, 404: Problem, 409: Problem, 422: Problem}


@router.post("", response={201: SubmissionOut, **REFUSED}, summary="提交作品送审")
def create(request: HttpRequest, given: SubmitIn) -> Any:
    work = get_visible(request.user, given.work, "read")
    return Status(201, _again(submit(work, by=person(request))))


@router.get("/waiting", response=SubmissionPage, summary="等我处理的")
def waiting(request: HttpRequest, page: int = Query(1, ge=1, le=10_000)) -> Any:
    found = worklist(request.user)
    offset = (page - 1) * PER_PAGE
    return {"total": found.count(), "items": list(found[offset : offset + PER_PAGE])}


@router.get("/{uuid}", response={200: SubmissionDetail, 404: Problem}, summary="一次送审")
def show(request: HttpRequest, uuid: UUID) -> Any:
    return get_readable(request.user, uuid)


@router.post("/{uuid}/withdraw", response={200: SubmissionOut, **REFUSED}, summary="作者撤回")
def take_back(request: HttpRequest, uuid: UUID, given: CommentIn) -> Any:
    submission = _as_read(request, uuid, given)
    return _again(withdraw(submission, by=person(request), comment=given.comment))


@router.post("/{uuid}/decide", response={200: SubmissionOut, **REFUSED}, summary="校级审核：通过、退回、不通过")
def decide(request: HttpRequest, uuid: UUID, given: DecisionIn) -> Any:
    submission = _as_read(request, uuid, given)
    return _again(decide_school(submission, by=person(request), verdict=given.verdict, comment=given.comment))


@router.post("/{uuid}/end-trial", response={200: SubmissionOut, **REFUSED}, summary="结束校内试用")
def finish_trial(request: HttpRequest, uuid: UUID, given: TrialIn) -> Any:
    submission = _as_read(request, uuid, given)
    return _again(end_trial(submission, by=person(request), passed=given.passed, comment=given.comment))


@router.get("/{uuid}/experts", response={200: list[ExpertOut], 404: Problem}, summary="可以指派的专家")
def experts(request: HttpRequest, uuid: UUID) -> Any:
    submission = get_readable(request.user, uuid, "assign")
    return [
        {"uuid": expert.user.uuid, "name": expert.user.name, "organisation": expert.organisation.name}
        for expert in candidates(submission, submission.current_round(), request.user)
    ]


@router.post("/{uuid}/assign", response={200: SubmissionOut, **REFUSED}, summary="指派评审专家")
def assign(request: HttpRequest, uuid: UUID, given: PanelIn) -> Any:
    submission = _as_read(request, uuid, given)
    people = list(User.objects.filter(uuid__in=given.experts, is_active=True))
    unknown = set(given.experts) - {each.uuid for each in people}
    if unknown:
        raise NotEligible(sorted(map(str, unknown)))
    assign_experts(submission, people, by=person(request))
    return _again(submission)


@router.post("/{uuid}/review", response={200: SubmissionOut, **REFUSED}, summary="专家评分")
def review(request: HttpRequest, uuid: UUID, given: ReviewIn) -> Any:
    submission = _as_read(request, uuid, given)
    record_review(submission, by=person(request), verdict=given.verdict, scores=given.scores, comment=given.comment)
    return _again(submission)


@router.post("/{uuid}/retire", response={200: SubmissionOut, **REFUSED}, summary="下架")
def take_down(request: HttpRequest, uuid: UUID, given: RetireIn) -> Any:
    submission = get_readable(request.user, uuid)
    replacement = get_visible(request.user, given.replacement) if given.replacement else None
    return _again(retire(submission, by=person(request), reason=given.reason, replacement=replacement))


def _as_read(request: HttpRequest, uuid: UUID, given: RoundIn) -> Submission:
    submission = get_readable(request.user, uuid)
    require_round(submission, given.round)
    return submission


def _again(submission: Submission) -> Submission:
    """As it stands now, with what is answered."""
    return Submission.objects.select_related("work", "organisation", "decider").get(pk=submission.pk)
