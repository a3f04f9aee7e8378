"""Every action × every state × every person: what is allowed, and that the list agrees with the check."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from cms.library import rules as library_rules
from cms.library.models import Work
from cms.people.models import User
from tests.factories import Province
from tests.factories.chain import GOOD
from tests.review.states import again, cast, change, in_state
from workflows.experts.models import Expert
from workflows.review import rules
from workflows.review.actions.panel import assign_experts, record_review, send_back_from_panel
from workflows.review.actions.publishing import retire
from workflows.review.actions.school import decide_school, end_trial
from workflows.review.actions.submitting import submit, withdraw
from workflows.review.actions.trying import leave_note
from workflows.review.enums import State
from workflows.review.errors import NotEligible, WrongState
from workflows.review.models import Assignment, Submission
from workflows.sharing.actions import share_work

pytestmark = pytest.mark.django_db

WRITERS = {"author", "coauthor", "mighty"}
SCHOOL_REVIEWERS = {"reviewer", "reviewer of the county"}
MANAGERS = {"manager", "manager of the city"}
PUBLISHERS = {"publisher of the school", "publisher of the county"}
ADMINISTRATORS = {"administrator of the school", "administrator of the province"}
MEMBERS = (
    WRITERS
    | {"reviewer", "colleague", "pupil", "publisher of the school", "administrator of the school"}
)  # fmt: skip

BEFORE_EXPERTS = {State.DRAFT, State.SCHOOL_REVIEW, State.TRIAL, State.REJECTED, State.WITHDRAWN}
"""States of this test without any expert so far: it was turned down, or taken back, in the school."""
OF_PANEL = {State.EXPERT_REVIEW, State.PUBLISHED, State.SHARED, State.SUPERSEDED, State.RETIRED}
"""States of this test in which there is, or was, a panel."""


def expected(action: str, state: State) -> set[str]:
    """Who may, by the words of the issue."""
    open_states = {State.DRAFT, State.SCHOOL_REVIEW, State.TRIAL, State.EXPERT_REVIEW}
    live = {State.PUBLISHED, State.SHARED}
    table: dict[str, tuple[set[State], set[str]]] = {
        "withdraw": (open_states, WRITERS),
        "submit": ({State.DRAFT}, WRITERS),
        "decide": ({State.SCHOOL_REVIEW}, SCHOOL_REVIEWERS),
        "end_trial": ({State.TRIAL}, SCHOOL_REVIEWERS),
        "assign": ({State.EXPERT_REVIEW}, {"manager", "manager of the city"}),
        "send_back": ({State.EXPERT_REVIEW}, {"manager", "manager of the city"}),
        "review": ({State.EXPERT_REVIEW}, {"asked"}),
        "share": (live, PUBLISHERS),
        "retire": (live, PUBLISHERS | ADMINISTRATORS),
        "try": ({State.TRIAL}, MEMBERS),
        "note": ({State.TRIAL}, MEMBERS - WRITERS),
        "name_experts": (set(State), MANAGERS | ADMINISTRATORS),
    }
    if action == "read":
        people = WRITERS | SCHOOL_REVIEWERS | ADMINISTRATORS
        if state not in BEFORE_EXPERTS:
            people = people | MANAGERS | PUBLISHERS
        return people | ({"asked", "answered"} if state in OF_PANEL else set())
    states, people = table[action]
    return people if state in states else set()


@pytest.mark.parametrize("state", State)
def test_policy_is_what_was_asked_for_and_list_agrees_with_check(place: Province, state: State) -> None:
    people = cast(place)
    submission = in_state(place, people, state)
    wrong = []
    for action in rules.POLICY:
        may = expected(action, state)
        for name, user in people.everybody().items():
            one = rules.allows(user, action, Submission.objects.get(pk=submission.pk))
            listed = Submission.objects.filter(rules.as_q(user, action), pk=submission.pk)
            if not one == (len(listed) == 1) == (name in may):
                wrong.append((action, name, one, len(listed), name in may))
    assert wrong == []


@pytest.mark.parametrize("end", ["withdrawn, nobody asked", "withdrawn", "rejected", "withdrawn in the next round"])
def test_managers_read_what_came_to_them_after_it_has_ended(place: Province, end: str) -> None:
    people = cast(place)
    submission = in_state(place, people, State.SCHOOL_REVIEW)
    decide_school(submission, by=people.reviewer, verdict="approve")
    if end != "withdrawn, nobody asked":
        assign_experts(submission, [people.asked, people.answered], by=people.manager)
    if end == "rejected":
        for expert in (people.asked, people.answered):
            record_review(submission, by=expert, verdict="reject", comment="重复", scores=GOOD)
    elif end == "withdrawn in the next round":
        send_back_from_panel(submission, by=people.manager, comment="补图")
        change(submission.work, people.author)
        submission = submit(submission.work, by=people.author)
    if end != "rejected":
        withdraw(submission, by=people.author)
    for person in (people.manager, people.others["publisher of the county"]):
        may = end != "withdrawn in the next round"  # what was sealed then, the school alone has seen
        assert rules.allows(person, "read", again(submission)) is may
        assert Submission.objects.filter(rules.as_q(person, "read"), pk=submission.pk).exists() is may
        assert library_rules.allows(person, "read", submission.work) is may
        assert Work.objects.filter(library_rules.as_q(person, "read"), pk=submission.work_id).exists() is may


@pytest.mark.parametrize("state", State)
def test_wrong_state_is_said_only_to_those_whose_turn_it_could_be(place: Province, state: State) -> None:
    people = cast(place)
    submission = in_state(place, people, state)
    ever = {action: set().union(*(expected(action, each) for each in State)) for action in rules.POLICY}
    for action in ("withdraw", "decide", "end_trial", "assign", "share", "retire"):
        for name, user in people.everybody().items():
            if name in expected(action, state):
                rules.require(user, action, submission)
                continue
            refusal: Any = WrongState if name in ever[action] else PermissionDenied
            with pytest.raises(refusal):
                rules.require(user, action, submission)


@pytest.mark.parametrize("state", State)
def test_nobody_decides_on_own_work_whatever_the_roles(place: Province, state: State) -> None:
    people = cast(place)
    submission = in_state(place, people, state)
    mighty = people.mighty
    if state == State.EXPERT_REVIEW:  # even when somebody put the author on the panel by force
        Assignment.objects.create(
            round=submission.current_round(), expert=mighty, assigned_by=mighty, due_at=submission.entered_at
        )
    publisher = people.others["publisher of the county"]
    assert isinstance(publisher, User)
    deeds: list[Any] = [
        lambda: decide_school(submission, by=mighty, verdict="approve"),
        lambda: end_trial(submission, by=mighty, passed=False, comment="不"),
        lambda: assign_experts(submission, [people.asked, people.removed], by=mighty),
        lambda: send_back_from_panel(submission, by=mighty, comment="不"),
        lambda: record_review(submission, by=mighty, verdict="approve", scores={"science": 40, "design": 60}),
        lambda: retire(submission, by=mighty, reason="不"),
        lambda: leave_note(submission, by=mighty, rating=5),
    ]
    if state in (State.PUBLISHED, State.SHARED):
        deeds.append(lambda: share_work(submission.work, scope=place.county, by=mighty))
    for deed in deeds:
        with pytest.raises(PermissionDenied), transaction.atomic():
            deed()
    assert Submission.objects.get(pk=submission.pk).state == state


def test_author_in_the_pool_is_never_eligible(place: Province) -> None:
    people = cast(place)
    submission = in_state(place, people, State.EXPERT_REVIEW)
    with pytest.raises(NotEligible) as refusal:
        assign_experts(submission, [people.asked, people.mighty], by=people.manager)
    assert refusal.value.names == [people.mighty.name]


def test_whoever_passed_it_in_the_school_is_not_asked_again(place: Province) -> None:
    """A reviewer of the county may pass it for the school; then this person is no expert for it."""
    people = cast(place)
    reviewer = people.others["reviewer of the county"]
    assert isinstance(reviewer, User)

    Expert.objects.create(user=reviewer, organisation=place.county)
    submission = in_state(place, people, State.SCHOOL_REVIEW)
    decide_school(submission, by=reviewer, verdict="approve")
    with pytest.raises(NotEligible):
        assign_experts(submission, [people.asked, reviewer], by=people.manager)
