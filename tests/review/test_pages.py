"""The room's pages for those who decide: worklist, desk, trials."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.people.models import Membership, User
from cms.spaces.actions import ensure_personal_space
from cms.spaces.models import Space
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.factories.chain import GOOD
from tests.review.states import again
from workflows.experts.actions import add_expert
from workflows.review.actions.panel import assign_experts, record_review
from workflows.review.actions.school import decide_school, end_trial
from workflows.review.actions.submitting import withdraw
from workflows.review.enums import State
from workflows.review.errors import NotEligible
from workflows.review.history import lines_for
from workflows.review.models import Assignment, Policy, Review, Submission, TrialNote
from workflows.review.views.desk import what_is_done
from workflows.sharing.actions import adopt, end_adoption

pytestmark = pytest.mark.django_db

MOST_QUERIES = 10


@pytest.fixture
def place() -> Province:
    return factories.province(trial_days=7)


def at(name: str, submission: Submission) -> str:
    return reverse(f"review:{name}", args=[submission.uuid])


# --- worklist -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_worklist_of_school_reviewer_costs_the_same_for_any_number_of_rows(
    place: Province, rows: int, django_assert_max_num_queries: Any
) -> None:
    reviewer = factories.school_reviewer(place)
    for _ in range(rows):
        factories.at_school_review(place)
    client = signed_in(reviewer)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get("/review/")
    assert page.status_code == 200
    assert page.content.decode().count('<article class="card') == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_worklist_of_expert_costs_the_same_for_any_number_of_rows(
    place: Province, rows: int, django_assert_max_num_queries: Any
) -> None:
    asked = factories.expert(place)
    manager = factories.person("review_manager", place.county)
    for _ in range(rows):
        submission = factories.at_school_review(place)
        decide_school(submission, by=factories.school_reviewer(place), verdict="approve")
        assign_experts(submission, [asked, factories.expert(place)], by=manager)
    client = signed_in(asked)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get("/review/")
    assert page.content.decode().count('<article class="card') == rows


def test_worklist_shows_exactly_what_waits(place: Province) -> None:
    waiting = factories.at_school_review(place)
    factories.at_expert_review(place)
    elsewhere = factories.teacher(place, place.other_school)
    factories.at_school_review(place, elsewhere)
    page = signed_in(factories.school_reviewer(place)).get("/review/").content.decode()
    assert page.count('<article class="card') == 1
    assert at("desk", waiting) in page


def test_worklist_shows_the_manager_only_panels_that_are_too_small(place: Province) -> None:
    manager = factories.person("review_manager", place.county)
    waiting = factories.at_school_review(place)
    decide_school(waiting, by=factories.school_reviewer(place), verdict="approve")
    factories.at_expert_review(place)
    page = signed_in(manager).get("/review/").content.decode()
    assert page.count('<article class="card') == 1
    assert at("desk", waiting) in page


def test_worklist_filters_by_deed_and_kind(place: Province) -> None:
    author = factories.teacher(place)
    course = factories.at_school_review(place, author, factories.micro_course(place, author))
    plain = factories.at_school_review(place)
    client = signed_in(factories.school_reviewer(place))
    page = client.get("/review/?kind=micro_course&deed=decide").content.decode()
    assert at("desk", course) in page
    assert at("desk", plain) not in page
    empty = client.get("/review/?deed=review").content.decode()
    assert "这里没有等您处理的作品" in empty
    assert client.get("/review/?deed=nonsense&kind=x&page=999999").status_code == 200


def test_worklist_of_somebody_without_tasks_says_what_to_do(place: Province) -> None:
    page = signed_in(factories.teacher(place)).get("/review/").content.decode()
    assert "这里列出等您评审的作品" in page
    assert "/review/mine/" in page


def test_visitor_is_asked_to_sign_in() -> None:
    assert Client().get("/review/")["Location"].startswith("/accounts/login/")


# --- desk -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["resource", "micro_course", "case_study", "research_outcome"])
def test_desk_shows_the_sealed_work_of_every_kind(place: Province, kind: str) -> None:
    author = factories.teacher(place)
    work = getattr(factories, kind)(place, author)
    submission = factories.at_school_review(place, author, work)
    page = signed_in(factories.school_reviewer(place)).get(at("desk", submission))
    assert page.status_code == 200
    text = page.content.decode()
    assert work.title in text
    assert "提交审核决定" in text
    assert "这是第一次送审" in text


def test_desk_is_not_found_by_a_stranger(place: Province) -> None:
    submission = factories.at_school_review(place)
    for stranger in (
        factories.teacher(place),
        factories.school_reviewer(place, place.other_school),
        factories.expert(place),
        factories.person("review_manager", place.county),
    ):
        client = signed_in(stranger)
        assert client.get(at("desk", submission)).status_code == 404
        for name in ("decide", "end_trial", "score", "assign", "send_back", "take_back"):
            assert client.post(at(name, submission)).status_code == 404
    assert again(submission).state == State.SCHOOL_REVIEW


def test_school_reviewer_passes_from_the_desk(place: Province) -> None:
    submission = factories.at_school_review(place)
    client = signed_in(factories.school_reviewer(place))
    answer = client.post(at("decide", submission), {"school-verdict": "approve", "school-comment": ""}, follow=True)
    assert "已送专家评审" in answer.content.decode()
    assert again(submission).state == State.EXPERT_REVIEW


def test_school_reviewer_must_say_why_and_keeps_what_was_typed(place: Province) -> None:
    submission = factories.at_school_review(place)
    client = signed_in(factories.school_reviewer(place))
    answer = client.post(at("decide", submission), {"school-verdict": "reject", "school-comment": "  "})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "请写明意见，作者才知道怎样修改。" in text
    assert re.search(r'value="reject"[^>]*checked', text)
    assert again(submission).state == State.SCHOOL_REVIEW


def test_decision_posted_twice_is_told_kindly_and_counts_once(place: Province) -> None:
    submission = factories.at_school_review(place)
    client = signed_in(factories.school_reviewer(place))
    posted = {"school-verdict": "approve", "school-comment": "很好"}
    client.post(at("decide", submission), posted)
    answer = client.post(at("decide", submission), posted, follow=True)
    assert answer.status_code == 200
    assert "已经生效，没有重复记录" in answer.content.decode()
    assert Review.objects.count() == 1


def test_another_decision_after_the_first_is_told_not_to_count(place: Province) -> None:
    submission = factories.at_school_review(place)
    client = signed_in(factories.school_reviewer(place))
    client.post(at("decide", submission), {"school-verdict": "approve", "school-comment": "很好"})
    posted = {"school-verdict": "request_changes", "school-comment": "补图"}
    answer = client.post(at("decide", submission), posted, follow=True)
    assert "您已经作出结论：通过。这一次的没有记录。" in answer.content.decode()
    assert Review.objects.count() == 1


def test_decision_after_a_colleague_is_told_so(place: Province) -> None:
    submission = factories.at_school_review(place)
    decide_school(submission, by=factories.school_reviewer(place), verdict="request_changes", comment="补图")
    client = signed_in(factories.school_reviewer(place))
    answer = client.post(at("decide", submission), {"school-verdict": "approve"}, follow=True)
    assert "可能刚有人处理过" in answer.content.decode()
    assert again(submission).state == State.DRAFT


def scores(submission: Submission, science: Any = 36, design: Any = 52, **more: str) -> dict[str, Any]:
    return {
        "score-points-science": science,
        "score-points-design": design,
        "score-verdict": "approve",
        "score-comment": "",
        **more,
    }


def test_expert_scores_from_the_desk(place: Province) -> None:
    submission = factories.at_expert_review(place)
    asked = submission.current_round().assignments.first().expert  # type: ignore[union-attr]
    client = signed_in(asked)
    text = client.get(at("desk", submission)).content.decode()
    assert "科学性（满分 40）" in text
    answer = client.post(at("score", submission), scores(submission), follow=True)
    assert "评审意见已提交" in answer.content.decode()
    twice = client.post(at("score", submission), scores(submission), follow=True)
    assert "没有重复记录" in twice.content.decode()
    assert Review.objects.filter(stage="expert").count() == 1
    assert "88.00" in client.get(at("desk", submission)).content.decode()


@pytest.mark.parametrize("science", [41, -1, "", "很多", "3.5", "9" * 40])
def test_expert_keeps_what_was_typed_when_points_are_out_of_range(place: Province, science: Any) -> None:
    submission = factories.at_expert_review(place)
    asked = submission.current_round().assignments.first().expert  # type: ignore[union-attr]
    posted = scores(submission, science=science, **{"score-comment": "例题很贴近生活。"})
    answer = signed_in(asked).post(at("score", submission), posted)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "“科学性”请填 0 到 40 之间的整数。" in text
    assert "例题很贴近生活。" in text
    assert 'value="52"' in text
    assert not Review.objects.filter(stage="expert").exists()


def test_manager_assigns_experts_from_the_desk(place: Province) -> None:
    submission = factories.at_school_review(place)
    decide_school(submission, by=factories.school_reviewer(place), verdict="approve")
    first, second = factories.expert(place), factories.expert(place)
    client = signed_in(factories.person("review_manager", place.county))
    text = client.get(at("desk", submission)).content.decode()
    assert first.name in text
    assert "至少 2 位评完" in text
    few = client.post(at("assign", submission), {"experts": [first.pk]})
    assert few.status_code == 422
    assert "至少要有 2 位专家评审" in few.content.decode()
    stranger = factories.expert(place, place.other_county)
    assert client.post(at("assign", submission), {"experts": [first.pk, stranger.pk, "x"]}).status_code == 422
    answer = client.post(at("assign", submission), {"experts": [first.pk, second.pk]}, follow=True)
    assert "已为" in answer.content.decode()
    assert submission.current_round().assignments.count() == 2


def test_manager_on_the_panel_changes_it_and_reads_the_others_after_judging(place: Province) -> None:
    """Another manager had asked this one, who is in the pool, too."""
    submission = again(factories.at_school_review(place))
    decide_school(submission, by=factories.school_reviewer(place), verdict="approve")
    manager, first, second = (factories.expert(place) for _ in range(3))
    Membership.objects.create(user=manager, organisation=place.county, role="review_manager")
    with pytest.raises(NotEligible):
        assign_experts(submission, [manager, first], by=manager)
    assign_experts(submission, [manager, first], by=factories.person("review_manager", place.county))
    assign_experts(submission, [manager, first, second], by=manager)
    record_review(submission, by=first, verdict="approve", comment="层次清楚", scores=GOOD)
    client, desk = signed_in(manager), at("desk", submission)
    history = reverse("review:history", args=[submission.work.uuid])
    assert "层次清楚" not in client.get(desk).content.decode()
    assert "得分 88" not in client.get(history).content.decode()
    other = signed_in(factories.person("review_manager", place.county))
    assert "层次清楚" in other.get(desk).content.decode()
    assert "得分 88" in other.get(history).content.decode()
    Submission.objects.filter(pk=submission.pk).update(policy=_of_three(submission.policy))
    record_review(submission, by=manager, verdict="approve", scores=GOOD)
    assert again(submission).state == State.EXPERT_REVIEW
    assert "层次清楚" in client.get(desk).content.decode()
    assert "得分 88" in client.get(history).content.decode()


def _of_three(policy: Policy) -> Policy:
    """The same, but three opinions decide."""
    return Policy.objects.create(kind=policy.kind, version=9, experts=3, quorum=3, tier=policy.tier)


def test_manager_returns_from_the_panel(place: Province) -> None:
    submission = factories.at_expert_review(place)
    client = signed_in(factories.person("review_manager", place.county))
    assert client.post(at("send_back", submission), {"return-comment": ""}).status_code == 422
    client.post(at("send_back", submission), {"return-comment": "请先补充教学设计。"})
    assert again(submission).state == State.DRAFT
    author = signed_in(submission.work.owner).get(at("desk", submission)).content.decode()
    assert "请先补充教学设计。" in author


def test_author_withdraws_from_the_desk_and_twice_is_kind(place: Province) -> None:
    submission = factories.at_expert_review(place)
    client = signed_in(submission.work.owner)
    assert "撤回送审" in client.get(at("desk", submission)).content.decode()
    client.post(at("take_back", submission), {"withdraw-comment": "换一个例题"})
    assert again(submission).state == State.WITHDRAWN
    answer = client.post(at("take_back", submission), {"withdraw-comment": ""}, follow=True)
    assert "没有重复记录" in answer.content.decode()


def test_deed_is_told_calmly_when_the_author_took_it_back_in_that_moment(place: Province) -> None:
    submission = factories.at_school_review(place)
    moved = withdraw(submission, by=submission.work.owner)
    assert what_is_done("review", moved) == f"《{submission.work.title}》的这一步已经完成。"


def test_desk_shows_what_changed_since_the_last_round(place: Province) -> None:
    author = factories.teacher(place)
    submission = factories.at_school_review(place, author)
    decide_school(submission, by=factories.school_reviewer(place), verdict="request_changes", comment="摘要写清楚年级")
    work = submission.work.specific.get_latest_revision_as_object()
    work.summary += "建议用时四十分钟。"
    from cms.library.actions.authoring import save_draft
    from workflows.review.actions.submitting import submit

    save_draft(work, by=author)
    submit(work, by=author)
    text = signed_in(factories.school_reviewer(place)).get(at("desk", submission)).content.decode()
    assert "<ins>建议用时四十分钟。</ins>" in text
    assert "摘要写清楚年级" in text
    assert "第 2 轮" in text


def test_author_does_not_learn_who_the_experts_are(place: Province) -> None:
    submission = factories.at_expert_review(place)
    names = []
    for assignment in submission.current_round().assignments.all():
        names.append(assignment.expert.name)
        record_review(
            submission,
            by=assignment.expert,
            verdict="request_changes",
            comment="请补充学习单。",
            scores=factories.chain.GOOD,
        )
    client = signed_in(submission.work.owner)
    for url in (at("desk", submission), reverse("review:history", args=[submission.work.uuid])):
        text = client.get(url).content.decode()
        assert "专家一" in text
        assert not any(name in text for name in names)
    manager = signed_in(factories.person("review_manager", place.county))
    # the round is over, so the manager reads it in the list of rounds
    administrator = signed_in(factories.person("administrator", place.county))
    text = administrator.get(reverse("review:history", args=[submission.work.uuid])).content.decode()
    assert all(name in text for name in names)
    assert manager.get(at("desk", submission)).status_code == 404  # back with the author: not the manager's any more


# --- trials ---------------------------------------------------------------------------------------------------------


def on_trial(place: Province) -> Submission:
    author = factories.teacher(place)
    submission = factories.at_school_review(place, author, factories.micro_course(place, author))
    return decide_school(submission, by=factories.school_reviewer(place), verdict="approve")


def test_trial_is_open_to_members_of_the_school_only(place: Province) -> None:
    submission = on_trial(place)
    pupil = signed_in(factories.pupil(place))
    assert at("trial", submission) in pupil.get("/trials/").content.decode()
    page = pupil.get(at("trial", submission)).content.decode()
    assert "正在试用的版本" in page
    video = submission.current_round().seal.revision.as_object().lessons.first().video
    opened = pupil.get(f"/files/{video.uuid}/")
    assert b"".join(opened).startswith(b"%PDF")
    stranger = signed_in(factories.teacher(place, place.other_school))
    assert at("trial", submission) not in stranger.get("/trials/").content.decode()
    assert stranger.get(at("trial", submission)).status_code == 404
    assert stranger.get(f"/files/{video.uuid}/").status_code == 404


def test_trial_feedback_is_kept_once_and_reaches_the_desk(place: Province) -> None:
    submission = on_trial(place)
    pupil = signed_in(factories.pupil(place))
    assert pupil.post(at("trial", submission), {"rating": "9"}).status_code == 422
    pupil.post(at("trial", submission), {"rating": "3", "comment": "声音小"})
    pupil.post(at("trial", submission), {"rating": "4", "comment": "第二课的声音小"})
    note = TrialNote.objects.get()
    assert (note.rating, note.comment) == (4, "第二课的声音小")
    desk = signed_in(factories.school_reviewer(place)).get(at("desk", submission)).content.decode()
    assert "第二课的声音小" in desk
    assert "退回作者修改" in desk
    assert "试用结束，送专家评审" not in desk


def test_pupils_and_parents_are_named_to_their_own_school_alone(place: Province) -> None:
    submission = on_trial(place)
    pupil, colleague = factories.pupil(place), factories.teacher(place)
    for user, comment in ((pupil, "声音小"), (factories.parent(place, pupil), "孩子爱看"), (colleague, "好用")):
        User.objects.filter(pk=user.pk).update(name=f"真名{user.pk}")
        signed_in(user).post(at("trial", submission), {"rating": "4", "comment": comment})
    reviewer = factories.school_reviewer(place)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        end_trial(submission, by=reviewer, passed=True)
        for reader, knows in ((reviewer, True), (factories.person("review_manager", place.county), False)):
            desk = signed_in(reader).get(at("desk", submission)).content.decode()
            lines = [line.who for line in lines_for(submission.work, reader)]
            assert f"真名{colleague.pk}" in desk
            assert f"真名{colleague.pk}" in lines
            assert (f"真名{pupil.pk}" in desk, "一位学生" in desk, "一位家长" in desk) == (knows, not knows, not knows)
            assert (f"真名{pupil.pk}" in lines, "一位学生" in lines, "一位家长" in lines) == (
                knows,
                not knows,
                not knows,
            )


def test_what_a_pupil_adopted_before_is_told_without_the_name(place: Province) -> None:
    share = factories.shared(place, openly=True)
    pupil, reader = factories.pupil(place), factories.person("review_manager", place.county)
    User.objects.filter(pk=pupil.pk).update(name="沈嘉禾")
    space = ensure_personal_space(User.objects.get(pk=pupil.pk))
    Space.objects.filter(pk=space.pk).update(is_private=False)
    adoption = adopt(share.work, space, by=pupil)
    Space.objects.filter(pk=space.pk).update(is_private=True)
    end_adoption(adoption, by=pupil)
    told = [(line.who, line.text) for line in lines_for(share.work, reader)]
    assert ("一位学生", "选用到个人空间") in told
    assert "沈嘉禾" not in str(told)
    assert "停用" not in str(told)


def test_trial_feedback_of_the_author_is_refused(place: Province) -> None:
    submission = on_trial(place)
    client = signed_in(submission.work.owner)
    assert "这是您自己的作品" in client.get(at("trial", submission)).content.decode()
    answer = client.post(at("trial", submission), {"rating": "5"}, follow=True)
    assert "自己的作品不用反馈" in answer.content.decode()
    assert not TrialNote.objects.exists()


def test_trial_that_is_over_says_so(place: Province) -> None:
    submission = on_trial(place)
    decide = signed_in(factories.school_reviewer(place))
    decide.post(at("end_trial", submission), {"trial-verdict": "approve"})
    assert again(submission).state == State.TRIAL  # there are days to go
    decide.post(at("end_trial", submission), {"trial-verdict": "request_changes", "trial-comment": "先改声音"})
    assert again(submission).state == State.DRAFT
    answer = signed_in(factories.pupil(place)).post(at("trial", submission), {"rating": "4"}, follow=True)
    assert "试用已经结束" in answer.content.decode()


def test_who_was_asked_has_a_desk_without_the_role(place: Province) -> None:
    """Anybody who works here may be in a pool."""
    colleague = factories.teacher(place, place.other_school)
    office = factories.person("review_manager", place.county)
    idle = signed_in(colleague)
    assert "等我处理" not in idle.get("/").content.decode()
    add_expert(colleague, organisation=place.county, by=office)
    submission = factories.at_expert_review(place)
    panel = [assignment.expert for assignment in Assignment.objects.all()]
    assign_experts(submission, [colleague, *panel], by=office)
    title = submission.work.title
    assert title in idle.get("/").content.decode()
    assert title in idle.get("/review/").content.decode()
    assert reverse("review:worklist") in idle.get("/admin/").content.decode()
