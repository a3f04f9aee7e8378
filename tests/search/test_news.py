"""What is new to whom: in the inbox, in the number of the header, in the digest. To nobody twice, to nobody never."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import transaction
from django.utils.timezone import localtime

from cms.library.actions.granting import grant
from cms.library.models import Coauthor, Work
from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.organisations.models import Organisation
from cms.outbox.worker import drain
from cms.people.models import User
from cms.spaces.actions import (
    add_interest,
    ensure_personal_space,
    ensure_school_space,
    follow,
    mark_inbox_seen,
)
from cms.spaces.inbox import delivered, inbox_page
from cms.spaces.models import Delivery
from cms.spaces.unseen import unseen_count, unseen_in_own_space
from search.push import settling
from tests import factories
from tests.browsing import signed_in
from tests.factories.province import Province
from tests.search.pushing import Who, add_school, reader, school_share, tell_all
from workflows.sharing.actions import recall_share, recommend, share_work
from workflows.sharing.models import Share

pytestmark = pytest.mark.django_db


def on(day: str) -> time_machine.travel:
    return time_machine.travel(datetime.fromisoformat(f"2026-09-{day}+08:00"))


def since_the_first(place: Province, organisation: Organisation, role: str = "teacher") -> Who:
    """Somebody who wants the subject, and has had all that there was on the first of the month."""
    with on("01T08:00"):
        who = reader(place, organisation, role=role, subject_id=place.subject.pk)
        drain()
    return who


def look(*readers: Who) -> None:
    for user, space in readers:
        mark_inbox_seen(space, by=user)


def news(who: Who, at: str = "09-30T20:00") -> tuple[int, list[int]]:
    """How many are new, which the header says too; and the day of each that fits."""
    user, space = who
    space.refresh_from_db()
    with time_machine.travel(datetime.fromisoformat(f"2026-{at}+08:00")):
        number = unseen_count(space, user)
        assert unseen_in_own_space(User.objects.get(pk=user.pk)) == number
        return number, [item.at.day for item in inbox_page(space, user, tiers=False)]


def told(who: Who) -> int:
    """A digest is told now; returns how many this person has had."""
    tell_all()
    return Notice.objects.filter(recipient=who[0], topic=Topic.PUSHED).count()


@pytest.fixture
def place() -> Province:
    with on("01T08:00"):
        return factories.province()


def widened(narrow: Share, place: Province) -> None:
    share_work(narrow.work, scope=place.county, by=narrow.shared_by)


def test_wider_share_is_new_to_whom_it_newly_reaches_and_to_nobody_else(place: Province) -> None:
    near, far = since_the_first(place, place.school), since_the_first(place, place.county)
    with on("02T08:00"):
        narrow = school_share(place)
        drain()
    with on("05T08:00"):
        look(near, far)
    with on("06T08:00"):
        widened(narrow, place)
        drain()
    with on("06T09:00"):
        assert [told(near), told(far)] == [0, 1]

    assert [news(near), news(far)] == [(0, [2]), (1, [6])]


@pytest.mark.parametrize(("read", "new"), [("02T08:10", 1), ("12T08:00", 0)])
def test_what_is_found_in_the_files_of_a_young_work_is_new(place: Province, read: str, new: int) -> None:
    """The followers of a word that stands there alone may have looked before the files were read."""
    who = since_the_first(place, place.school)
    with on("02T08:00"):
        work = school_share(place).work
        settling.settle(work, [])
        assert news(who) == (0, [])
    with on("02T08:05"):
        look(who)
    with on(read):
        settling.settle(work)

    assert news(who) == (new, [2])


@pytest.mark.parametrize("second", ["02T09:00", "06T08:00"])
def test_work_that_fits_twice_comes_once(place: Province, second: str) -> None:
    """By another interest, which a word of the files or a new version meets."""
    user, space = who = since_the_first(place, place.school)
    with on("01T09:00"):
        stage = add_interest(space, by=user, stage_id=place.stage.pk)
        drain()
    with on("02T08:00"):
        work = school_share(place).work
        settling.settle(work, [interest.pk for interest in space.interests.all() if interest != stage])
        Delivery.objects.filter(token=f"i{stage.pk}").delete()
    with on("02T08:10"):
        assert told(who) == 1
        look(who)
    with on(second):
        Work.objects.filter(pk=work.pk).update(last_published_at=datetime.now(UTC))
        settling.settle(Work.objects.get(pk=work.pk))
        assert Delivery.objects.filter(token=f"i{stage.pk}").exists()
    with on("07T08:00"):
        assert told(who) == 1

    assert news(who) == (0, [2])


def test_recommendation_is_new_to_who_knows_the_work_and_to_who_looked_before_it_came(place: Province) -> None:
    who = since_the_first(place, place.school)
    with on("02T08:00"):
        share = factories.shared(place)
        drain()
    with on("05T08:00"):
        recommend(share.work, organisation=place.county, by=factories.person("editor", place.county))
    with on("05T09:00"):
        look(who)
    with on("05T10:00"):
        drain()
    assert news(who) == (1, [5])
    with on("06T08:00"):
        look(who)
        settling.settle(share.work)

    assert news(who) == (0, [5])


@pytest.mark.parametrize("wider", [False, True])
def test_push_that_comes_late_is_new_to_whoever_looked_meanwhile(place: Province, wider: bool) -> None:
    who = since_the_first(place, place.county if wider else place.school)
    with on("02T08:00"):
        narrow = school_share(place)
        if wider:
            drain()
            widened(narrow, place)
    with on("02T09:00"):
        look(who)
    with on("02T10:00"):
        drain()
    with on("03T10:00"):
        assert told(who) == 1

    assert news(who) == (1, [2])


def test_narrower_share_may_go_once_there_is_a_wider_one(place: Province) -> None:
    near = since_the_first(place, add_school(place))
    with on("02T08:00"):
        narrow = school_share(place)
        drain()
        assert narrow.scope == near[0].memberships.get().organisation
    with on("02T09:00"):
        assert told(near) == 1
    with on("05T08:00"):
        look(near)
    with on("06T08:00"):
        widened(narrow, place)
        drain()
        recall_share(narrow, by=narrow.shared_by, reason="全县都有了")
        drain()
    with on("07T09:00"):
        assert told(near) == 1

    assert news(near) == (0, [2])


@pytest.mark.parametrize("how", ["administrator", "coauthor"])
def test_who_may_see_it_anyway_has_it_once(place: Province, how: str) -> None:
    who = since_the_first(place, place.county, role="administrator" if how == "administrator" else "teacher")
    with on("02T08:00"):
        narrow = school_share(place)
        if how == "coauthor":
            Coauthor.objects.create(work=narrow.work, user=who[0])
        drain()
    with on("05T08:00"):
        look(who)
    with on("06T08:00"):
        widened(narrow, place)
        drain()

    assert news(who) == (0, [2])


def test_wider_tier_is_nothing_new_to_the_narrower_one(place: Province) -> None:
    with on("01T08:00"):
        user = factories.person("teacher", place.school)
        space = ensure_personal_space(user)
        drain()
    with on("02T08:00"):
        share = factories.shared(place)
        drain()
    with on("06T08:00"):
        # As after a review of the city.
        Share.objects.create(work=share.work, submission=share.submission, scope=place.city, shared_by=share.shared_by)
        grant(share.work, place.city)
        settling.settle(Work.objects.get(pk=share.work_id))

    assert [item.at.day for item in inbox_page(space, user)] == [2]


def test_second_push_of_an_old_work_makes_it_new_to_nobody(place: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOST_PAST", 1)
    with on("01T08:00"):
        old = school_share(place)
        drain()
    with on("02T08:00"):
        school_share(place)
        drain()
    with on("10T08:00"):
        who = reader(place, subject_id=place.subject.pk)
        follow(who[1], by=who[0], followed=ensure_school_space(place.school))
        drain()
        look(who)
    with on("12T08:00"):
        with transaction.atomic():
            settling.queue(old.work_id)  # its files have been read
        drain()

    assert news(who) == (0, [2, 1])


def test_recommendation_that_comes_before_the_push_of_a_share_takes_no_news_away(place: Province) -> None:
    who = since_the_first(place, place.school)
    with on("02T08:00"):
        share = factories.shared(place)
    with on("02T08:30"):
        editor = factories.person("editor", place.county)
        row = recommend(share.work, organisation=place.county, subject=place.other_subject, by=editor)
        settling.finish_recommendation(str(row.pk), None)
    with on("02T09:00"):
        look(who)
    with on("02T10:00"):
        drain()

    assert news(who) == (1, [2])


@pytest.mark.parametrize("looked", [False, True])
def test_what_came_a_month_ago_is_found_and_is_not_new(place: Province, looked: bool) -> None:
    """Whoever never looks is not counted everything that ever came, on every page of the site."""
    who = since_the_first(place, place.school)
    with on("02T08:00"):
        school_share(place)
        drain()
        assert news(who) == (1, [2])
    if looked:
        with on("01T09:00"):
            look(who)
    for at, number in (("10-02T23:30", 1), ("10-03T00:30", 0)):
        assert news(who, at) == (number, [2])
        with time_machine.travel(datetime.fromisoformat(f"2026-{at}+08:00")):
            page = signed_in(who[0]).get("/space/inbox/").content.decode()
        assert ("inbox-flag" in page) == bool(number)


def test_push_after_a_recommendation_is_no_later_than_its_deliveries(place: Province) -> None:
    """The past of an interest is dated when the work was shared, and its circle has it since the late push."""
    with on("01T08:00"):
        user, space = reader(place)
    editor = factories.person("editor", place.county)
    with on("02T08:00"):
        work = factories.shared(place).work
    with on("02T09:00"):
        recommend(work, organisation=place.county, by=editor)
        settling.settle_recommended(work)
    with on("02T14:00"):
        settling.settle(work)
    with on("12T08:00"):
        interest = add_interest(space, by=user, stage_id=place.stage.pk)
        settling.settle_past(interest, settling.past_of(interest))
        (row,) = delivered(space, user, tiers=False)

    assert localtime(row["delivered_at"]).hour == 9


def test_work_that_fits_twice_is_no_later_than_its_deliveries(place: Province) -> None:
    """The past of two interests, before and after a recall; the circle has the work since a push later than both."""
    with on("01T08:00"):
        user, space = reader(place)
    with on("02T08:00"):
        narrow = school_share(place)
    with on("04T08:00"):
        widened(narrow, place)
    with on("05T08:00"):
        settling.settle(narrow.work)
    with on("12T08:00"):
        first = add_interest(space, by=user, stage_id=place.stage.pk)
        settling.settle_past(first, settling.past_of(first))
        recall_share(Share.objects.get(scope=place.county), by=narrow.shared_by, reason="只给一所学校")
        second = add_interest(space, by=user, subject_id=place.subject.pk)
        settling.settle_past(second, settling.past_of(second))
        widened(narrow, place)
        (row,) = delivered(space, user, tiers=False)

    assert localtime(row["delivered_at"]).day == 4


def test_what_is_pushed_to_all_dates_nothing_that_was_wanted(place: Province) -> None:
    """It came by the tier first, and by an interest when its files had been read: new, in either list."""
    user, space = who = since_the_first(place, place.school)
    with on("02T08:00"):
        work = factories.shared(place).work
        settling.settle(work, [])
    with on("02T09:00"):
        look(who)
    with on("02T10:00"):
        settling.settle(work)
    assert news(who) == (1, [2])

    hours = [
        localtime(row["delivered_at"]).hour for tiers in (False, True) for row in delivered(space, user, tiers=tiers)
    ]
    assert hours == [10, 10]
