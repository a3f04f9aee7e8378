"""Old notices are deleted, once a day; what was told once for ever is not told again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.learning.models import LessonProgress
from cms.notices import actions
from cms.notices.actions import News, mark_read, prune, tell
from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.notices.tasks import PRUNE
from cms.outbox import actions as outbox
from cms.outbox import worker
from cms.people.models import User
from cms.spaces.actions import ensure_personal_space, follow
from search.push import settling
from tests import factories
from tests.learning.test_progress import complete, live_course

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


def told(user: User, key: str, *, read: float | None, at: float) -> None:
    """A notice of so many years ago, read so many years ago."""
    tell([News([user], Topic.PUSHED, key, "/space/inbox/", key)])
    now = timezone.now()
    Notice.objects.filter(recipient=user, key=key).update(
        at=now - at * YEAR, read_at=None if read is None else now - read * YEAR
    )


def kept() -> set[str]:
    return set(Notice.objects.values_list("text", flat=True))


def test_what_was_read_a_year_ago_and_what_nobody_read_in_three_goes() -> None:
    user = factories.teacher(factories.province())
    told(user, "read long ago", read=1.1, at=1.2)
    told(user, "read lately", read=0.9, at=2.9)
    told(user, "unread for long", read=None, at=3.1)
    told(user, "unread for less", read=None, at=2.9)
    outbox.keep_recurring(PRUNE, every=timedelta(days=1))
    worker.drain()
    assert kept() == {"read lately", "unread for less"}


def test_many_go_in_slices_and_what_stays_is_passed_over_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "SLICE", 2)
    user = factories.teacher(factories.province())
    for number in range(5):
        told(user, f"digest:{number}", read=2, at=2)
        told(user, f"pushed:{number}", read=2, at=2)
    with CaptureQueriesContext(connection) as captured:
        assert prune(read_before=YEAR, told_before=YEAR) == 5
    assert kept() == {f"pushed:{number}" for number in range(5)}
    reads = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    assert len(reads) == 5  # 2 and 2 and 1, no more, and of the unread none


def test_a_work_that_is_pushed_again_is_not_told_again() -> None:
    place = factories.province()
    author, follower = factories.teacher(place), factories.teacher(place)
    follow(ensure_personal_space(follower), by=follower, author=author)
    share = factories.shared(place, author)
    worker.drain()
    of_works = Notice.objects.filter(recipient=follower, topic=Topic.PUSHED)
    before = list(of_works.values_list("pk", flat=True))
    assert len(before) == 1
    grow_old(follower)
    settling.settle(share.work)
    assert list(of_works.values_list("pk", flat=True)) == before


def test_a_course_that_is_completed_again_is_not_told_again() -> None:
    place = factories.province()
    child = factories.pupil(place)
    parent = factories.parent(place, child)
    course = live_course(place)
    complete(course, child)
    grow_old(parent)
    LessonProgress.objects.filter(enrolment__learner=child).latest(
        "pk"
    ).delete()  # a lesson more, as in a later version
    complete(course, child)
    assert Notice.objects.filter(recipient=parent, topic=Topic.CHILD).count() == 1


def grow_old(user: User) -> None:
    mark_read(user)
    Notice.objects.filter(recipient=user).update(at=timezone.now() - 4 * YEAR, read_at=timezone.now() - 4 * YEAR)
    prune(read_before=YEAR, told_before=YEAR)
