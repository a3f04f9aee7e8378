"""Reads of the review room."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404
from django.utils import timezone

from cms.audit.queries import history
from cms.library.cards import addresses
from cms.library.models import Seal, Work
from cms.library.queries import in_force
from cms.library.rules import written_by
from cms.people.enums import Role
from cms.people.queries import Anybody, standing
from cms.people.statements import Composed
from workflows.experts.models import Expert
from workflows.experts.queries import eligible
from workflows.review import rules
from workflows.review.enums import LIVE, OPEN, UNDER_REVIEW, ReviewStage, State
from workflows.review.models import Assignment, Policy, Review, Round, Rubric, Submission, TrialNote

WAITING_FOR = ("decide", "end_trial", "review", "assign")
"""Actions that put a submission on somebody's worklist."""

REVIEWING_ROLES = (Role.SCHOOL_REVIEWER, Role.EXPERT, Role.REVIEW_MANAGER)


def policy_for(kind: str) -> Policy | None:
    """The policy in force for a kind of work."""
    return in_force(Policy.objects.filter(kind=kind)).first()


def rubric_for(kind: str) -> Rubric | None:
    """The rubric in force for a kind of work."""
    return in_force(Rubric.objects.filter(kind=kind)).first()


# --- lists ----------------------------------------------------------------------------------------------------------


def _standing_round() -> "QuerySet[Round]":
    return Round.objects.filter(submission=OuterRef("pk"), number=OuterRef("round_number"))


def _panel() -> "QuerySet[Assignment]":
    return Assignment.objects.filter(
        round__submission=OuterRef("pk"), round__number=OuterRef("round_number"), removed_at__isnull=True
    )


def _unanswered(assignments: "QuerySet[Assignment]") -> "QuerySet[Assignment]":
    answered = Review.objects.filter(round=OuterRef("round"), reviewer=OuterRef("expert"), stage=ReviewStage.EXPERT)
    return assignments.filter(~Exists(answered))


def _number_of(rows: "QuerySet[Assignment]") -> Coalesce:
    counted = rows.order_by().values("round").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def with_work(submissions: "QuerySet[Submission]") -> "QuerySet[Submission]":
    """With what a line of a list shows: one query whatever its length.

    sealed_title            of the version under review: the work's row may be older or newer
    panel_size, panel_left  experts asked in the standing round, and how many have not answered
    heard_experts           whether any of them has
    """
    return (
        submissions.select_related(
            "work__owner", "work__organisation", "work__stage", "work__subject", "work__grade", "work__edition",
            "work__textbook", "work__chapter", "work__cover", "organisation", "decider", "policy",
        )
        .defer("work__body", "work__summary")
        .annotate(
            sealed_title=Subquery(_standing_round().values("seal__revision__object_str")[:1]),
            trial_until=Subquery(_standing_round().values("trial_until")[:1]),
            panel_size=_number_of(_panel()),
            panel_left=_number_of(_unanswered(_panel())),
            heard_experts=Exists(
                Review.objects.filter(
                    round__submission=OuterRef("pk"), round__number=OuterRef("round_number"), stage=ReviewStage.EXPERT
                )
            ),
        )
    )  # fmt: skip


def _waits(user: Anybody) -> dict[str, Q]:
    """Action -> the submissions in which just this person should do it now.

    A trial waits when its days are over; a manager is needed while the panel is smaller than the quorum, or when one
    of it has let the time pass.
    """
    now = timezone.now()
    trial_over = Q(trial_until__isnull=True) | Q(trial_until__lte=now)
    late = Q(Exists(_unanswered(_panel()).filter(due_at__lt=now)))
    return {
        "decide": rules.as_q(user, "decide"),
        "end_trial": rules.as_q(user, "end_trial") & trial_over,
        "review": rules.as_q(user, "review"),
        "assign": rules.as_q(user, "assign") & (Q(panel_size__lt=F("policy__quorum")) | late),
    }


