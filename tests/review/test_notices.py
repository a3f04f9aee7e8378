"""Who is told when something moves, and who is reminded."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from cms.notices.actions import News, tell
from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.outbox import worker
from cms.outbox.models import Message
from cms.people.models import User
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.factories.chain import GOOD
from workflows.review import reminders
from workflows.review.actions.panel import assign_experts, record_review
from workflows.review.actions.publishing import retire
from workflows.review.actions.school import decide_school
from workflows.review.actions.submitting import submit, withdraw
from workflows.review.models import Assignment, Submission
from workflows.review.receivers import desk_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Province:
    return factories.province(trial_days=7)


def told(user: Any) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("id").values_list("text", flat=True))


def test_everybody_on_the_way_is_told_when_it_is_their_turn(place: Province) -> None:
    author = factories.teacher(place)
    reviewer, manager = factories.school_reviewer(place), factories.person("review_manager", place.county)
    elsewhere = factories.school_reviewer(place, place.other_school)
    experts = [factories.expert(place), factories.expert(place)]
    work = factories.resource(place, author)
    title = work.title

    submission = submit(work, by=author)
    assert told(reviewer) == [f"《{title}》等您校级审核。"]
    decide_school(submission, by=reviewer, verdict="approve")
    assert told(author) == [f"《{title}》通过校级审核，已送专家评审。"]
    assert told(manager) == [f"《{title}》等您指派评审专家。"]
    assign_experts(submission, experts, by=manager)
    assert [text.startswith(f"请您评审《{title}》") for text in told(experts[0])] == [True]
    for expert in experts:
        record_review(submission, by=expert, verdict="approve", scores=GOOD)
    assert told(author)[1:] == [f"《{title}》通过专家评审，已经发布。"]
    retire(submission, by=factories.person("administrator", place.school), reason="内容100%过时")
    assert told(author)[-1] == f"《{title}》已下架：内容100%过时"
    assert told(elsewhere) == []


def unread(user: Any) -> list[str]:
    return list(Notice.objects.filter(recipient=user, read_at=None).order_by("id").values_list("text", flat=True))


def test_what_was_asked_is_settled_when_somebody_has_done_it(place: Province) -> None:
    author, own = factories.teacher(place), factories.person("publisher", place.county)
    reviewers = [factories.school_reviewer(place), factories.school_reviewer(place)]
    managers = [factories.person("review_manager", place.county) for _ in range(2)]
    experts = [factories.expert(place) for _ in range(3)]
    work = factories.resource(place, author)
    submission = submit(work, by=author)
    tell([News(reviewers, Topic.TO_REVIEW, "另一件", "/review/another/", "another")])
    tell([News([own], Topic.MY_WORK, "别的事", desk_of(submission), "own")])
    decide_school(submission, by=reviewers[0], verdict="approve")
    assert [unread(each) for each in reviewers] == [["另一件"], ["另一件"]]
    assert [len(unread(each)) for each in managers] == [1, 1]
    assign_experts(submission, experts[:2], by=managers[0])
    assert [unread(each) for each in managers] == [[], []]
    assign_experts(submission, experts[1:], by=managers[1])
    assert [len(unread(each)) for each in experts] == [0, 1, 1]
    record_review(submission, by=experts[1], verdict="approve", scores=GOOD)
    assert [len(unread(each)) for each in experts] == [0, 0, 1]
    record_review(submission, by=experts[2], verdict="approve", scores=GOOD)
    assert [len(unread(each)) for each in experts] == [0, 0, 0]
    assert unread(author) == told(author)
    assert unread(own) == ["别的事"]


def test_a_title_with_book_marks_is_told_with_single_ones(place: Province) -> None:
    reviewer = factories.school_reviewer(place)
    author = factories.teacher(place)
    submit(factories.resource(place, author, title="《水浒传》导读"), by=author)
    assert told(reviewer) == ["《〈水浒传〉导读》等您校级审核。"]


def test_author_is_told_why_it_came_back_and_not_of_own_deeds(place: Province) -> None:
    author, other = factories.teacher(place), factories.teacher(place)
    work = factories.resource(place, author)
    work.coauthors.create(user=other)
    submission = submit(work, by=author)
    assert told(author) == []
    assert told(other) == [f"《{work.title}》已由合作者提交校级审核。"]
    decide_school(submission, by=factories.school_reviewer(place), verdict="request_changes", comment="请补充学习单")
    assert told(author) == [f"《{work.title}》退回修改：请补充学习单"]
    withdraw(submission, by=author)
    assert len(told(author)) == 1


def test_a_percent_sign_stands_anywhere_in_a_comment_or_a_title(place: Province) -> None:
    author = factories.teacher(place)
    submission = submit(factories.resource(place, author, title="100%合格的课"), by=author)
    said = "好" * 99 + "%的学生能答对"
    decide_school(submission, by=factories.school_reviewer(place), verdict="request_changes", comment=said)
    assert told(author) == [f"《100%合格的课》退回修改：{said[:100]}"]


def test_reviewer_is_not_asked_to_judge_own_work(place: Province) -> None:
    author = factories.school_reviewer(place)
    submit(factories.resource(place, author), by=author)
    assert told(author) == []


def test_work_of_the_only_reviewer_is_told_to_who_may_review_it_and_else_to_who_can_name_somebody(
    place: Province,
) -> None:
    author, head = factories.school_reviewer(place), factories.person("administrator", place.school)
    first = submit(factories.resource(place, author, title="100%有趣的一课"), by=author)
    wanted = "《100%有趣的一课》没有人处理：除了参与写它的人，没有校级审核员，请指定一位。"
    assert told(head) == [wanted]
    assert signed_in(head).get(desk_of(first)).status_code == 200
    above = factories.person("school_reviewer", place.county)
    second = submit(factories.resource(place, author, title="第二课"), by=author)
    assert (told(above), told(head)) == (["《第二课》等您校级审核。"], [wanted])
    assert decide_school(second, by=above, verdict="approve").state != "school_review"
    later(4.1)
    assert told(above)[1].startswith("《100%有趣的一课》等您校级审核，")


def later(days: float) -> None:
    """The clock goes on by so many days for everything that is waiting."""
    back = dt.timedelta(days=days)
    for submission in Submission.objects.exclude(due_at=None):
        Submission.objects.filter(pk=submission.pk).update(due_at=submission.due_at - back)
    for assignment in Assignment.objects.all():
        Assignment.objects.filter(pk=assignment.pk).update(due_at=assignment.due_at - back)
    for message in Message.objects.filter(done_at=None):
        Message.objects.filter(pk=message.pk).update(due_at=message.due_at - back)
    worker.drain()


def test_reminders_come_a_day_before_and_when_late_until_it_moves(place: Province) -> None:
    reviewer = factories.school_reviewer(place)
    submission = factories.at_school_review(place)
    worker.drain()
    first = told(reviewer)
    later(3.5)
    assert told(reviewer) == first
    later(0.6)
    assert told(reviewer)[1].endswith("到期。")
    later(1)
    assert told(reviewer)[2].endswith("已到期。")
    later(3.1)
    assert told(reviewer)[3].endswith("已逾期 3 天。")
    assert len(told(reviewer)) == 4
    decide_school(submission, by=reviewer, verdict="request_changes", comment="补图")
    later(10)
    assert len(told(reviewer)) == 4
    assert not Message.objects.filter(topic=reminders.TOPIC, done_at=None).exists()
    assert not Message.objects.exclude(failed_at=None).exists()


def test_reminders_reach_experts_who_have_not_answered(place: Province) -> None:
    submission = factories.at_expert_review(place)
    done, left = [a.expert for a in submission.current_round().assignments.order_by("id")]
    record_review(submission, by=done, verdict="approve", scores=GOOD)
    later(9.5)
    assert len(told(done)) == 1
    assert len(told(left)) == 2
    later(1)
    assert "已到期" in told(left)[2]


def test_reminder_of_a_trial_asks_for_a_decision(place: Province) -> None:
    author, reviewer = factories.teacher(place), factories.school_reviewer(place)
    submission = factories.at_school_review(place, author, factories.micro_course(place, author))
    decide_school(submission, by=reviewer, verdict="approve")
    later(7.1)
    assert any("请决定是否送专家评审" in text for text in told(reviewer))


def test_reminder_twice_tells_once(place: Province) -> None:
    reviewer = factories.school_reviewer(place)
    submission = factories.at_school_review(place)
    later(4.5)
    Message.objects.filter(topic=reminders.TOPIC).update(done_at=None, due_at=timezone.now())
    worker.drain()
    assert len(told(reviewer)) == 2
    assert User.objects.filter(notices__key__startswith=f"remind:submission:{submission.pk}").distinct().count() == 1
