"""Random deeds by random people, beside a plain model of the chain that knows nothing of the product's code."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cms.audit.models import Entry
from cms.library.actions.authoring import save_draft
from cms.library.actions.sealing import intact_revision
from cms.library.errors import WorkLocked
from cms.library.models import Work
from cms.people.models import User
from tests import factories
from tests.factories import Province
from workflows.review import errors
from workflows.review.actions.panel import assign_experts, record_review, send_back_from_panel
from workflows.review.actions.publishing import retire
from workflows.review.actions.school import decide_school, end_trial
from workflows.review.actions.submitting import submit, withdraw
from workflows.review.models import Policy, Round, Submission
from workflows.sharing.actions import recall_share, share_work
from workflows.sharing.errors import AlreadyShared, NotPublished
from workflows.sharing.models import Share

PEOPLE = ("author", "reviewer", "manager", "first", "second", "third", "publisher", "administrator", "stranger")
EXPERTS = ("first", "second", "third")
VERDICTS = ("approve", "request_changes", "reject")
SCORES = {"high": {"science": 40, "design": 60}, "low": {"science": 20, "design": 40}}
QUORUM = 2
UNDER_REVIEW = ("school_review", "trial", "expert_review")

who = st.sampled_from(PEOPLE)
said = st.sampled_from(["", "  ", "请看意见"])
verdicts = st.sampled_from(VERDICTS)


class Chain(RuleBasedStateMachine):
    """One work. `facts` is all that the model knows."""

    place: ClassVar[Province]
    people: ClassVar[dict[str, User]]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.work = factories.resource(self.place, self.people["author"])
        self.subject: Submission | None = None  # the newest submission
        self.facts: dict[str, Any] = {
            "state": None,  # of the newest submission
            "live": None,  # state of the one that is live
            "version": 0,
            "newer": True,  # the draft has something that the live version has not
            "over": True,  # the trial's days
            "panel": set(),
            "said": {},
            "retired": False,
            "shared": False,
        }
        self.live: Submission | None = None

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # --- the way most works go: otherwise random deeds never come far ------------------------------------------------

    @precondition(lambda self: not self.facts["retired"])
    @rule(
        steps=st.integers(1, 7), verdict=st.sampled_from(["approve", "approve", "approve", "request_changes", "reject"])
    )
    def go_on(self, steps: int, verdict: str) -> None:
        for _ in range(steps):
            self.step_on(verdict)

    def step_on(self, verdict: str) -> None:
        facts = self.facts
        if facts["state"] == "school_review":
            self.decide_as("reviewer", "approve", "")
        elif facts["state"] == "trial":
            self.let_days_pass()
            self.end_trial_as("reviewer", True, "")
        elif facts["state"] == "expert_review":
            left = sorted(facts["panel"] - set(facts["said"]))
            if left:
                self.review_as(left[0], verdict, "请看意见", "high")
            else:
                self.assign_as("manager", set(EXPERTS))
        elif facts["live"] and not facts["newer"]:
            self.write_as("author")
        else:
            self.submit_as("author")

    # --- deeds -------------------------------------------------------------------------------------------------------

    @rule(name=who)
    def write(self, name: str) -> None:
        self.write_as(name)

    def write_as(self, name: str) -> None:
        expected: Any = None
        if name != "author" or self.facts["retired"]:
            expected = PermissionDenied
        elif self.facts["state"] in UNDER_REVIEW:
            expected = WorkLocked
        draft = Work.objects.get(pk=self.work.pk).specific.get_latest_revision_as_object()
        draft.body += "<p>再写一段。</p>"
        self.same(expected, lambda: save_draft(draft, by=self.people[name]))
        if expected is None:
            self.facts["newer"] = True

    @rule(name=st.sampled_from([*PEOPLE, *["author"] * 9]))
    def submit(self, name: str) -> None:
        self.submit_as(name)

    def submit_as(self, name: str) -> None:
        facts = self.facts
        expected: Any = None
        if name != "author" or facts["retired"]:
            expected = PermissionDenied
        elif facts["state"] in UNDER_REVIEW:
            expected = errors.AlreadySubmitted
        elif facts["live"] and not facts["newer"]:
            expected = errors.NothingNew
        done = self.same(expected, lambda: submit(self.work, by=self.people[name]))
        if expected is None:
            self.subject = done
            facts.update(state="school_review", panel=set(), said={})

    @precondition(lambda self: self.subject)
    @rule(name=st.sampled_from([*PEOPLE, *["reviewer"] * 9]), verdict=verdicts, comment=said)
    def decide(self, name: str, verdict: str, comment: str) -> None:
        self.decide_as(name, verdict, comment)

    def decide_as(self, name: str, verdict: str, comment: str) -> None:
        expected = self.turn("reviewer", name, "school_review")
        if expected is None and verdict != "approve" and not comment.strip():
            expected = errors.CommentRequired
        self.same(expected, lambda: decide_school(self.newest, by=self.people[name], verdict=verdict, comment=comment))
        if expected is None:
            after = {"approve": "trial", "request_changes": "draft", "reject": "rejected"}
            self.facts.update(state=after[verdict], over=False)

    @precondition(lambda self: self.facts["state"] == "trial")
    @rule()
    def days_pass(self) -> None:
        self.let_days_pass()

    def let_days_pass(self) -> None:
        Round.objects.filter(submission=self.subject).update(trial_until=timezone.now())
        self.facts["over"] = True

    @precondition(lambda self: self.subject)
    @rule(name=st.sampled_from([*PEOPLE, *["reviewer"] * 9]), passed=st.booleans(), comment=said)
    def end_trial(self, name: str, passed: bool, comment: str) -> None:
        self.end_trial_as(name, passed, comment)

    def end_trial_as(self, name: str, passed: bool, comment: str) -> None:
        expected = self.turn("reviewer", name, "trial")
        if expected is None and passed and not self.facts["over"]:
            expected = errors.TrialNotOver
        if expected is None and not passed and not comment.strip():
            expected = errors.CommentRequired
        self.same(expected, lambda: end_trial(self.newest, by=self.people[name], passed=passed, comment=comment))
        if expected is None:
            self.facts["state"] = "expert_review" if passed else "draft"

    @precondition(lambda self: self.subject)
    @rule(name=st.sampled_from([*PEOPLE, *["manager"] * 9]), names=st.sets(st.sampled_from((*EXPERTS, "stranger"))))
    def assign(self, name: str, names: set[str]) -> None:
        self.assign_as(name, names)

    def assign_as(self, name: str, names: set[str]) -> None:
        facts = self.facts
        expected = self.turn("manager", name, "expert_review")
        if expected is None and len(names | set(facts["said"])) < QUORUM:
            expected = errors.TooFewExperts
        if expected is None and "stranger" in names:
            expected = errors.NotEligible
        asked = [self.people[each] for each in sorted(names)]
        self.same(expected, lambda: assign_experts(self.newest, asked, by=self.people[name]))
        if expected is None:
            fewer = bool(facts["panel"] - names - set(facts["said"]))
            facts["panel"] = names | (facts["panel"] & set(facts["said"]))
            if fewer:
                self.verdict()

    @precondition(lambda self: self.subject)
    @rule(
        name=st.sampled_from([*PEOPLE, *EXPERTS * 4]),
        verdict=verdicts,
        comment=said,
        points=st.sampled_from(["high", "low"]),
    )
    def review(self, name: str, verdict: str, comment: str, points: str) -> None:
        self.review_as(name, verdict, comment, points)

    def review_as(self, name: str, verdict: str, comment: str, points: str) -> None:
        facts = self.facts
        expected: Any = None
        if name in facts["said"]:
            expected = errors.AlreadyReviewed
        elif name not in facts["panel"] or facts["state"] != "expert_review":
            expected = (PermissionDenied, errors.WrongState)
        elif verdict != "approve" and not comment.strip():
            expected = errors.CommentRequired
        deed: dict[str, Any] = {
            "by": self.people[name],
            "verdict": verdict,
            "scores": SCORES[points],
            "comment": comment,
        }
        self.same(expected, lambda: record_review(self.newest, **deed))
        if expected is None:
            facts["said"][name] = (verdict, {"high": 100, "low": 60}[points])
            self.verdict()

    @precondition(lambda self: self.subject)
    @rule(name=st.sampled_from([*PEOPLE, "manager", "manager"]), comment=said)
    def send_back(self, name: str, comment: str) -> None:
        expected = self.turn("manager", name, "expert_review")
        if expected is None and not comment.strip():
            expected = errors.CommentRequired
        self.same(expected, lambda: send_back_from_panel(self.newest, by=self.people[name], comment=comment))
        if expected is None:
            self.facts["state"] = "draft"

    @precondition(lambda self: self.subject)
    @rule(name=who)
    def withdraw(self, name: str) -> None:
        expected = self.turn("author", name, "draft", *UNDER_REVIEW)
        self.same(expected, lambda: withdraw(self.newest, by=self.people[name]))
        if expected is None:
            self.facts["state"] = "withdrawn"

    @precondition(lambda self: self.facts["live"] or not self.facts["version"])
    @rule(name=st.sampled_from(["publisher", "author", "stranger"]))
    def share(self, name: str) -> None:
        facts = self.facts
        expected: Any = None
        if facts["live"] is None:
            expected = NotPublished
        elif name != "publisher":
            expected = PermissionDenied
        elif facts["shared"]:
            expected = AlreadyShared
        self.same(expected, lambda: share_work(self.work, scope=self.place.county, by=self.people[name]))
        if expected is None:
            facts["shared"] = True
            self.set_live("shared")

    @precondition(lambda self: self.facts["shared"] and self.facts["live"])
    @rule()
    def recall(self) -> None:
        share = Share.objects.get(work=self.work, recalled_at=None)
        recall_share(share, by=self.people["publisher"], reason="先收回")
        self.facts["shared"] = False
        self.set_live("published")

    @precondition(lambda self: self.live)
    @rule(name=st.sampled_from(PEOPLE))
    def retire(self, name: str) -> None:
        facts = self.facts
        expected: Any = None
        if name not in ("publisher", "administrator"):
            expected = PermissionDenied
        elif facts["live"] is None:
            expected = errors.WrongState
        elif facts["state"] in UNDER_REVIEW:
            expected = errors.AlreadySubmitted
        self.same(expected, lambda: retire(self.published, by=self.people[name], reason="教材已换版"))
        if expected is None:
            if facts["state"] == "draft":
                facts["state"] = "withdrawn"
            self.set_live("retired")
            facts.update(live=None, retired=True)

    # --- the model's own rules ----------------------------------------------------------------------------------------

    def turn(self, role: str, name: str, *states: str) -> Any:
        """None when it is this person's turn; else what is raised."""
        if name != role:
            return PermissionDenied
        return None if self.facts["state"] in states else errors.WrongState

    def verdict(self) -> None:
        facts = self.facts
        votes, totals = zip(*facts["said"].values(), strict=True) if facts["said"] else ((), ())
        if len(votes) < QUORUM:
            return
        if votes.count("approve") * 2 > len(votes) and sum(totals) / len(totals) >= 70:
            self.live = self.subject
            facts.update(live="published", version=facts["version"] + 1, newer=False, state="published")
            if facts["shared"]:
                self.set_live("shared")
        elif votes.count("reject") * 2 > len(votes):
            facts["state"] = "rejected"
        elif facts["panel"] <= set(facts["said"]):
            facts["state"] = "draft"

    @property
    def newest(self) -> Submission:
        assert self.subject is not None
        return self.subject

    @property
    def published(self) -> Submission:
        assert self.live is not None
        return self.live

    def set_live(self, state: str) -> None:
        self.facts["live"] = state
        if self.published.pk == self.newest.pk:
            self.facts["state"] = state

    def same(self, expected: Any, deed: Any) -> Any:
        """Do it: it raises exactly what the model expects, and then nothing has changed."""
        if expected is None:
            return deed()
        before = Entry.objects.count()
        with pytest.raises(expected), transaction.atomic():
            deed()
        assert Entry.objects.count() == before
        return None

    @invariant()
    def agrees(self) -> None:
        facts = self.facts
        work = Work.objects.get(pk=self.work.pk)
        assert work.locked == (facts["state"] in UNDER_REVIEW)
        assert work.live == (facts["live"] is not None)
        assert work.version == facts["version"]
        assert work.is_retired == facts["retired"]
        if self.subject is not None:
            now = Submission.objects.get(pk=self.subject.pk)
            assert now.state == facts["state"]
            assert (now.closed_at is None) == (now.state in ("draft", *UNDER_REVIEW))
            assert (now.due_at is not None) == (now.state in UNDER_REVIEW)
            assert intact_revision(now.current_round().seal)
        live = Submission.objects.filter(work=self.work, state__in=("published", "shared"))
        assert [one.state for one in live] == ([facts["live"]] if facts["live"] else [])
        if work.live:
            assert work.live_revision_id == self.published.current_round().seal.revision_id


@pytest.fixture
def stage(place: Province) -> Iterator[None]:
    """The people, and a policy with a trial."""
    Policy.objects.create(
        kind="resource", version=2, trial_days=3, experts=3, quorum=QUORUM, pass_mark=70, in_force_from=timezone.now()
    )
    Chain.place = place
    Chain.people = {
        "author": factories.teacher(place),
        "reviewer": factories.school_reviewer(place),
        "manager": factories.person("review_manager", place.county),
        "publisher": factories.person("publisher", place.county),
        "administrator": factories.person("administrator", place.school),
        "stranger": factories.person("review_manager", place.other_county),
        **{name: factories.expert(place) for name in EXPERTS},
    }
    yield
    del Chain.place, Chain.people


@pytest.mark.django_db
def test_chain_does_what_the_model_says(stage: None) -> None:
    run_state_machine_as_test(
        Chain,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
