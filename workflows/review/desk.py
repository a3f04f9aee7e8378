"""What a reviewer has before the eyes: what changed in the sealed work, what was said of it, and what to decide."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.audit.queries import history
from cms.library.models.work import inside
from cms.people.models import User
from cms.people.queries import Anybody
from workflows.experts.models import Expert
from workflows.review import rules
from workflows.review.differences import Difference, compare
from workflows.review.enums import ReviewStage, State, Verdict
from workflows.review.history import masks_of
from workflows.review.models import Criterion, Review, ReviewDraft, Round, Submission
from workflows.review.naming import label_of, names_for
from workflows.review.pupils import unnamed
from workflows.review.queries import earlier_seal, eligible_experts

DEEDS = ("decide", "end_trial", "review", "assign", "send_back", "withdraw")
"""What can be done at the desk."""


@dataclass(frozen=True)
class Said:
    """One opinion as its reader may know it."""

    who: str
    role: str
    at: datetime
    verdict: str
    total: Any
    comment: str
    scores: list[tuple[str, int, int]]


@dataclass(frozen=True)
class RoundSaid:
    """Everything that was said in one round."""

    number: int
    opened_at: datetime
    said: list[Said]


@dataclass(frozen=True)
class Panellist:
    """An expert of the standing round, for the manager."""

    user: User
    due_at: datetime
    answered: bool


@dataclass(frozen=True)
class Shown:
    """A changed field with its label, ready for the template."""

    label: str
    change: Any


@dataclass(frozen=True)
class ShownChild:
    """A changed lesson or part with what changed in it."""

    heading: str
    kind: str
    moved_from: int | None
    fields: list[Shown]


@dataclass(frozen=True)
class Comparison:
    """What changed since the version that reviewers know; `against` says which one that is."""

    against: str
    fields: list[Shown]
    children: list[ShownChild]

    @property
    def count(self) -> int:
        return len(self.fields) + len(self.children)


def deeds_of(user: Anybody, submission: Submission) -> set[str]:
    """What this person may do here now."""
    return {deed for deed in DEEDS if rules.allows(user, deed, submission)}


def comparison(submission: Submission, current: Round) -> Comparison | None:
    """Field by field what differs from the version reviewers know; None when they know none."""
    earlier = earlier_seal(submission, current)
    if earlier is None:
        return None
    before, after = earlier.revision.content, current.seal.revision.content
    difference = compare(before, after, names_for([before, after]))
    before_this = current.number > 1
    return Comparison(
        against=_("上一轮送审的版本") if before_this else _("现在发布的版本"),
        fields=[Shown(label_of(change.name), change) for change in difference.changes],
        children=shown_children(difference),
    )


def shown_children(difference: Difference) -> list[ShownChild]:
    words = {"lessons": _("第 %(n)d 课时《%(title)s》"), "parts": _("第 %(n)d 部分《%(title)s》")}
    return [
        ShownChild(
            heading=words[child.relation] % {"n": child.number, "title": inside(child.title)},
            kind=child.kind,
            moved_from=child.moved_from,
            fields=[Shown(label_of(change.name, child.relation), change) for change in child.changes],
        )
        for child in difference.children
    ]


def earlier_said(submission: Submission, user: Anybody) -> list[RoundSaid]:
    """What was said of this submission, the newest round first, as far as this person may know it.

    Experts of a round that stands do not read each other, and its author reads them when the round is over. Managers
    and administrators read everything, with names; but who has yet to judge the round reads it as an expert does.
    """
    knows = rules.allows(user, "name_experts", submission)
    judges = knows and rules.allows(user, "review", submission)
    masks = {} if knows else masks_of([submission], user)
    rounds = list(
        submission.rounds.prefetch_related("reviews__reviewer", "reviews__scores__criterion").order_by("-number")
    )
    returned = _returned_by_hand(submission)
    found = []
    for each in rounds:
        over = each.closed_at is not None
        said = [
            _said(review, masks, submission)
            for review in each.reviews.all()
            if review.stage == ReviewStage.SCHOOL or over or (knows and not judges) or review.reviewer_id == user.pk
        ]
        said += returned.get(each.number, [])
        if said:
            found.append(RoundSaid(each.number, each.opened_at, sorted(said, key=lambda one: one.at)))
    return found


def _said(review: Review, masks: dict[tuple[str, int], str], submission: Submission) -> Said:
    name = str(review.reviewer)
    if review.stage == ReviewStage.EXPERT:
        name = masks.get((str(submission.uuid), review.reviewer_id), name)
    return Said(
        who=name,
        role=str(ReviewStage(review.stage).label),
        at=review.recorded_at,
        verdict=str(Verdict(review.verdict).label),
        total=review.total,
        comment=review.comment,
        scores=[(score.criterion.title, score.points, score.criterion.max_points) for score in review.scores.all()],
    )


def _returned_by_hand(submission: Submission) -> dict[int, list[Said]]:
    """What was said when a trial ended or a manager returned it: such comments stand in the history only."""
    found: dict[int, list[Said]] = {}
    entries = history("library.work", submission.work.uuid).filter(
        verb__in=("submission:return_to_author", "submission:pass_to_experts"),
        actor__isnull=False,
        from_state__in=(State.TRIAL, State.EXPERT_REVIEW),
    )
    for entry in entries:
        comment = str(entry.data.get("comment", ""))
        if entry.data.get("submission") != str(submission.uuid) or not comment:
            continue
        returned = entry.verb == "submission:return_to_author"
        found.setdefault(int(entry.data.get("round", 0)), []).append(
            Said(
                who=str(entry.actor),
                role=str(State(entry.from_state).label),
                at=entry.at,
                verdict=_("退回修改") if returned else _("通过"),
                total=None,
                comment=comment,
                scores=[],
            )
        )
    return found


def panel_of(current: Round) -> list[Panellist]:
    """Who is asked in this round, for the manager."""
    answered = set(current.reviews.filter(stage=ReviewStage.EXPERT).values_list("reviewer_id", flat=True))
    asked = current.assignments.filter(removed_at__isnull=True).select_related("expert").order_by("id")
    return [Panellist(each.expert, each.due_at, each.expert_id in answered) for each in asked]


def candidates(submission: Submission, current: Round, manager: Anybody) -> list[Expert]:
    """Whom the manager may ask, the least loaded first."""
    experts: QuerySet[Any] = (
        eligible_experts(submission, current).exclude(user=manager.pk).prefetch_related("subjects", "stages")
    )
    return list(experts.order_by("load", "user__name", "pk"))


def criteria_of(submission: Submission) -> list[Criterion]:
    return list(submission.rubric.criteria.all())


def own_review(current: Round, user: Anybody) -> Review | None:
    """What this expert said of the standing round."""
    return (
        current.reviews.filter(reviewer=user.pk, stage=ReviewStage.EXPERT).prefetch_related("scores__criterion").first()
    )


def own_draft(current: Round, user: Anybody) -> ReviewDraft | None:
    """What this expert, and nobody else, has typed of the standing round."""
    return current.drafts.filter(expert=user.pk).first()


@dataclass(frozen=True)
class Tried:
    """What somebody of the school said of a trial, and the name as the reader may know it."""

    who: str
    rating: int
    comment: str
    written_at: datetime


def trial_notes(current: Round, school: int, user: Anybody) -> list[Tried]:
    """What the school said while it tried this version."""
    notes = list(current.trial_notes.select_related("user"))
    names = unnamed([note.user_id for note in notes], school, user)
    return [
        Tried(names.get(note.user_id, str(note.user)), note.rating, note.comment, note.written_at) for note in notes
    ]
