"""Push at a province's size: `python -m benchmarks.push [spaces]` (1,000,000 when left out).

One installation with 1,000 personal spaces and one with so many more, whose people share some thousand interests as
teachers do: subject, grade and edition. In both the same works are shared, by the product's own action, and carried out
by its worker: `share and push` is the time from the click to the last delivery row. `inbox` is the first page of the
inbox of spaces taken at random, and its number, each with a year's deliveries. Limits: 1.2 and 1.5 times
the small installation's.

`match` is what a shared work costs beside 100,000 distinct interests, three in four of them teaching profiles, the
rest saved searches with words: at most 15 ms.
"""

import csv
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice, product
from pathlib import Path

from benchmarks.setting import ready, table

ready("benchmarks.settings")

from django.db import connection  # noqa: E402  Django is configured first
from django.utils import timezone  # noqa: E402

from cms.library.models import Work  # noqa: E402
from cms.outbox.worker import drain  # noqa: E402
from cms.people.models import Membership, User  # noqa: E402
from cms.spaces.inbox import delivered_number, inbox_page  # noqa: E402
from cms.spaces.models import Delivery, Interest, Space, SpaceInterest  # noqa: E402
from cms.taxonomy.models import Edition, Grade, Subject  # noqa: E402
from search.documents import document_of  # noqa: E402
from search.engines import engine  # noqa: E402
from search.interests import interests_met  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories.chain import GOOD  # noqa: E402
from tests.factories.province import Province  # noqa: E402
from workflows.review.actions.panel import assign_experts, record_review  # noqa: E402
from workflows.review.actions.school import decide_school  # noqa: E402
from workflows.review.actions.submitting import submit  # noqa: E402
from workflows.sharing.actions import share_work  # noqa: E402

SMALL = 1_000
SHARED = 12  # works a turn
HISTORY = 120  # works that every interest was delivered before
INBOXES = 200
PROFILES = 100_000
LIMITS = {"share and push": 1.2, "inbox, p95": 1.5}
MOST_MS = 15.0
STEP = 5_000  # rows of one insert


