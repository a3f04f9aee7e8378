"""Who may do what with a submission: each rule written once, read twice. States come from the table.

Nobody, whatever the role, decides on a work of their own: `_took_part` stands in every deciding rule.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Revision

from cms.library.models import Coauthor, Work
from cms.library.rules import Who as WorkWho
from cms.library.rules import written_by
from cms.organisations.queries import within
from cms.people.enums import Role
from cms.people.queries import Anybody, Standing, standing
from workflows.review.enums import LIVE, ReviewStage, State, Verdict
from workflows.review.errors import WrongState
from workflows.review.models import Assignment, Review, Round, Submission
from workflows.review.table import ROWS


@dataclass(frozen=True)
class Who:
    """One kind of person. The two answers must agree; a test holds them together."""

    holds: Callable[[Standing, Submission], bool]
    q: Callable[[Standing], Q]


NOBODY = Q(pk__in=[])


def _wrote(who: Standing, submission: Submission) -> bool:
    return who.user.pk is not None and (
        submission.work.owner_id == who.user.pk
        or any(c.user_id == who.user.pk for c in submission.work.coauthors.all())
    )


def _wrote_q(who: Standing) -> Q:
    if who.user.pk is None:
        return NOBODY
    return Q(work__in=written_by(who.user.pk))


def _took_part(who: Standing, submission: Submission) -> bool:
    """Writes it, or did before stepping out: has submitted it, or saved a revision of it."""
    if who.user.pk is None:
        return False
    return (
        _wrote(who, submission)
        or submission.submitted_by_id == who.user.pk
        or revisions_of(str(submission.work_id)).filter(user=who.user.pk).exists()
    )


def _took_part_q(who: Standing) -> Q:
    if who.user.pk is None:
        return NOBODY
    saved = revisions_of(Cast(OuterRef("work_id"), CharField())).filter(user=who.user.pk)
    return _wrote_q(who) | Q(submitted_by=who.user.pk) | Q(Exists(saved))


def revisions_of(work: Any) -> "QuerySet[Revision]":
    """Those of a work, by its id as text: all that its writers have saved."""
    of_works = ContentType.objects.get_for_model(Work)
    return Revision.objects.filter(base_content_type=of_works, object_id=work).order_by()


def _over(role: str, field: str) -> Who:
    """Holds `role` at or above the submission's `field` organisation, and had no part in the work."""
    return Who(
        lambda who, submission: who.holds_over(role, getattr(submission, field)) and not _took_part(who, submission),
        lambda who: within(who.organisations(role), field) & ~_took_part_q(who),
    )


CAME_TO_EXPERTS = Q(assignments__isnull=False) | Q(
    reviews__stage=ReviewStage.SCHOOL, reviews__verdict=Verdict.APPROVE, trial_until__isnull=True
)
"""Of a round: experts were asked in it, or the school passed it on without a trial (who ends one leaves no row)."""


def _if_it_came(rule: Who) -> Who:
    """`rule`, where the standing round came to the experts before it ended."""
    came = Round.objects.filter(CAME_TO_EXPERTS, submission=OuterRef("pk"), number=OuterRef("round_number")).order_by()
    return Who(
        lambda who, submission: (
            rule.holds(who, submission)
            and Round.objects.filter(CAME_TO_EXPERTS, submission=submission.pk, number=submission.round_number).exists()
        ),
        lambda who: rule.q(who) & Q(Exists(came)),
    )


def _asked(who: Standing, submission: Submission) -> bool:
    """Nobody's answer is looked for unless the person stands on the panel of the standing round."""
    if who.user.pk is None:
        return False
    this_round = {"round__submission": submission.pk, "round__number": submission.round_number}
    return (
        Assignment.objects.filter(**this_round, expert=who.user.pk, removed_at__isnull=True).exists()
        and not Review.objects.filter(**this_round, reviewer=who.user.pk, stage=ReviewStage.EXPERT).exists()
    )


def _open_assignments(who: Standing) -> "QuerySet[Assignment]":
    answered = Review.objects.filter(round=OuterRef("round"), reviewer=OuterRef("expert"), stage="expert")
    return Assignment.objects.filter(
        ~Exists(answered),
        expert_id=who.user.pk,
        removed_at__isnull=True,
        round__number=F("round__submission__round_number"),
    )


def _was_asked_q(who: Standing) -> Q:
    asked = Assignment.objects.filter(expert_id=who.user.pk, removed_at__isnull=True)
    return Q(pk__in=asked.values("round__submission")) & ~_took_part_q(who)


def _was_asked(who: Standing, submission: Submission) -> bool:
    asked = Assignment.objects.filter(round__submission=submission.pk, expert_id=who.user.pk, removed_at__isnull=True)
    return who.user.pk is not None and asked.exists() and not _took_part(who, submission)


def _belongs(who: Standing, submission: Submission) -> bool:
    return any(m.organisation_id == submission.organisation_id for m in who.memberships)


def _belongs_q(who: Standing) -> Q:
    return Q(organisation__in=[place.pk for place in who.organisations()])


