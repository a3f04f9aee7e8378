"""What the actions refuse, and what stands or falls together with each step."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cms.audit.models import Entry
from cms.library.actions.authoring import save_draft
from cms.library.actions.sealing import intact_revision
from cms.library.errors import WorkLocked
from cms.library.models import Seal, Work
from tests import factories
from tests.factories import Province
from tests.factories.chain import GOOD
from tests.review.states import again, change
from workflows.review.actions.panel import assign_experts, record_review, send_back_from_panel
from workflows.review.actions.publishing import retire
from workflows.review.actions.school import decide_school, end_trial
from workflows.review.actions.submitting import submit, withdraw
from workflows.review.enums import State
from workflows.review.errors import (
    AlreadyReviewed,
    AlreadySubmitted,
    CommentRequired,
    Incomplete,
    NoPolicy,
    NotEligible,
    NothingNew,
    ReasonRequired,
    ScoreOutOfRange,
    TooFewExperts,
    TrialNotOver,
    WrongState,
)
from workflows.review.models import Assignment, Criterion, Policy, Review, Round, Submission

pytestmark = pytest.mark.django_db


def fresh(work: Work) -> Work:
    return Work.objects.get(pk=work.pk)


def panel(submission: Submission) -> list[Any]:
    return [a.expert for a in again(submission).current_round().assignments.filter(removed_at=None).order_by("id")]


def at_experts(place: Province, number: int) -> tuple[Submission, list[Any], Any]:
    submission = factories.at_school_review(place)
    decide_school(submission, by=factories.school_reviewer(place), verdict="approve")
    experts, manager = (
        [factories.expert(place) for _ in range(number)],
        factories.person("review_manager", place.county),
    )
    assign_experts(submission, experts, by=manager)
    return submission, experts, manager


# --- submitting -----------------------------------------------------------------------------------------------------


def test_submit_locks_the_work_and_keeps_the_seal_from_the_open_tab(place: Province) -> None:
    author = factories.teacher(place)
    work = factories.resource(place, author)
    submission = submit(work, by=author)
    seal = submission.current_round().seal
    assert fresh(work).locked
    open_tab = Work.objects.get(pk=work.pk).specific.get_latest_revision_as_object()
    open_tab.title = "改过的标题"
    with pytest.raises(WorkLocked):
        save_draft(open_tab, by=author)
    revision = open_tab.save_revision(user=author, overwrite_revision=seal.revision)  # what Wagtail's autosave does
    assert revision.pk != seal.revision_id
    kept = Seal.objects.get(pk=seal.pk)
    assert intact_revision(kept)
    assert kept.revision.as_object().title == work.title
    assert kept.sha256 == seal.sha256


def test_submit_needs_a_complete_draft(place: Province) -> None:
    author = factories.teacher(place)
    work = factories.resource(place, author, summary="", authorship_stated=False)
    with pytest.raises(Incomplete) as refusal:
        submit(work, by=author)
    assert [gap.field for gap in refusal.value.gaps] == ["summary", "authorship_stated"]
    assert not fresh(work).locked
    assert not Submission.objects.exists()
    assert not Seal.objects.exists()


def test_submit_needs_policy_rubric_with_criteria_and_an_office_above(place: Province) -> None:
    author = factories.teacher(place)
    work = factories.resource(place, author)
    Criterion.objects.filter(rubric__kind="resource").delete()
    with pytest.raises(NoPolicy):
        submit(work, by=author)
    Policy.objects.filter(kind="resource").delete()
    with pytest.raises(NoPolicy):
        submit(work, by=author)
    assert not fresh(work).locked


def test_submit_of_a_work_under_review_is_refused(place: Province) -> None:
    submission = factories.at_school_review(place)
    with pytest.raises(AlreadySubmitted):
        submit(submission.work, by=submission.work.owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(
            work=submission.work,
            submitted_by=submission.submitted_by,
            organisation=submission.organisation,
            decider=submission.decider,
            policy=submission.policy,
            rubric=submission.rubric,
        )


def test_submit_of_what_is_live_already_is_refused(place: Province) -> None:
    submission = factories.published(place)
    with pytest.raises(NothingNew):
        submit(submission.work, by=submission.work.owner)


def test_returned_work_goes_on_with_its_next_round_by_the_policy_it_began_with(place: Province) -> None:
    author, reviewer = factories.teacher(place), factories.school_reviewer(place)
    submission = factories.at_school_review(place, author)
    began = submission.policy_id
    decide_school(submission, by=reviewer, verdict="request_changes", comment="补图")
    assert not fresh(submission.work).locked
    Policy.objects.create(kind="resource", version=2, quorum=3, in_force_from=timezone.now())
    change(submission.work, author)
    once_more = submit(submission.work, by=author)
    assert (once_more.pk, once_more.round_number, once_more.policy_id) == (submission.pk, 2, began)
    first, second = Round.objects.filter(submission=submission)
    assert first.seal_id != second.seal_id
    assert first.closed_at is not None
    assert second.closed_at is None
    decide_school(once_more, by=reviewer, verdict="approve")  # the same reviewer, another round
    assert again(submission).state == State.EXPERT_REVIEW


def test_returned_work_submitted_unchanged_keeps_its_seal(place: Province) -> None:
    author = factories.teacher(place)
    submission = factories.at_school_review(place, author)
    decide_school(submission, by=factories.school_reviewer(place), verdict="request_changes", comment="请再看")
    submit(submission.work, by=author)
    assert Seal.objects.filter(work=submission.work).count() == 1


def test_withdraw_ends_it_from_every_open_state_and_a_new_one_may_begin(place: Province) -> None:
    Policy.objects.create(kind="resource", version=2, trial_days=3, quorum=2, in_force_from=timezone.now())
    author = factories.teacher(place)
    submission = factories.at_school_review(place, author)
    decide_school(submission, by=factories.school_reviewer(place), verdict="approve")
    assert again(submission).state == State.TRIAL
    withdraw(submission, by=author, comment="再想想")
    gone = again(submission)
    assert (gone.state, gone.due_at) == (State.WITHDRAWN, None)
    assert gone.closed_at is not None
    assert not fresh(submission.work).locked
    other = submit(submission.work, by=author)
    assert other.pk != submission.pk
    assert other.round_number == 1


def test_withdrawing_a_returned_work_lets_a_new_submission_begin(place: Province) -> None:
    author = factories.teacher(place)
    submission = factories.at_school_review(place, author)
    decide_school(submission, by=factories.school_reviewer(place), verdict="request_changes", comment="补图")
    withdraw(submission, by=author)
    assert submit(submission.work, by=author).pk != submission.pk


# --- school and trial -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ["request_changes", "reject"])
@pytest.mark.parametrize("comment", ["", "  \n "])
def test_school_must_say_why(place: Province, verdict: str, comment: str) -> None:
    submission = factories.at_school_review(place)
    with pytest.raises(CommentRequired):
        decide_school(submission, by=factories.school_reviewer(place), verdict=verdict, comment=comment)
    assert again(submission).state == State.SCHOOL_REVIEW
    assert not Review.objects.exists()


def test_trial_ends_after_its_days_or_with_a_return(place: Province) -> None:
    Policy.objects.create(kind="resource", version=2, trial_days=3, in_force_from=timezone.now())
    reviewer = factories.school_reviewer(place)
    submission = factories.at_school_review(place)
    decide_school(submission, by=reviewer, verdict="approve")
    with pytest.raises(TrialNotOver):
        end_trial(submission, by=reviewer, passed=True)
    with pytest.raises(CommentRequired):
        end_trial(submission, by=reviewer, passed=False)
    Round.objects.update(trial_until=timezone.now() - dt.timedelta(minutes=1))
    end_trial(submission, by=reviewer, passed=True)
    assert again(submission).state == State.EXPERT_REVIEW


# --- experts --------------------------------------------------------------------------------------------------------


def test_panel_needs_the_quorum(place: Province) -> None:
    submission, experts, manager = at_experts(place, 2)
    with pytest.raises(TooFewExperts):
        assign_experts(submission, experts[:1], by=manager)
    assert len(panel(submission)) == 2


def test_manager_is_not_on_the_panel(place: Province) -> None:
    submission, experts, manager = at_experts(place, 2)
    with pytest.raises(NotEligible):
        assign_experts(submission, [*experts, manager], by=manager)


def test_the_panel_that_stands_sent_again_leaves_no_trace(place: Province) -> None:
    submission = factories.at_expert_review(place)
    panel = [assignment.expert for assignment in Assignment.objects.all()]
    manager = Assignment.objects.all()[0].assigned_by
    traces = Entry.objects.filter(verb="submission:assign_experts")
    before = traces.count()
    assert assign_experts(submission, panel, by=manager) == []
    assert (traces.count(), Assignment.objects.count()) == (before, len(panel))


def test_expert_reviews_once(place: Province) -> None:
    submission, experts, _manager = at_experts(place, 3)
    record_review(submission, by=experts[0], verdict="approve", scores=GOOD)
    with pytest.raises(AlreadyReviewed):
        record_review(submission, by=experts[0], verdict="reject", scores=GOOD, comment="改主意")
    assert Review.objects.filter(stage="expert").count() == 1


@pytest.mark.parametrize(
    "scores",
    [
        {},
        {"science": 36},
        {"science": 41, "design": 52},
        {"science": -1, "design": 52},
        {"science": 36, "design": 52, "beauty": 1},
        {"science": True, "design": 52},
        {"science": "36", "design": 52},
        {"science": 36.5, "design": 52},
    ],
)
def test_scores_outside_the_rubric_are_refused_whole(place: Province, scores: dict[str, Any]) -> None:
    submission, experts, _manager = at_experts(place, 2)
    with pytest.raises(ScoreOutOfRange):
        record_review(submission, by=experts[0], verdict="approve", scores=scores)
    assert not Review.objects.filter(stage="expert").exists()


def test_expert_taken_off_reviews_no_more(place: Province) -> None:
    submission, experts, manager = at_experts(place, 3)
    assign_experts(submission, experts[:2], by=manager)
    with pytest.raises(PermissionDenied):
        record_review(submission, by=experts[2], verdict="approve", scores=GOOD)


def test_taking_off_the_last_unanswered_expert_decides(place: Province) -> None:
    submission, experts, manager = at_experts(place, 3)
    record_review(submission, by=experts[0], verdict="approve", scores=GOOD)
    record_review(submission, by=experts[1], verdict="request_changes", scores=GOOD, comment="补学习单")
    assert again(submission).state == State.EXPERT_REVIEW
    assign_experts(submission, experts[:2], by=manager)
    assert again(submission).state == State.DRAFT
    assert not fresh(submission.work).locked


def test_expert_who_answered_stays_on_the_panel(place: Province) -> None:
    submission, experts, manager = at_experts(place, 3)
    record_review(submission, by=experts[0], verdict="approve", scores=GOOD)
    assign_experts(submission, experts[1:], by=manager)
    assert set(panel(submission)) == set(experts)


def test_manager_returns_with_a_reason_only(place: Province) -> None:
    submission, _experts, manager = at_experts(place, 2)
    with pytest.raises(CommentRequired):
        send_back_from_panel(submission, by=manager, comment=" ")
    send_back_from_panel(submission, by=manager, comment="没有合适的专家")
    assert again(submission).state == State.DRAFT


def test_expert_of_the_last_round_is_not_asked_in_the_next_by_itself(place: Province) -> None:
    submission, experts, manager = at_experts(place, 2)
    send_back_from_panel(submission, by=manager, comment="先改")
    submission = submit(submission.work, by=submission.work.owner)
    decide_school(submission, by=factories.school_reviewer(place), verdict="approve")
    with pytest.raises(PermissionDenied):
        record_review(submission, by=experts[0], verdict="approve", scores=GOOD)


# --- going live and after -------------------------------------------------------------------------------------------


def test_next_version_is_reviewed_while_the_live_one_stays(place: Province) -> None:
    author = factories.teacher(place)
    first = factories.published(place, author)
    work, summary = first.work, fresh(first.work).summary
    change(work, author)
    second = factories.at_school_review(place, author, work)
    now = fresh(work)
    assert (now.live, now.locked, now.version, now.summary) == (True, True, 1, summary)
    assert again(first).state == State.PUBLISHED
    decide_school(second, by=factories.school_reviewer(place), verdict="approve")
    experts = [factories.expert(place), factories.expert(place)]
    assign_experts(second, experts, by=factories.person("review_manager", place.county))
    for expert in experts:
        record_review(second, by=expert, verdict="approve", scores=GOOD)
    now = fresh(work)
    assert (now.live, now.locked, now.version, now.summary) == (True, False, 2, summary + "又改。")
    assert again(first).state == State.SUPERSEDED
    assert again(second).state == State.PUBLISHED


def test_next_version_that_is_rejected_leaves_the_live_one(place: Province) -> None:
    author = factories.teacher(place)
    first = factories.published(place, author)
    change(first.work, author)
    second = factories.at_school_review(place, author, first.work)
    decide_school(second, by=factories.school_reviewer(place), verdict="reject", comment="不如第一版")
    assert again(first).state == State.PUBLISHED
    assert fresh(first.work).live
    assert fresh(first.work).version == 1


def test_shares_stand_for_the_next_version(place: Province) -> None:
    author = factories.teacher(place)
    share = factories.shared(place, author)
    change(share.work, author)
    second = factories.published(place, author, share.work)
    assert again(second).state == State.SHARED
    assert again(share.submission).state == State.SUPERSEDED


def test_retired_work_leaves_a_tombstone(place: Province) -> None:
    submission = factories.shared(place, openly=True).submission
    replacement = factories.shared(place, openly=True).work
    administrator = factories.person("administrator", place.school)
    with pytest.raises(ReasonRequired):
        retire(submission, by=administrator, reason=" ")
    retire(submission, by=administrator, reason="教材已换版", replacement=replacement)
    assert again(submission).state == State.RETIRED
    page = Client().get(submission.work.get_absolute_url())
    assert page.status_code == 410
    assert "教材已换版" in page.content.decode()
    assert replacement.title in page.content.decode()
    with pytest.raises(PermissionDenied):
        submit(submission.work, by=submission.work.owner)
    with pytest.raises(WrongState):
        retire(submission, by=administrator, reason="再下架")


def test_retired_work_is_replaced_only_by_what_one_may_see(place: Province) -> None:
    submission = factories.published(place)
    administrator = factories.person("administrator", place.school)
    hidden = factories.resource(place, factories.teacher(place))
    for wrong in (submission.work, hidden):
        with pytest.raises(PermissionDenied):
            retire(submission, by=administrator, reason="换", replacement=wrong)
    assert again(submission).state == State.PUBLISHED


def test_retire_waits_for_the_review_of_the_next_version(place: Province) -> None:
    author = factories.teacher(place)
    first = factories.published(place, author)
    change(first.work, author)
    second = factories.at_school_review(place, author, first.work)
    administrator = factories.person("administrator", place.school)
    with pytest.raises(AlreadySubmitted):
        retire(first, by=administrator, reason="过时")
    decide_school(second, by=factories.school_reviewer(place), verdict="request_changes", comment="补图")
    retire(first, by=administrator, reason="过时")
    assert again(second).state == State.WITHDRAWN  # returned, and nothing to come back to
    assert again(first).state == State.RETIRED


def test_history_names_the_version_that_was_meant(place: Province) -> None:
    author = factories.teacher(place)
    first = factories.published(place, author)
    change(first.work, author)
    factories.published(place, author, first.work)
    rows = Entry.objects.filter(subject_id=str(first.work.uuid)).order_by("id").values_list("verb", "version")
    published = [version for verb, version in rows if verb == "submission:publish"]
    submitted = [version for verb, version in rows if verb == "submission:submit"]
    superseded = [version for verb, version in rows if verb == "submission:supersede"]
    assert (published, submitted, superseded) == ([1, 2], [1, 2], [1])