def say(what: str) -> None:
    """What is being done, with the time, beside the table: making a million spaces takes a quarter of an hour."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def in_steps(make: Iterator[object], model: type) -> None:
    while batch := list(islice(make, STEP)):
        model.objects.bulk_create(batch)  # type: ignore[attr-defined]


class Installation:
    """A province with so many spaces; adding more keeps those that are there."""

    def __init__(self) -> None:
        self.place = factories.province()
        self.author = factories.teacher(self.place)
        # One of each: whoever may decide is told of each work, and a mail to hundreds is not what is measured.
        self.reviewer = factories.school_reviewer(self.place)
        self.manager = factories.person("review_manager", self.place.county)
        self.experts = [factories.expert(self.place), factories.expert(self.place)]
        self.publisher = factories.person("publisher", self.place.county)
        self.interests = self._interests()
        say(f"{HISTORY + 4 * SHARED} works are published")
        self.works = [self._published(number) for number in range(HISTORY + 4 * SHARED)]
        say("what follows from it is carried out")
        while drain():
            pass
        self._history(self.works[:HISTORY])
        self.waiting = iter(self.works[HISTORY:])
        self.spaces = 0

    def _interests(self) -> list[int]:
        """Every subject with every grade and edition, as the teachers of a province have them."""
        place = self.place
        grades = [Grade.objects.create(stage=place.stage, name=f"{n} 年级", order=n) for n in range(20, 32)]
        subjects = [Subject.objects.create(name=f"学科 {n}", order=n) for n in range(14)]
        editions = [Edition.objects.create(name=f"版本 {n}", order=n) for n in range(8)]
        rows = [
            Interest(stage=place.stage, subject=subject, grade=grade, edition=edition)
            for subject, grade, edition in product(
                [place.subject, *subjects], [place.grade, *grades], [place.edition, *editions]
            )
        ]
        for row in rows:
            row.file(row.profile.digest)
        Interest.objects.bulk_create(rows)
        return list(Interest.objects.order_by("pk").values_list("pk", flat=True))

    def _published(self, number: int) -> Work:
        work = factories.resource(self.place, self.author, title=f"分数的初步认识（第{number + 1}课）")
        submission = decide_school(submit(work, by=self.author), by=self.reviewer, verdict="approve")
        assign_experts(submission, self.experts, by=self.manager)
        for expert in self.experts:
            record_review(submission, by=expert, verdict="approve", scores=GOOD)
        return Work.objects.get(pk=work.pk)

    def _history(self, works: list[Work]) -> None:
        days = [timezone.now() - timedelta(days=3 * age) for age in range(1, len(works) + 1)]
        in_steps(
            (
                Delivery(token=f"i{pk}", work=work, reason="interest", at=day, widened_at=day)
                for pk in self.interests
                for day, work in zip(days, works, strict=True)
            ),
            Delivery,
        )

    def grow(self, spaces: int) -> None:
        """Teachers with a space and two interests each, until there are so many."""
        say(f"{spaces:,} spaces are made")
        first, school = self.spaces, self.place.school
        in_steps(
            (User(username=f"bench{n}", name=f"教师{n}", password="!") for n in range(first, spaces)),
            User,
        )
        people = User.objects.filter(username__startswith="bench").order_by("pk")
        ids = list(people.values_list("pk", flat=True))[first:]
        in_steps((Membership(user_id=pk, organisation=school, role="teacher") for pk in ids), Membership)
        in_steps((Space(kind="personal", owner_id=pk, organisation=school, name="空间") for pk in ids), Space)
        mine = list(Space.objects.filter(owner__in=people).order_by("pk").values_list("pk", flat=True))[first:]
        in_steps(
            (
                SpaceInterest(space_id=pk, interest_id=self.interests[(place * 7 + turn * 131) % len(self.interests)])
                for place, pk in enumerate(mine)
                for turn in range(2)
            ),
            SpaceInterest,
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.spaces = spaces

    def share_and_push(self) -> list[float]:
        """Milliseconds a work."""
        found = []
        for work in islice(self.waiting, SHARED):
            started = time.perf_counter()
            share_work(work, scope=self.place.county, by=self.publisher)
            drain()
            found.append((time.perf_counter() - started) * 1000)
        return found

    def read_inboxes(self) -> list[float]:
        """Milliseconds a page."""
        chosen = random.Random(7).sample(range(self.spaces), min(INBOXES, self.spaces))
        found = []
        for number in chosen:
            user = User.objects.get(username=f"bench{number}")
            space = Space.objects.get(owner=user)
            started = time.perf_counter()
            page = inbox_page(space, user, tiers=False)
            delivered_number(space, user, tiers=False)
            found.append((time.perf_counter() - started) * 1000)
            if not page:
                raise SystemExit("an inbox is empty: nothing was measured")
        return found


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def real_topics() -> list[str]:
    """The words of real chapters, which is what people save searches for."""
    names: list[str] = []
    for path in sorted(Path("fixtures/taxonomy").glob("chapters-*.csv")):
        with path.open(encoding="utf-8") as stream:
            names += [value for row in csv.DictReader(stream) for value in row.values() if value]
    return sorted({word for name in names for word in re.findall("[\u4e00-\u9fff]{2,8}", name)})


def match(place: Province, work: Work) -> tuple[list[float], int]:
    """Milliseconds to find who wants the work among PROFILES distinct interests, and how many do."""
    words = real_topics()
    have = Interest.objects.count()
    chance = random.Random(11)

    def one(number: int) -> Interest:
        row = Interest(organisation=chance.choice([place.county, place.school, None]))
        row.filters = {"tag": [f"标签{number}"], "kind": chance.choice([["resource"], ["resource", "case_study"]])}
        if number % 4 == 0:
            row.words = [chance.choice(words)]
        else:
            row.filters |= {"subject": [str(chance.randrange(40))], "grade": [str(chance.randrange(40))]}
        row.file(row.profile.digest)
        return row

    say(f"{PROFILES:,} interests are made, and a work is matched with them")
    in_steps((one(number) for number in range(have, PROFILES)), Interest)
    document = document_of(work)
    if document is None:
        raise SystemExit("the work is not live")
    times = []
    met = 0
    for _ in range(40):
        started = time.perf_counter()
        met = len(interests_met(document))
        times.append((time.perf_counter() - started) * 1000)
    return times, met


def measured(there: Installation) -> dict[str, float]:
    steps: dict[str, Callable[[], list[float]]] = {
        "share and push": there.share_and_push,
        "inbox, p95": there.read_inboxes,
    }
    say(f"measured: {', '.join(steps)}")
    found = {name: step() for name, step in steps.items()}
    return {
        "share and push": statistics.median(found["share and push"]),
        "inbox, p95": p95(found["inbox, p95"]),
    }


def main() -> int:
    spaces = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    engine().ensure()
    there = Installation()
    there.grow(SMALL)
    measured(there)  # warm
    small = measured(there)
    there.grow(spaces)
    measured(there)  # as warm as the small one
    large = measured(there)
    rows = []
    missed = False
    for name, limit in LIMITS.items():
        ratio = large[name] / small[name]
        missed |= ratio > limit
        rows.append([name, f"{small[name]:.1f}", f"{large[name]:.1f}", f"{ratio:.2f}", f"{limit:.2f}"])
    table(["push", f"{SMALL:,} spaces, ms", f"{spaces:,} spaces, ms", "ratio", "at most"], rows)
    times, met = match(there.place, there.works[0])
    missed |= p95(times) > MOST_MS
    table(
        ["match", "p50, ms", "p95, ms", "met", "at most, ms"],
        [
            [
                f"{PROFILES:,} interests",
                f"{statistics.median(times):.1f}",
                f"{p95(times):.1f}",
                str(met),
                f"{MOST_MS:.0f}",
            ]
        ],
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
