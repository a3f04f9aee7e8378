"""What an author does and reads over HTTP: own works, submitting, withdrawing, the history of a work."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.review.states import again
from workflows.review.enums import State
from workflows.review.models import Submission

pytestmark = pytest.mark.django_db

MOST_QUERIES = 10


@pytest.mark.parametrize("rows", [1, 3])
def test_mine_costs_the_same_for_any_number_of_rows(
    place: Province, rows: int, django_assert_max_num_queries: Any
) -> None:
    author = factories.teacher(place)
    for _ in range(rows):
        factories.at_school_review(place, author)
    client = signed_in(author)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get("/review/mine/").content.decode()
    assert page.count('<article class="card') == rows
    assert "校级审核" in page


def test_submit_over_http_and_twice(place: Province) -> None:
    author = factories.teacher(place)
    work = factories.resource(place, author)
    client = signed_in(author)
    url = reverse("review:submit", args=[work.uuid])
    assert client.get(url).status_code == 405
    assert "已提交校级审核" in client.post(url, follow=True).content.decode()
    assert "没有重复记录" in client.post(url, follow=True).content.decode()
    assert Submission.objects.filter(work=work.pk).count() == 1


def test_submit_of_an_incomplete_draft_lists_what_is_missing_with_links(place: Province) -> None:
    author = factories.teacher(place)
    work = factories.resource(place, author, summary="短", authorship_stated=False)
    answer = signed_in(author).post(reverse("review:submit", args=[work.uuid]))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "#id_summary" in text
    assert "#id_authorship_stated" in text
    assert "请勾选原创性声明。" in text
    assert not Submission.objects.exists()


def test_submit_of_another_teachers_work_is_not_found(place: Province) -> None:
    work = factories.resource(place, factories.teacher(place))
    for other in (
        factories.teacher(place),
        factories.school_reviewer(place),
        factories.person("administrator", place.school),
    ):
        assert signed_in(other).post(reverse("review:submit", args=[work.uuid])).status_code == 404
    assert not Submission.objects.exists()


def test_withdraw_from_the_workbench(place: Province) -> None:
    submission = factories.at_school_review(place)
    client = signed_in(submission.work.owner)
    url = reverse("review:withdraw", args=[submission.work.uuid])
    assert client.post(url).status_code == 302
    assert again(submission).state == State.WITHDRAWN
    assert client.post(url).status_code == 302


def test_history_says_every_step_in_plain_words(place: Province) -> None:
    share = factories.shared(place, openly=True)
    url = reverse("review:history", args=[share.work.uuid])
    text = signed_in(share.work.owner).get(url).content.decode()
    for words in (
        "提交校级审核",
        "校级审核通过，送专家评审",
        "指派了 2 位专家",
        "专家评审通过，第 1 版发布",
        "共享到西湖区",
    ):
        assert words in text
    anybody = Client().get(url).content.decode()
    assert "专家评审通过，第 1 版发布" in anybody
    assert "指派了" not in anybody
    assert share.shared_by.name not in anybody
    draft = factories.resource(place, factories.teacher(place))
    assert Client().get(reverse("review:history", args=[draft.uuid])).status_code == 404
