"""Nobody decides on what they did not read: a page of the round before counts for nothing."""

import pytest
from django.urls import reverse

from cms.library.actions.authoring import save_draft
from cms.people.tokens import issue_token
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.review.states import again
from workflows.review.actions.school import decide_school
from workflows.review.actions.submitting import submit
from workflows.review.enums import State
from workflows.review.errors import RoundMoved
from workflows.review.models import Review, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Province:
    return factories.province()


def second_round(place: Province) -> Submission:
    """Returned, changed and handed in again."""
    submission = factories.at_school_review(place)
    decide_school(submission, by=factories.school_reviewer(place), verdict="request_changes", comment="补图")
    work = submission.work.specific
    work.title = "改后的题目"
    save_draft(work, by=work.owner)
    return submit(work, by=work.owner)


def test_page_of_an_earlier_round_records_nothing(place: Province) -> None:
    submission = second_round(place)
    client = signed_in(factories.school_reviewer(place))
    address = reverse("review:decide", args=[submission.uuid])
    posted = {"school-verdict": "approve", "school-comment": ""}
    answer = client.post(address, {**posted, "round": "1"}, follow=True)
    page = answer.content.decode()
    assert "作者已经提交了新的一版（第 2 轮）" in page
    assert "改后的题目" in page
    assert '<input type="hidden" name="round" value="2">' in page
    assert again(submission).state == State.SCHOOL_REVIEW
    assert Review.objects.count() == 1
    client.post(address, {**posted, "round": "2"})
    assert again(submission).state == State.EXPERT_REVIEW


def test_decision_of_who_read_it_before_the_author_handed_it_in_again(place: Province) -> None:
    submission = factories.at_school_review(place)
    read = Submission.objects.get(pk=submission.pk)
    decide_school(submission, by=factories.school_reviewer(place), verdict="request_changes", comment="补图")
    work = submission.work.specific
    work.title = "改后的题目"
    save_draft(work, by=work.owner)
    submit(work, by=work.owner)
    with pytest.raises(RoundMoved):
        decide_school(read, by=factories.school_reviewer(place), verdict="approve")


def test_api_takes_the_round_that_was_read(place: Province) -> None:
    submission = second_round(place)
    token = issue_token(factories.school_reviewer(place), name="评审")[1]

    def decide(number: int) -> tuple[int, str]:
        answer = signed_in(factories.teacher(place)).post(
            f"/api/v1/submissions/{submission.uuid}/decide",
            {"verdict": "approve", "round": number},
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        return answer.status_code, answer.content.decode()

    code, said = decide(1)
    assert code == 409
    assert "round_moved" in said
    assert decide(2)[0] == 200


@pytest.mark.parametrize("said", ["", "x", "９", "99999999999999"])
def test_round_that_is_no_number_is_as_if_it_were_not_said(place: Province, said: str) -> None:
    submission = factories.at_school_review(place)
    client = signed_in(factories.school_reviewer(place))
    posted = {"school-verdict": "approve", "school-comment": "", "round": said}
    client.post(reverse("review:decide", args=[submission.uuid]), posted)
    assert again(submission).state == State.EXPERT_REVIEW
