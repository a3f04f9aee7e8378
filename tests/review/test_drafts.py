"""A half-filled scoring form is kept for its expert alone, and goes when it is handed in or the round is over."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.review.test_pages import at
from workflows.review.actions.drafting import keep_draft
from workflows.review.actions.panel import assign_experts, record_review, send_back_from_panel
from workflows.review.models import Criterion, Review, ReviewDraft, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(place: Province) -> Submission:
    return factories.at_expert_review(place)


def experts_of(submission: Submission) -> list[Any]:
    return [each.expert for each in submission.current_round().assignments.order_by("id")]


def half(submission: Submission) -> dict[str, str]:
    first = Criterion.objects.filter(rubric=submission.rubric_id).first()
    assert first is not None
    return {f"score-points-{first.key}": "7", "score-comment": "例题选得好，练习还可以少一些。"}


def keep_by_itself(client: Client, submission: Submission) -> Any:
    return client.post(at("keep_draft", submission), half(submission), headers={"hx-request": "true"})


def test_draft_is_shown_on_return_to_its_expert_only(submission: Submission) -> None:
    expert, other = experts_of(submission)[:2]
    client = signed_in(expert)
    answer = keep_by_itself(client, submission)
    assert answer.status_code == 200
    assert "草稿存于" in answer.content.decode()
    page = client.get(at("desk", submission)).content.decode()
    assert "例题选得好，练习还可以少一些。" in page
    assert 'value="7"' in page
    for person in (other, submission.work.owner, factories.person("review_manager", submission.decider)):
        text = signed_in(person).get(at("desk", submission)).content.decode()
        assert "例题选得好" not in text
        assert "草稿存于" not in text
    assert Review.objects.count() == 1  # the school's


def test_draft_is_kept_by_its_button_and_replaced(submission: Submission) -> None:
    client = signed_in(experts_of(submission)[0])
    answer = client.post(at("keep_draft", submission), half(submission), follow=True)
    assert "草稿已保存，还没有提交。" in answer.content.decode()
    client.post(at("keep_draft", submission), {**half(submission), "score-comment": "改写了"})
    assert [draft.typed["comment"] for draft in ReviewDraft.objects.all()] == ["改写了"]


def test_draft_takes_anything_without_an_error(submission: Submission) -> None:
    client = signed_in(experts_of(submission)[0])
    bad = dict.fromkeys(half(submission), "很\x00多" * 9000) | {"score-verdict": "<script>", "strange": "1"}
    assert client.post(at("keep_draft", submission), bad).status_code == 302
    draft = ReviewDraft.objects.get()
    assert "strange" not in draft.typed
    assert all(len(text) <= 5000 and "\x00" not in text for text in draft.typed.values())
    page = client.get(at("desk", submission))
    assert page.status_code == 200
    assert "<script>" not in page.content.decode().split('id="decision"')[1].split("</aside>")[0]


def test_draft_goes_when_it_is_handed_in(submission: Submission) -> None:
    expert = experts_of(submission)[0]
    client = signed_in(expert)
    keep_by_itself(client, submission)
    scores = {c.key: c.max_points for c in Criterion.objects.filter(rubric=submission.rubric_id)}
    record_review(submission, by=expert, verdict="approve", scores=scores)
    assert not ReviewDraft.objects.exists()
    assert keep_by_itself(client, submission).status_code == 204  # one that was on its way
    assert not ReviewDraft.objects.exists()


def test_draft_goes_with_the_round_and_with_the_assignment(place: Province, submission: Submission) -> None:
    first, *rest = experts_of(submission)
    for expert in (first, *rest):
        keep_by_itself(signed_in(expert), submission)
    manager = factories.person("review_manager", submission.decider)
    assign_experts(submission, [*rest, factories.expert(place)], by=manager)
    assert not ReviewDraft.objects.filter(expert=first).exists()
    assert ReviewDraft.objects.count() == len(rest)
    send_back_from_panel(submission, by=manager, comment="请补充教学设计。")
    assert not ReviewDraft.objects.exists()


def test_draft_is_refused_to_everybody_else(place: Province, submission: Submission) -> None:
    for person in (submission.work.owner, factories.person("review_manager", submission.decider)):
        with pytest.raises(PermissionDenied):
            keep_draft(submission, {"comment": "x"}, by=person)
    stranger = factories.expert(place)
    assert signed_in(stranger).post(at("keep_draft", submission), half(submission)).status_code == 404
    assert not ReviewDraft.objects.exists()