def worklist(user: Anybody, *, deed: str = "", kind: str = "") -> "QuerySet[Submission]":
    """Exactly what waits for this person, due first. Each row says what is to be done (`deed`) until when (`wait_due`).

    deed   one of WAITING_FOR: only these
    kind   of work: only these
    """
    waits = _waits(user)
    mine = _panel().filter(expert=user.pk).values("due_at")[:1]
    wanted = rules.NOBODY
    for action, rows in waits.items():
        if deed in ("", action):
            wanted |= rows
    cases = [When(rows, then=Value(action)) for action, rows in waits.items() if deed in ("", action)]
    found = (
        # The few that wait, however many were published: SQLite takes their index for `IS NULL`, and not for states.
        with_work(Submission.objects.filter(state__in=UNDER_REVIEW, closed_at__isnull=True))
        .filter(wanted)
        .annotate(
            deed=Case(*cases, default=Value(""), output_field=CharField()),
            wait_due=Coalesce(Subquery(mine), F("due_at")),
        )
        .order_by("wait_due", "id")
    )
    return found.filter(work__kind=kind) if kind else found


def reviews_by_role(user: Anybody) -> bool:
    """No query of its own: for what every page shows."""
    return bool({membership.role for membership in standing(user).memberships} & set(REVIEWING_ROLES))


def reviews(user: Anybody) -> bool:
    """Something may wait for this person: by a role, or because of being asked once, as experts of a pool are."""
    return reviews_by_role(user) or (user.pk is not None and Assignment.objects.filter(expert=user.pk).exists())


def waiting_count(user: Anybody) -> int:
    """How much waits for this person."""
    return worklist(user).order_by().count()


def own_submissions(user: Anybody) -> "QuerySet[Submission]":
    """What this person wrote and sent, what moved last first. The few works are read first: among so many joins
    PostgreSQL would come to them last, after every work there is."""
    works = list(written_by(user.pk).values_list("pk", flat=True)) if user.pk is not None else []
    sent = Submission.objects.filter(work__in=works, round_number__gt=0)
    return with_work(sent).order_by("-entered_at", "-id")


def trials_of(user: Anybody) -> "QuerySet[Any]":
    """What is being tried in this person's schools, ending first; `noted` says whether this person gave feedback."""
    noted = TrialNote.objects.filter(
        round__submission=OuterRef("pk"), round__number=OuterRef("round_number"), user=user.pk
    )
    found: QuerySet[Any] = with_work(Submission.objects.filter(rules.as_q(user, "try")))
    return found.annotate(noted=Exists(noted)).order_by("trial_until", "id")


# --- one submission -------------------------------------------------------------------------------------------------


def get_readable(user: Anybody, uuid: UUID | str, action: str = "read") -> Submission:
    """The submission, when `user` may do `action` with it; else "not found"."""
    found = (
        Submission.objects.filter(rules.as_q(user, action), uuid=uuid)
        .select_related("work__organisation", "work__owner", "organisation", "decider", "policy", "rubric")
        .prefetch_related("work__coauthors__user")
        .first()
    )
    if found is None:
        raise Http404
    return found


WITH = ("work__owner", "work__organisation", "organisation", "decider", "rubric")


def open_submission(work: Work) -> Submission | None:
    return Submission.objects.filter(work=work.pk, state__in=OPEN).first()


def live_submission(work: Work) -> Submission | None:
    """The submission through which the live version came."""
    return Submission.objects.filter(work=work.pk, state__in=LIVE).select_related(*WITH).first()


def sealed_work(seal: Seal) -> Work:
    """The work as it was sealed, of its own kind."""
    work: Work = seal.revision.as_object()
    return work


def earlier_seal(submission: Submission, current: Round) -> Seal | None:
    """What a reviewer knows already: the round before this one, else the version that is live."""
    before = submission.rounds.filter(number__lt=current.number).order_by("-number").first()
    if before is not None:
        return Seal.objects.select_related("revision").get(pk=before.seal_id)
    live = submission.work.live_revision_id
    if live is None or live == current.seal.revision_id:
        return None
    return Seal.objects.select_related("revision").filter(revision=live).first()


# --- experts --------------------------------------------------------------------------------------------------------


