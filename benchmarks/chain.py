"""The whole chain beside the same calls of Wagtail and the ORM: `python -m benchmarks.chain [rounds]`.

Ours: create, submit, school pass, assign, two experts, publish, share, by the product's actions: rules, locks, seals,
audit, outbox. Nothing of a person or a submission is remembered from one step to the next, as between requests.

Bare: the same steps, each in a transaction of its own with the submission read by its key, writing the same rows of
work, revision, submission, round, reviews, scores, grants, share, points and notices, by `objects.create` and
Wagtail's `save_revision` and `publish`. No rule is asked, nothing is locked, sealed, checked, put in the audit or the
outbox; triggers are dropped and the gate is held open. Limit: ours takes at most twice its time. A third line leaves
points and notices out of the bare side, which ours never can.

The three take turns in one process; medians, by the clock and of CPU (other programs on the machine disturb it less).
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.setting import ready, table

ready("benchmarks.settings")

from django.db import transaction  # noqa: E402  Django is configured first
from django.db.models import QuerySet  # noqa: E402

from cms.audit import triggers  # noqa: E402
from cms.library import gate  # noqa: E402
from cms.library.models import Grant, Resource, Seal, Work  # noqa: E402
from cms.notices.models import Notice  # noqa: E402
from cms.organisations.models import Organisation  # noqa: E402
from cms.people.models import User  # noqa: E402
from cms.people.queries import holders  # noqa: E402
from cms.spaces.models import Space  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories.works import _facts  # noqa: E402
from workflows.points.models import Entry, TariffLine  # noqa: E402
from workflows.review.actions.panel import assign_experts, record_review  # noqa: E402
from workflows.review.actions.school import decide_school  # noqa: E402
from workflows.review.actions.submitting import submit  # noqa: E402
from workflows.review.models import Assignment, Review, Round, Score, Submission  # noqa: E402
from workflows.review.queries import policy_for, rubric_for  # noqa: E402
from workflows.sharing.actions import share_work  # noqa: E402
from workflows.sharing.models import Share  # noqa: E402

LIMIT = 2.0
SCORES = {"science": 36, "design": 52}


class People:
    def __init__(self) -> None:
        self.place = factories.province()
        self.author = factories.teacher(self.place)
        self.reviewer = factories.school_reviewer(self.place)
        self.manager = factories.person("review_manager", self.place.county)
        self.experts = [factories.expert(self.place), factories.expert(self.place)]
        self.publisher = factories.person("publisher", self.place.county)

    def forget(self) -> None:
        """What a person's requests remember ends with each request."""
        for person in (self.author, self.reviewer, self.manager, *self.experts, self.publisher):
            vars(person).pop("_standing", None)


def ours(people: People) -> None:
    people.forget()
    work = factories.resource(people.place, people.author)
    people.forget()
    submission = submit(work, by=people.author)
    submission = decide_school(submission, by=people.reviewer, verdict="approve")
    assign_experts(submission, people.experts, by=people.manager)
    for expert in people.experts:
        record_review(submission, by=expert, verdict="approve", scores=SCORES)
    share_work(Work.objects.get(pk=work.pk), scope=people.place.county, by=people.publisher)


