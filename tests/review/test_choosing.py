"""A manager finds experts by name, organisation or subject; who may not judge is named with the reason."""

from typing import Any

import pytest

from cms.people.models import Membership
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.review.test_pages import at
from workflows.review.actions.school import decide_school
from workflows.review.models import Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(place: Province) -> Submission:
    submission = factories.at_school_review(place)
    decide_school(submission, by=factories.school_reviewer(place), verdict="approve")
    return submission


def named(place: Province, name: str, where: Any = None) -> Any:
    expert = factories.expert(place)
    expert.name = name
    expert.save()
    if where is not None:
        Membership.objects.create(user=expert, organisation=where, role="teacher")
    return expert


def look(place: Province, submission: Submission, find: str, *, alone: bool = True, chosen: Any = ()) -> str:
    client = signed_in(factories.person("review_manager", submission.decider))
    headers = {"hx-request": "true"} if alone else {}
    sent = {"look": "1", "find": find, "experts": [person.pk for person in chosen]}
    answer = client.post(at("assign", submission), sent, headers=headers)
    assert answer.status_code == 200
    assert submission.current_round().assignments.count() == 0
    return str(answer.content.decode())


def test_experts_are_found_by_name_organisation_and_subject(place: Province, submission: Submission) -> None:
    named(place, "孟令仪", place.other_school)
    named(place, "冯知远")
    for find in ("孟令仪", "令仪", place.other_school.name, f"孟 {place.other_school.name}"):
        text = look(place, submission, find)
        assert "孟令仪" in text, find
        assert "冯知远" not in text, find
    assert "没有找到“谁也不是”" in look(place, submission, "谁也不是")
    assert "<html" not in look(place, submission, "孟")


def test_experts_who_are_ticked_stay_ticked_without_script(place: Province, submission: Submission) -> None:
    ticked, found = named(place, "孟令仪"), named(place, "冯知远")
    text = look(place, submission, "冯", alone=False, chosen=[ticked])
    assert "<html" in text
    assert f'value="{ticked.pk}" id="expert-{ticked.pk}" checked' in text
    assert f'value="{found.pk}" id="expert-{found.pk}">' in text
    assert 'value="冯"' in text


def test_conflicts_are_named_with_their_reason(place: Province, submission: Submission) -> None:
    colleague = named(place, "同校的", place.school)
    writer = named(place, "合写的")
    submission.work.coauthors.create(user=writer)
    text = look(place, submission, "")
    assert "因回避不能请的 2 位" in text
    assert "和作者同校" in text
    assert "是合作者" in text
    for person in (colleague, writer):
        assert f'id="expert-{person.pk}"' not in text


def test_looking_is_for_the_manager_and_takes_nonsense(place: Province, submission: Submission) -> None:
    author = signed_in(submission.work.owner)
    assert author.post(at("assign", submission), {"look": "1", "find": "孟"}).status_code == 404
    for find in ("\x00", "'; drop table", "很" * 5000, "<script>alert(1)</script>"):
        assert "<script>alert" not in look(place, submission, find)
    client = signed_in(factories.person("review_manager", submission.decider))
    sent = {"look": "1", "experts": ["x", "-1", "9" * 40, "²"]}
    assert client.post(at("assign", submission), sent).status_code == 200


def test_chooser_asks_the_same_for_one_expert_and_five(
    place: Province, submission: Submission, django_assert_max_num_queries: Any
) -> None:
    named(place, "孟令仪", place.other_school)
    named(place, "同校的", place.school)
    client = signed_in(factories.person("review_manager", submission.decider))
    sent, headers = {"look": "1", "find": ""}, {"hx-request": "true"}
    client.post(at("assign", submission), sent, headers=headers)
    with django_assert_max_num_queries(25) as one:
        client.post(at("assign", submission), sent, headers=headers)
    for number in range(4):
        named(place, f"专家{number}", place.other_school if number % 2 else place.school)
    with django_assert_max_num_queries(25) as five:
        client.post(at("assign", submission), sent, headers=headers)
    assert len(five) == len(one)
