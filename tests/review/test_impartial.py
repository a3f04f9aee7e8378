"""Who had a part in a work does not decide on it, and who writes it does not change meanwhile."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cms.library.actions.authoring import add_coauthor, remove_coauthor
from cms.library.errors import WorkLocked
from cms.notices.enums import Topic
from cms.notices.models import Notice
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.review.states import again, change
from workflows.experts.models import Expert
from workflows.review import rules
from workflows.review.actions.school import decide_school, end_trial
from workflows.review.actions.submitting import submit, withdraw
from workflows.review.choosing import choice
from workflows.review.models import Round, Submission
from workflows.review.queries import eligible_experts

pytestmark = pytest.mark.django_db


def test_who_writes_it_does_not_change_while_it_is_decided(place: Province) -> None:
    author, reviewer, other = factories.teacher(place), factories.school_reviewer(place), factories.teacher(place)
    work = factories.resource(place, author)
    add_coauthor(work, reviewer, by=author)
    submission = submit(work, by=reviewer)
    with pytest.raises(WorkLocked):
        remove_coauthor(work, reviewer, by=reviewer)
    with pytest.raises(WorkLocked):
        add_coauthor(work, other, by=author)
    page = signed_in(author).post(f"/admin/works/{work.pk}/coauthors/", {"username": other.username}, follow=True)
    assert "暂时不能增减合作者" in page.content.decode()
    assert list(work.coauthors.values_list("user", flat=True)) == [reviewer.pk]

    withdraw(submission, by=author)
    remove_coauthor(work, reviewer, by=reviewer)
    again_sent = submit(work, by=author)
    decide_school(again_sent, by=reviewer, verdict="approve")  # in this one he had no part


@pytest.mark.parametrize("part", ["submitted", "wrote"])
def test_who_had_a_part_and_stepped_out_decides_neither(place: Province, part: str) -> None:
    author, reviewer, expert = factories.teacher(place), factories.school_reviewer(place), factories.expert(place)
    work = factories.resource(place, author)
    for person in (reviewer, expert):
        add_coauthor(work, person, by=author)
        if part == "wrote":
            change(work, person)
    submission = submit(work, by=author if part == "wrote" else reviewer)
    decide_school(submission, by=factories.school_reviewer(place), verdict="request_changes", comment="补图")
    for person in (reviewer, expert):
        remove_coauthor(work, person, by=person)
    change(work, author)
    submission = submit(work, by=author)
    with pytest.raises(PermissionDenied):
        decide_school(submission, by=reviewer, verdict="approve")
    assert not Submission.objects.filter(rules.as_q(reviewer, "decide"), pk=submission.pk).exists()
    decide_school(submission, by=factories.school_reviewer(place), verdict="approve")
    may = set(eligible_experts(again(submission), again(submission).current_round()).values_list("user", flat=True))
    assert (expert.pk in may) is (part == "submitted")


def test_who_once_wrote_it_is_not_asked_to_decide(place: Province) -> None:
    author, reviewer, manager = (
        factories.teacher(place),
        factories.school_reviewer(place),
        factories.person("review_manager", place.county),
    )
    work = factories.resource(place, author)
    for person in (reviewer, manager):
        add_coauthor(work, person, by=author)
        change(work, person)
        remove_coauthor(work, person, by=person)
    other, other_manager = factories.school_reviewer(place), factories.person("review_manager", place.county)
    decide_school(submit(work, by=author), by=other, verdict="approve")
    asked = Notice.objects.filter(topic=Topic.TO_REVIEW)
    assert set(asked.values_list("recipient", flat=True)) == {other.pk, other_manager.pk}


def test_who_ended_the_trial_in_the_school_is_not_asked_as_an_expert() -> None:
    place = factories.province(trial_days=7)
    author, first, second = factories.teacher(place), *(factories.school_reviewer(place, place.county) for _ in "ab")
    for reviewer in (first, second):
        Expert.objects.create(user=reviewer, organisation=place.county)
    submission = submit(factories.micro_course(place, author), by=author)
    decide_school(submission, by=first, verdict="approve")
    Round.objects.update(trial_until=timezone.now())
    submission = end_trial(submission, by=second, passed=True)
    assert not eligible_experts(submission, submission.current_round()).exists()
    manager = factories.person("review_manager", place.county)
    avoided = choice(submission, submission.current_round(), manager).avoided
    assert [one.reason for one in avoided] == ["校级审核时处理过这件作品"] * 2
