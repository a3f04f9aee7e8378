"""The whole chain beside the same calls of Wagtail and the ORM: `python -m benchmarks.chain [rounds]`.

Ours: create, submit, school pass, two experts, publish, share, by the product's actions (rules, locks, seals, audit, outbox,
points, notices). Bare: the same rows of work, revision, submission, reviews, scores, share by Wagtail and the ORM, and Wagtail's
publish, without any of that (triggers dropped, gate held open). Turn about in one process; medians; limit: 2 times.
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.setting import ready, table

ready()

from django.db.models import QuerySet  # noqa: E402

from cms.audit import triggers  # noqa: E402  Django is configured first
from cms.library import gate  # noqa: E402
from cms.library.models import Resource, Seal, Work  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories.works import _facts  # noqa: E402
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


def ours(people: People) -> None:
    work = factories.resource(people.place, people.author)
    submission = submit(work, by=people.author)
    submission = decide_school(submission, by=people.reviewer, verdict="approve")
    assign_experts(submission, people.experts, by=people.manager)
    for expert in people.experts:
        record_review(submission, by=expert, verdict="approve", scores=SCORES)
    share_work(Work.objects.get(pk=work.pk), scope=people.place.county, by=people.publisher)


def bare(people: People, seal: Seal) -> None:
    place = people.place
    work = Resource(**_facts(place, {}), owner=people.author, organisation=place.school)
    work.full_clean(exclude=["content_type"])
    work.save()
    revision = super(Work, work).save_revision(user=people.author, clean=False, log_action=True)
    policy, rubric = policy_for("resource"), rubric_for("resource")
    submission = Submission.objects.create(
        work=work,
        submitted_by=people.author,
        organisation=place.school,
        decider=place.county,
        policy=policy,
        rubric=rubric,
    )
    rows: QuerySet[Any] = QuerySet(Submission).filter(pk=submission.pk)
    standing = Round.objects.create(submission=submission, number=1, seal=seal)

    def to(state: str) -> None:
        # A bare save of one row, as an application without a state machine would.
        rows.update(state=state)

    to("school_review")
    Review.objects.create(round=standing, reviewer=people.reviewer, stage="school", verdict="approve")
    to("expert_review")
    for expert in people.experts:
        Assignment.objects.create(
            round=standing, expert=expert, assigned_by=people.manager, due_at=submission.opened_at
        )
    criteria = list(rubric.criteria.all())
    for expert in people.experts:
        review = Review.objects.create(round=standing, reviewer=expert, stage="expert", verdict="approve", total=88)
        Score.objects.bulk_create(Score(review=review, criterion=c, points=SCORES[c.key]) for c in criteria)
    to("published")
    with gate.opened(work.pk):
        revision.publish(user=people.author, skip_permission_checks=True)
    Share.objects.create(work=work, submission=submission, scope=place.county, shared_by=people.publisher)
    to("shared")


def timed(run: Callable[[], None]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    people = People()
    ours(people)
    seal = Seal.objects.first()
    assert seal is not None
    mine, theirs = [], []
    for _ in range(rounds):
        triggers.drop()
        theirs.append(timed(lambda: bare(people, seal)))
        triggers.install()
        mine.append(timed(lambda: ours(people)))
    ratio = statistics.median(mine) / statistics.median(theirs)
    table(
        ("chain", "ms, median", "ratio", "limit"),
        [
            ("Wagtail and ORM, bare", f"{statistics.median(theirs):.1f}", "1.00", ""),
            ("ours", f"{statistics.median(mine):.1f}", f"{ratio:.2f}", f"{LIMIT:.2f}"),
        ],
    )
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
