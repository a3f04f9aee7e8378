"""Inboxes after random deeds at random times: pages, number and header agree with all of it dated at once."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction

from cms.library.models import Work
from cms.people.models import User
from cms.spaces import inbox
from cms.spaces.actions import add_interest, ensure_personal_space, follow, mark_inbox_seen, mark_seen, set_hidden
from cms.spaces.inbox import delivered, delivered_number, inbox_page
from cms.spaces.models import Interest, Space
from cms.spaces.unseen import is_unseen, new_since, unseen_count, unseen_in_own_space
from search.push import settling
from tests import factories
from tests.search.pushing import add_school
from workflows.sharing.actions import recall_share, recommend, share_work
from workflows.sharing.errors import SharingError
from workflows.sharing.models import Share

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 9, 1, tzinfo=UTC)
GOES_BY = [timedelta(minutes=1), timedelta(minutes=7), timedelta(hours=3), timedelta(days=1), timedelta(days=2)]
DEEDS = 40


class Doings:
    """A few works by two authors, and readers at four places who want them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.done: set[str] = set()
        self.place = place = factories.province()
        self.other = add_school(place)
        self.publisher = factories.person("publisher", place.county)
        self.editor = factories.person("editor", place.county)
        authors = [factories.teacher(place), factories.teacher(place)]
        self.readers = [
            authors[0],
            factories.teacher(place),
            factories.person("teacher", self.other),
            factories.person("administrator", place.county),
        ]
        self.works = [factories.published(place, random.choice(authors)).work.pk for _ in range(3)]
        wanted: dict[int, Interest] = {}
        for user in self.readers:
            space = ensure_personal_space(user)
            for facets in ({"subject_id": place.subject.pk}, {"stage_id": place.stage.pk}):
                if random.random() < 0.8:
                    interest = add_interest(space, by=user, **facets)
                    wanted[interest.pk] = interest
            if random.random() < 0.5 and user not in authors:
                follow(space, by=user, author=random.choice(authors))
        self.interests = list(wanted.values())

    def somebody(self) -> dict[str, Any]:
        user = self.random.choice(self.readers)
        return {"space": Space.objects.get(owner=user), "by": user}

    # --- deeds, each of which anybody's click or the worker could do now ---------------------------------------------

    def share(self, work: Work) -> None:
        share_work(work, scope=self.random.choice([self.other, self.place.county]), by=self.publisher)

    def push(self, work: Work) -> None:
        found = self.random.sample(self.interests, self.random.randint(0, len(self.interests)))
        settling.settle(work, [interest.pk for interest in found])

    def push_past(self, work: Work) -> None:
        versions = dict(Work.objects.filter(pk__in=self.works).values_list("pk", "live_revision_id"))
        settling.settle_past(self.random.choice(self.interests), versions)

    def recommend(self, work: Work) -> None:
        readers = self.random.choice(["teacher", "everybody"])
        recommend(work, organisation=self.place.county, by=self.editor, readers=readers, words="好")
        settling.settle_recommended(work)

    def recall(self, work: Work) -> None:
        for share in Share.objects.filter(work=work, recalled_at=None).order_by("pk")[:1]:
            recall_share(share, by=self.publisher, reason="先收回")
            settling.recall(work, share.scope_id)

    def hide(self, work: Work) -> None:
        set_hidden(**self.somebody(), work=work, hidden=self.random.random() < 0.6)

    def look(self, work: Work) -> None:
        mark_inbox_seen(**self.somebody())

    def look_at_one(self, work: Work) -> None:
        mark_seen(**self.somebody(), works=[work.pk])

    def do_something(self) -> None:
        deeds = [self.share, self.push_past, self.recall, self.hide, self.look, self.look_at_one]
        deed = self.random.choice([*deeds, *[self.push] * 3, *[self.recommend] * 2])
        with suppress(SharingError, PermissionDenied), transaction.atomic():
            deed(Work.objects.get(pk=self.random.choice(self.works)))
            self.done.add(deed.__name__)


def compare(reader: User, limit: int) -> int:
    """Returns how many are in the inbox."""
    user, space = User.objects.get(pk=reader.pk), Space.objects.get(owner=reader)
    found, flagged = {}, {}
    for tiers in (False, True):
        everything = list(delivered(space, user, tiers=tiers).values_list("work", "delivered_at"))
        assert delivered_number(space, user, tiers=tiers) == len(everything)
        starts = range(0, len(everything) + 1, limit)
        pages = [inbox_page(space, user, offset=start, limit=limit, tiers=tiers) for start in starts]
        items = [item for page in pages for item in page]
        assert [(item.work.pk, item.at) for item in items] == everything
        found[tiers] = dict(everything)
        flagged[tiers] = {item.work.pk for item in items if is_unseen(item, new_since(space))}
    assert found[False].items() <= found[True].items()  # what is pushed to all dates nothing that was wanted
    assert flagged[False] == flagged[True]
    assert unseen_count(space, user) == unseen_in_own_space(user) == len(flagged[True])
    return len(found[True])


@pytest.mark.parametrize("seed", [0, 4, 6])
def test_inboxes_say_the_same_however_they_are_asked(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "NEWEST", (1, 2))  # so that few works are enough for each step
    random = Random(seed)
    most = 0
    with time_machine.travel(FIRST - timedelta(days=1), tick=False) as now:
        doings = Doings(random)
        for work in Work.objects.filter(pk__in=doings.works).order_by("pk"):
            doings.share(work)
        for _ in range(DEEDS):
            now.shift(random.choice(GOES_BY))
            doings.do_something()
            most = max(most, compare(random.choice(doings.readers), random.choice([1, 2])))
        now.shift(timedelta(days=12))
        for reader in doings.readers:
            compare(reader, 1)
    assert most > 1
    assert doings.done == {"share", "push", "push_past", "recommend", "recall", "hide", "look", "look_at_one"}