def writes(user: Anybody, work: Work) -> bool:
    """`user` is the author of this work, or one of them."""
    return user.pk is not None and (
        work.owner_id == user.pk or Coauthor.objects.filter(work=work.pk, user=user.pk).exists()
    )


author = Who(_wrote, _wrote_q)
member = Who(_belongs, _belongs_q)
colleague = Who(
    lambda who, submission: _belongs(who, submission) and not _took_part(who, submission),
    lambda who: _belongs_q(who) & ~_took_part_q(who),
)
school_reviewer = _over(Role.SCHOOL_REVIEWER, "organisation")
review_manager = _over(Role.REVIEW_MANAGER, "decider")
publisher = _over(Role.PUBLISHER, "organisation")
administrator = _over(Role.ADMINISTRATOR, "organisation")
asked_expert = Who(
    lambda who, submission: _asked(who, submission) and not _took_part(who, submission),
    lambda who: (
        Q(pk__in=_open_assignments(who).values("round__submission")) & ~_took_part_q(who) if who.user.pk else NOBODY
    ),
)
once_asked_expert = Who(_was_asked, lambda who: _was_asked_q(who) if who.user.pk else NOBODY)

POLICY: dict[str, dict[tuple[State, ...], tuple[Who, ...]]] = {
    # action -> states -> who. "decide" is the school's review, "review" the expert's, "read" opens the desk;
    # "try" opens the trial page and "note" leaves feedback there; "name_experts" shows who they are.
    "withdraw": {ROWS["withdraw"].sources: (author,)},
    "submit": {ROWS["submit"].sources: (author,)},
    "decide": {(State.SCHOOL_REVIEW,): (school_reviewer,)},
    "end_trial": {(State.TRIAL,): (school_reviewer,)},
    "assign": {(State.EXPERT_REVIEW,): (review_manager,)},
    "review": {(State.EXPERT_REVIEW,): (asked_expert,)},
    "send_back": {(State.EXPERT_REVIEW,): (review_manager,)},
    "try": {(State.TRIAL,): (member,)},
    "note": {(State.TRIAL,): (colleague,)},
    "name_experts": {tuple(State): (review_manager, administrator)},
    "share": {ROWS["share"].sources: (publisher,)},
    "retire": {ROWS["retire"].sources: (publisher, administrator)},
    "read": {
        tuple(State): (author, school_reviewer, once_asked_expert, administrator),
        (State.EXPERT_REVIEW, *LIVE, State.SUPERSEDED, State.RETIRED): (review_manager, publisher),
        # What its author took back in the school, or the school turned down, never came to them.
        (State.WITHDRAWN, State.REJECTED): (_if_it_came(review_manager), _if_it_came(publisher)),
    },
}


def allows(user: Anybody, action: str, submission: Submission) -> bool:
    """`user` may do `action` with this submission now."""
    who = standing(user)
    return any(
        submission.state in states and any(rule.holds(who, submission) for rule in people)
        for states, people in POLICY[action].items()
    )


def as_q(user: Anybody, action: str, *, leave_out: tuple[Who, ...] = ()) -> Q:
    """The submissions with which `user` may do `action` now, other than as one of the people of `leave_out`."""
    who = standing(user)
    found = NOBODY
    for states, people in POLICY[action].items():
        rules = NOBODY
        for rule in people:
            if rule not in leave_out:
                rules |= rule.q(who)
        found |= Q(state__in=states) & rules
    return found


def require(user: Anybody, action: str, submission: Submission) -> None:
    """Return when `user` may do `action` now; WrongState when only the state is wrong; else PermissionDenied."""
    if allows(user, action, submission):
        return
    states = {state for group in POLICY[action] for state in group}
    who = standing(user)
    people = [rule for group in POLICY[action].values() for rule in group]
    if submission.state not in states and any(rule.holds(who, submission) for rule in people):
        raise WrongState(action, submission.state)
    raise PermissionDenied


def tries_revisions(who: Standing, revisions: list[int]) -> bool:
    """One of these revisions is being tried in a school this person belongs to (library asks, to open its files)."""
    return Submission.objects.filter(
        as_q(who.user, "try"), rounds__number=F("round_number"), rounds__seal__revision__in=revisions
    ).exists()


def _reads_through_review(who: Standing, work: Work) -> bool:
    if not who.memberships:
        return False
    return Submission.objects.filter(as_q(who.user, "read"), work_id=work.pk).exists()


def _reads_through_review_q(who: Standing) -> Q:
    """Authors are library's own rule. What one was asked to judge is few works: they are found first. What somebody
    reads by a role may be every work: it is asked of each, so one work costs no more than itself."""
    if not who.memberships:
        return NOBODY
    asked = Submission.objects.filter(once_asked_expert.q(who)).order_by()
    over = as_q(who.user, "read", leave_out=(author, once_asked_expert))
    return Q(pk__in=asked.values("work")) | Q(Exists(Submission.objects.filter(over, work_id=OuterRef("pk"))))


work_reader = WorkWho(_reads_through_review, _reads_through_review_q)
"""Reviewers read in the workbench what waits for them or was decided in their subtree, as it was sealed (added to
library's rules)."""