class Bare:
    """One work's way without rules. `whole`: with the points and notices of the steps."""

    def __init__(self, people: People, seal: Seal, *, whole: bool) -> None:
        self.people = people
        self.place = people.place
        self.seal = seal
        self.whole = whole

    @transaction.atomic
    def create(self) -> Work:
        work = Resource(**_facts(self.place, {}), owner=self.people.author, organisation=self.place.school)
        work.full_clean(exclude=["content_type"])
        work.save()
        super(Work, work).save_revision(user=self.people.author, clean=False, log_action=True)
        return work

    @transaction.atomic
    def submit(self, pk: int) -> int:
        work = Work.objects.select_related("owner", "organisation").get(pk=pk)
        submission = Submission.objects.create(
            work=work,
            submitted_by=self.people.author,
            organisation=self.place.school,
            decider=self.place.county,
            policy=policy_for(work.kind),
            rubric=rubric_for(work.kind),
        )
        Round.objects.create(submission=submission, number=1, seal=self.seal)
        self._to("school_review", submission)
        self._tell(holders("school_reviewer", self.place.school), "submit", submission)
        return submission.pk

    @transaction.atomic
    def pass_school(self, pk: int) -> None:
        submission = self._read(pk)
        current = submission.rounds.get(number=1)
        Review.objects.create(round=current, reviewer=self.people.reviewer, stage="school", verdict="approve")
        self._pay("reviewed", submission.work, self.people.reviewer)
        self._to("expert_review", submission)
        self._tell([submission.work.owner], "passed", submission)
        self._tell(holders("review_manager", self.place.county), "assign", submission)

    @transaction.atomic
    def assign(self, pk: int) -> None:
        submission = self._read(pk)
        current = submission.rounds.get(number=1)
        for expert in self.people.experts:
            Assignment.objects.create(
                round=current, expert=expert, assigned_by=self.people.manager, due_at=submission.opened_at
            )
            self._tell([expert], "asked", submission)

    @transaction.atomic
    def review(self, pk: int, expert: User, *, last: bool) -> None:
        submission = self._read(pk)
        current = submission.rounds.select_related("seal").get(number=1)
        review = Review.objects.create(round=current, reviewer=expert, stage="expert", verdict="approve", total=88)
        criteria = submission.rubric.criteria.all()
        Score.objects.bulk_create(Score(review=review, criterion=c, points=SCORES[c.key]) for c in criteria)
        self._pay("reviewed", submission.work, expert)
        if last:
            self._publish(submission)

    def _publish(self, submission: Submission) -> None:
        work = submission.work
        with gate.opened(work.pk):
            work.latest_revision.publish(user=None, skip_permission_checks=True)
        Grant.objects.create(work=work, organisation=work.organisation)
        self._pay("published", work, None)
        self._to("published", submission)
        self._tell([work.owner], "published", submission)

    @transaction.atomic
    def share(self, pk: int, scope: Organisation) -> None:
        submission = self._read(pk)
        Share.objects.create(work=submission.work, submission=submission, scope=scope, shared_by=self.people.publisher)
        Grant.objects.create(work=submission.work, organisation=scope)
        self._pay("shared", submission.work, None)
        self._to("shared", submission)
        self._tell([submission.work.owner], "shared", submission)

    def _read(self, pk: int) -> Submission:
        return Submission.objects.select_related("work__owner", "work__organisation", "policy", "rubric").get(pk=pk)

    def _to(self, state: str, submission: Submission) -> None:
        """A save of one column, as an application without a state machine would."""
        rows: QuerySet[Any] = QuerySet(Submission).filter(pk=submission.pk)
        rows.update(state=state)

    def _pay(self, reason: str, work: Work, reviewer: User | None) -> None:
        if not self.whole:
            return
        for line in TariffLine.objects.filter(reason=reason).select_related("tariff"):
            if line.recipient == "subject_space":
                space = Space.objects.get(organisation=work.organisation_id, subject=work.subject_id, kind="subject")
            else:
                space = Space.objects.get(owner=reviewer or work.owner, kind="personal")
            number = f"{reason}:{work.pk}:{space.pk}"
            Entry.objects.create(
                space=space,
                points=line.points,
                reason=reason,
                tariff=line.tariff,
                work=work,
                cause_id=number,
                key=number,
            )

    def _tell(self, people: Iterable[User], what: str, submission: Submission) -> None:
        if self.whole:
            for person in people:
                key = f"bare:{submission.pk}:{what}"
                Notice.objects.create(recipient=person, topic="my_work", text=submission.work.title, key=key)


def bare(people: People, seal: Seal, *, whole: bool = True) -> None:
    way = Bare(people, seal, whole=whole)
    work = way.create()
    submission = way.submit(work.pk)
    way.pass_school(submission)
    way.assign(submission)
    for expert in people.experts:
        way.review(submission, expert, last=expert is people.experts[-1])
    way.share(submission, people.place.county)


def timed(run: Callable[[], None]) -> tuple[float, float]:
    """Milliseconds by the clock, and of this process alone."""
    began, worked = time.perf_counter(), time.process_time()
    run()
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    people = People()
    ours(people)
    seal = Seal.objects.first()
    assert seal is not None
    same, mine, least = "Wagtail and ORM, the same rows", "ours", "Wagtail and ORM, no points and notices"
    times: dict[str, list[tuple[float, float]]] = {same: [], mine: [], least: []}
    for _ in range(rounds):
        triggers.drop()
        times[same].append(timed(lambda: bare(people, seal)))
        times[least].append(timed(lambda: bare(people, seal, whole=False)))
        triggers.install()
        times[mine].append(timed(lambda: ours(people)))
    clock = {name: statistics.median(wall for wall, _cpu in found) for name, found in times.items()}
    worked = {name: statistics.median(cpu for _wall, cpu in found) for name, found in times.items()}
    table(
        ("chain", "ms", "ratio", "ms of CPU", "ratio", "at most"),
        [
            (
                name,
                f"{clock[name]:.1f}",
                f"{clock[name] / clock[same]:.2f}",
                f"{worked[name]:.1f}",
                f"{worked[name] / worked[same]:.2f}",
                f"{LIMIT:.2f}" if name == mine else "",
            )
            for name in times
        ],
    )
    return 0 if clock[mine] <= LIMIT * clock[same] else 1


if __name__ == "__main__":
    sys.exit(main())
