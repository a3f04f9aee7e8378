"""Two people at once. On SQLite in a file, on PostgreSQL when the suite runs there."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from cms.library.actions.authoring import delete_draft
from cms.library.models import Seal, Work
from cms.spaces.models import Delivery
from cms.taxonomy.models import KnowledgePoint
from search.push.settling import finish_recommendation
from tests import factories
from tests.browsing import signed_in
from tests.factories.chain import GOOD
from tests.review.states import change
from workflows.points.actions import add_tariff
from workflows.points.models import Tariff
from workflows.review.actions.panel import assign_experts, record_review
from workflows.review.actions.publishing import retire
from workflows.review.actions.ruling import add_version
from workflows.review.actions.school import decide_school
from workflows.review.actions.submitting import submit, withdraw
from workflows.review.enums import State
from workflows.review.errors import AlreadySubmitted, ReviewError, WrongState
from workflows.review.models import Policy, Review, Submission
from workflows.sharing.actions import recommend, withdraw_recommendation
from workflows.sharing.errors import AlreadyRecommended
from workflows.sharing.models import Recommendation

pytestmark = [pytest.mark.usefixtures("parallel_db"), pytest.mark.slow]


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed returned or raised, all of them begun in the same moment on connections of their own."""
    gate = threading.Barrier(len(deeds))
    found: list[Any] = [None] * len(deeds)

    def run(number: int, deed: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            found[number] = deed()
        except Exception as error:  # the outcome is what the test looks at
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def failures(found: list[Any]) -> list[type[BaseException]]:
    return [type(one) for one in found if isinstance(one, BaseException)]


def test_two_reviewers_decide_at_once_and_one_is_told() -> None:
    place = factories.province()
    submission = factories.at_school_review(place)
    first, second = factories.school_reviewer(place), factories.school_reviewer(place)
    found = at_once(
        lambda: decide_school(submission, by=first, verdict="approve"),
        lambda: decide_school(submission, by=second, verdict="request_changes", comment="补图"),
    )
    assert failures(found) == [WrongState]
    assert Review.objects.count() == 1
    assert Submission.objects.get().state in (State.EXPERT_REVIEW, State.DRAFT)


def test_double_submit_makes_one_submission() -> None:
    place = factories.province()
    author = factories.teacher(place)
    work = factories.resource(place, author)
    found = at_once(*[lambda: submit(work, by=author)] * 3)
    assert failures(found) == [AlreadySubmitted, AlreadySubmitted]
    assert (Submission.objects.count(), Seal.objects.count()) == (1, 1)


def test_two_deciding_reviews_at_once_publish_once() -> None:
    place = factories.province()
    submission = factories.at_expert_review(place)
    experts = [a.expert for a in submission.current_round().assignments.all()]
    found = at_once(
        *[
            lambda expert=expert: record_review(submission, by=expert, verdict="approve", scores=GOOD)
            for expert in experts
        ]
    )
    assert failures(found) == []
    work = Work.objects.get(pk=submission.work_id)
    assert (work.live, work.version, work.locked) == (True, 1, False)
    assert Submission.objects.get().state == State.PUBLISHED


def test_withdraw_and_decision_at_once_leave_one_of_them() -> None:
    place = factories.province()
    submission = factories.at_school_review(place)
    reviewer, author = factories.school_reviewer(place), submission.work.owner
    found = at_once(
        lambda: withdraw(submission, by=author),
        lambda: decide_school(submission, by=reviewer, verdict="reject", comment="重复"),
    )
    assert failures(found) == [WrongState]
    assert not Work.objects.get(pk=submission.work_id).locked


def test_submit_and_retire_at_once_never_both() -> None:
    place = factories.province()
    author = factories.teacher(place)
    first = factories.published(place, author)
    change(first.work, author)
    administrator = factories.person("administrator", place.school)
    found = at_once(
        lambda: submit(first.work, by=author),
        lambda: retire(first, by=administrator, reason="过时"),
    )
    assert failures(found) in ([PermissionDenied], [AlreadySubmitted])
    work = Work.objects.get(pk=first.work_id)
    assert work.is_retired != work.locked


def test_many_hands_on_one_submission_never_wait_in_a_ring() -> None:
    """Resubmit, withdraw, assign, review: whatever wins, nobody meets a database error and the work is in order."""
    place = factories.province()
    submission = factories.at_expert_review(place)
    author, manager = submission.work.owner, factories.person("review_manager", place.county)
    experts = [a.expert for a in submission.current_round().assignments.all()]
    third = factories.expert(place)
    found = at_once(
        lambda: withdraw(submission, by=author),
        lambda: assign_experts(submission, [*experts, third], by=manager),
        lambda: record_review(submission, by=experts[0], verdict="approve", scores=GOOD),
        lambda: record_review(submission, by=experts[1], verdict="approve", scores=GOOD),
    )
    assert all(issubclass(kind, ReviewError) for kind in failures(found)), found
    work, now = Work.objects.get(pk=submission.work_id), Submission.objects.get()
    assert work.locked == (now.state == State.EXPERT_REVIEW)
    assert work.live == (now.state == State.PUBLISHED)


def test_two_editors_recommend_to_the_same_people_at_once_and_one_is_told() -> None:
    place = factories.province()
    work = factories.shared(place).work
    editors = [factories.person("editor", place.county) for _ in range(2)]
    found = at_once(*[lambda by=by: recommend(work, organisation=place.county, by=by) for by in editors])
    assert failures(found) == [AlreadyRecommended]
    assert Recommendation.objects.count() == 1


def test_double_click_recommends_once() -> None:
    place = factories.province()
    work, editor = factories.shared(place).work, factories.person("editor", place.county)
    found = at_once(*[lambda: recommend(work, organisation=place.county, by=editor)] * 3)
    assert failures(found) == []
    assert len({row.pk for row in found}) == Recommendation.objects.count() == 1


def test_recommendation_withdrawn_while_it_is_delivered_reaches_nobody() -> None:
    place = factories.province()
    work, editor = factories.shared(place).work, factories.person("editor", place.county)
    row = recommend(work, organisation=place.county, by=editor)
    found = at_once(
        lambda: withdraw_recommendation(row, by=editor),
        transaction.atomic(lambda: finish_recommendation(str(row.pk), None)),
    )
    assert failures(found) == []
    assert not Delivery.objects.filter(reason="recommended").exists()


def test_two_administrators_add_versions_at_once_and_each_has_a_number() -> None:
    place = factories.province()
    people = [factories.person("administrator", place.province) for _two in range(2)]
    found = at_once(*(partial(add_version, Policy(kind="resource"), by=by) for by in people))
    assert failures(found) == []
    assert sorted(Policy.objects.filter(kind="resource").values_list("version", flat=True)) == [1, 2, 3]
    found = at_once(*(partial(add_tariff, Tariff(note="新学年"), by=by) for by in people))
    assert failures(found) == []
    assert sorted(Tariff.objects.values_list("version", flat=True)) == [1, 2, 3]


def test_draft_deleted_while_it_is_submitted_is_either_gone_or_sent() -> None:
    place = factories.province()
    author = factories.teacher(place)
    for _try in range(3):
        work = factories.resource(place, author)
        found = at_once(partial(delete_draft, work, by=author), partial(submit, work, by=author))
        assert failures(found) == [PermissionDenied]
        assert Work.objects.filter(pk=work.pk).exists() is Submission.objects.filter(work=work.pk).exists()


def test_two_points_moved_at_once_never_hang_below_each_other() -> None:
    """Neither form, read before the other was saved, knows of it."""
    place = factories.province()
    clients = [signed_in(factories.person("administrator", place.province)) for _ in range(2)]
    first, second = (
        KnowledgePoint.objects.create(key=key, name=key, subject=place.subject, stage=place.stage) for key in "AB"
    )

    def moved(client: Client, node: KnowledgePoint, above: KnowledgePoint) -> Any:
        sent = {"parent": above.pk, "subject": place.subject.pk, "stage": place.stage.pk, "order": 1}
        address = reverse("terms-knowledgepoint:edit", args=(node.pk,))
        return client.post(address, {**sent, "key": node.key, "name": node.name})

    answers = at_once(partial(moved, clients[0], first, second), partial(moved, clients[1], second, first))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    (refused,) = (answer.content.decode() for answer in answers if answer.status_code == 200)
    assert "不能放到这个条目下面，它的位置可能刚被改过，请重新选择上级。" in refused
    assert sorted(KnowledgePoint.objects.values_list("level", flat=True)) == [1, 2]