def eligible_experts(submission: Submission, current: Round) -> "QuerySet[Expert]":
    """Of the deciding organisation's pool, who may judge the sealed version; whoever passed it in the school may not.

    Each with how many reviews this person owes at the moment (`load`).
    """
    owed = _unanswered(
        Assignment.objects.filter(
            expert=OuterRef("user"),
            removed_at__isnull=True,
            round__closed_at__isnull=True,
            round__submission__state=State.EXPERT_REVIEW,
        )
    )
    counted = owed.order_by().values("expert").annotate(n=Count("pk")).values("n")
    return _may_judge(submission, current).annotate(load=Coalesce(Subquery(counted), 0))


def eligible_among(people: Iterable[int], submission: Submission, current: Round) -> set[int]:
    """Those of `people` (ids) who are eligible experts."""
    found = _may_judge(submission, current).filter(user__in=people).order_by()
    return set(found.values_list("user_id", flat=True))


def passed_by(submission: Submission, current: Round) -> set[int]:
    """Who reviewed this round in the school, or ended its trial, of which only the history tells (user ids)."""
    reviewed = current.reviews.filter(stage=ReviewStage.SCHOOL).values_list("reviewer_id", flat=True)
    ended = history("library.work", submission.work.uuid).filter(
        verb="submission:pass_to_experts",
        actor__isnull=False,
        data__submission=str(submission.uuid),
        data__round=current.number,
    )
    return {*reviewed, *ended.order_by().values_list("actor_id", flat=True)}


def _may_judge(submission: Submission, current: Round) -> "QuerySet[Expert]":
    passed = passed_by(submission, current)
    saved = rules.revisions_of(str(submission.work_id)).filter(user__isnull=False).values("user")
    return eligible(_as_judged(submission.work, current.seal), submission.decider).exclude(
        Q(user__in=passed) | Q(user__in=saved) | Q(user=submission.submitted_by_id)
    )


def _as_judged(work: Work, seal: Seal) -> Work:
    """Whose work it is, with the sealed stage and subject: what the choice of experts asks. Nothing is read for it."""
    sealed = seal.revision.content
    return Work(
        pk=work.pk,
        owner_id=work.owner_id,
        organisation_id=work.organisation_id,
        stage_id=sealed["stage"],
        subject_id=sealed["subject"],
    )


# --- other rooms' pages ---------------------------------------------------------------------------------------------


def latest_of(works: Iterable[int]) -> dict[int, Submission]:
    """The submission that says where each of these works stands: the newest that was not withdrawn before it began."""
    found: dict[int, Submission] = {}
    rows = Submission.objects.filter(work__in=list(works), round_number__gt=0).order_by("id")
    for submission in rows.select_related("decider", "organisation"):
        found[submission.work_id] = submission
    return found


def _sealed(works: Sequence[int]) -> "QuerySet[Submission, Any]":
    found = Submission.objects.filter(work__in=works, state__in=LIVE).order_by()
    return found.annotate(
        by=Coalesce(NullIf("decider__short_name", Value("")), "decider__name"),  # as str(organisation) says it
        at=Subquery(_standing_round().values("closed_at")[:1]),
    ).values_list("work_id", "work__uuid", "work__version", "decider__tier", "rubric__title", "by", "at")


SEALED = Composed(_sealed)


def seals_of(works: Collection[int]) -> dict[int, dict[str, Any]]:
    """What the theme's seal says of the live version of each of these works: one query."""
    history = addresses("review:history")
    return {
        work: {
            "tier": tier,
            "organisation": by,
            "at": at,
            "rubric": rubric,
            "version": version,
            "url": history(uuid),
        }
        for work, uuid, version, tier, rubric, by, at in SEALED.rows(list(works))
    }


# --- policies and rubrics -------------------------------------------------------------------------------------------


def is_in_use(version: Policy | Rubric) -> bool:
    """It has come into force, or a submission keeps it: nobody may change it any more."""
    if version.in_force_from <= timezone.now():
        return True
    kept = Q(policy=version.pk) if isinstance(version, Policy) else Q(rubric=version.pk)
    return Submission.objects.filter(kept).exists()
