"""One sentence a day, and mail where it is wanted: of all that came since the last, and of nothing twice."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cms.notices.actions import set_preferences
from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.outbox import actions as outbox
from cms.outbox.models import Message
from cms.outbox.worker import drain, run_one
from cms.people.models import User
from cms.spaces import unseen
from cms.spaces.actions import follow, mark_inbox_seen
from cms.spaces.models import Space
from search.push import digest, settling
from tests import factories
from tests.search.pushing import killed, reader, tell_all
from workflows.sharing.models import Share

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
"""Twelve in China."""


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user, topic=Topic.PUSHED).order_by("pk").values_list("text", flat=True))


def on_day(number: int, hours: float = 0) -> time_machine.travel:
    return time_machine.travel(NOON + timedelta(days=number, hours=hours), tick=True)


def test_digest_counts_what_is_new_and_goes_by_mail_where_wanted() -> None:
    place = factories.province()
    reads, _space = reader(place, subject_id=place.subject.pk)
    no_mail, _space = reader(place, subject_id=place.subject.pk)
    looked, its_space = reader(place, subject_id=place.subject.pk)
    other, _space = reader(place, subject_id=place.other_subject.pk)
    set_preferences(no_mail, by_mail={Topic.PUSHED: False})
    for _ in range(2):
        factories.shared(place)
    drain()
    mark_inbox_seen(its_space, by=looked)
    mail.outbox.clear()
    tell_all()
    tell_all()
    sentence = "最近一天有 2 件适合您的新资源送到了收件箱。"
    assert told(reads) == told(no_mail) == [sentence]
    assert told(looked) == told(other) == []
    ours = {user.email for user in (reads, no_mail, looked, other)}
    assert [message.to for message in mail.outbox if ours & set(message.to)] == [[reads.email]]


def test_more_than_are_counted_are_said_to_be_more(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (digest, unseen):
        monkeypatch.setattr(module, "MOST_UNSEEN", 2)
    place = factories.province()
    reads, _space = reader(place, subject_id=place.subject.pk)
    for number, said in ((2, "2"), (3, "2+")):
        while Share.objects.count() < number:
            factories.shared(place)
        drain()
        Notice.objects.all().delete()
        Space.objects.update(digest_until=None)
        tell_all()
        assert told(reads) == [f"最近一天有 {said} 件适合您的新资源送到了收件箱。"]
        client = Client()
        client.force_login(reads)
        page = client.get("/space/").content.decode()
        assert f"有 {said} 件新送来的作品" in page
        assert f'<span class="count">{said}<' in page


def test_what_came_while_no_worker_worked_is_told_by_the_next_digest_and_once() -> None:
    with on_day(0):
        place = factories.province()
        reads, _space = reader(place, subject_id=place.subject.pk)
        tell_all()
    with on_day(1):
        factories.shared(place)
    with on_day(4):  # the digest is due for longer than the push
        Message.objects.filter(topic=digest.DIGEST).delete()
        with transaction.atomic():
            outbox.add(digest.DIGEST, outbox.RECURRING, due_at=NOON + timedelta(hours=1))
        drain()
        assert told(reads) == ["最近 4 天有 1 件适合您的新资源送到了收件箱。"]
    with on_day(5):
        tell_all()
        assert len(told(reads)) == 1
        factories.shared(place)
    with on_day(6):
        tell_all()
    assert told(reads)[1:] == ["最近一天有 1 件适合您的新资源送到了收件箱。"]


def test_digest_leaves_out_what_was_there_before_the_space_and_what_is_a_month_old() -> None:
    with on_day(0):
        place = factories.province()
        factories.shared(place)
        drain()
    with on_day(2):
        late, _space = reader(place, subject_id=place.subject.pk)
        tell_all()
    assert told(late) == []
    with on_day(3):
        factories.shared(place)
        Message.objects.filter(topic=digest.DIGEST).delete()
        drain()
    with on_day(36):
        tell_all()
    assert told(late) == []


def test_a_second_digest_of_a_day_tells_nothing_and_passes_nothing_over() -> None:
    with on_day(0):
        place = factories.province()
        reads, _space = reader(place, subject_id=place.subject.pk)
        factories.shared(place)
        tell_all()
    with on_day(0, hours=2):
        factories.shared(place)
        tell_all()
        assert told(reads) == ["最近一天有 1 件适合您的新资源送到了收件箱。"]
    with on_day(1):
        tell_all()
    assert told(reads)[1:] == ["最近一天有 1 件适合您的新资源送到了收件箱。"]


def test_work_that_is_pushed_late_is_told_though_it_was_shared_before_the_last_digest() -> None:
    with on_day(0):
        place = factories.province()
        reads, _space = reader(place, subject_id=place.subject.pk)
        drain()
        factories.shared(place)
        Message.objects.filter(topic=settling.PUSH).update(
            due_at=NOON + timedelta(hours=5)
        )  # it failed, and is tried again
    with on_day(0, hours=1):
        tell_all()
        assert told(reads) == []
    with on_day(1):
        tell_all()
    assert told(reads) == ["最近一天有 1 件适合您的新资源送到了收件箱。"]


def test_worker_killed_while_it_tells_passes_nothing_over_and_tells_once(monkeypatch: pytest.MonkeyPatch) -> None:
    place = factories.province()
    reads, space = reader(place, subject_id=place.subject.pk)
    factories.shared(place)
    drain()

    Message.objects.filter(topic=digest.DIGEST).delete()
    with transaction.atomic():
        outbox.add(digest.DIGEST_PART, f"{timezone.now().isoformat()} {space.pk - 1}")
    with monkeypatch.context() as patched:
        patched.setattr("cms.outbox.actions.mark_done", killed)  # at the last line of the transaction
        with pytest.raises(KeyboardInterrupt):
            drain()
    assert told(reads) == []
    assert Space.objects.get(pk=space.pk).digest_until is None
    Message.objects.update(leased_until=None)
    drain()
    tell_all()
    assert told(reads) == ["最近一天有 1 件适合您的新资源送到了收件箱。"]


def test_part_that_was_counted_twice_at_once_is_told_once_and_noted_once() -> None:
    place = factories.province()
    reads, space = reader(place, subject_id=place.subject.pk)
    factories.shared(place)
    drain()
    early = f"{timezone.now().isoformat()} {space.pk - 1}"
    first = digest.count_new(early)
    factories.shared(place)
    drain()
    later = f"{timezone.now().isoformat()} {space.pk - 1}"
    second = digest.count_new(later)
    digest.tell_digest(early, first)
    digest.tell_digest(later, second)
    assert told(reads) == ["最近一天有 1 件适合您的新资源送到了收件箱。"]
    assert Space.objects.get(pk=space.pk).digest_until == first.until
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        tell_all()
    assert told(reads)[1:] == ["最近一天有 1 件适合您的新资源送到了收件箱。"]


def test_digest_leaves_out_what_had_a_notice_of_its_own() -> None:
    place = factories.province()
    author = factories.teacher(place)
    follower, space = reader(place, subject_id=place.subject.pk)
    follow(space, by=follower, author=author)
    factories.shared(place, author)
    drain()
    tell_all()
    assert len(told(follower)) == 1  # that of the work
    factories.shared(place)
    drain()
    tell_all()
    assert told(follower)[1:] == ["最近一天有 1 件适合您的新资源送到了收件箱。"]


def parts_waiting() -> int:
    return Message.objects.filter(topic=digest.DIGEST_PART, done_at=None).count()


def test_what_is_shared_while_a_digest_is_told_waits_for_one_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "PART", 1)
    place = factories.province()
    readers = [reader(place, subject_id=place.subject.pk)[0] for _ in range(3)]
    factories.shared(place)
    drain()
    Message.objects.filter(topic=digest.DIGEST).delete()
    with transaction.atomic():
        outbox.add(digest.DIGEST, outbox.RECURRING)
    run_one()
    assert parts_waiting() == 1
    factories.shared(place)
    while Message.objects.filter(topic=settling.PUSH, done_at=None).exists():
        run_one()
    assert told(readers[-1]) == []
    assert parts_waiting() == 1
    drain()
    assert len(told(readers[-1])) == 1
    assert parts_waiting() == 0


def test_address_that_comes_while_a_digest_is_told_pushes_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "PART", 2)
    place = factories.province()
    readers = [reader(place, subject_id=place.subject.pk)[0] for _ in range(5)]
    factories.shared(place)
    drain()
    User.objects.update(email="")
    User.objects.filter(pk__in=[user.pk for user in readers]).exclude(pk=readers[1].pk).update(email="t@example.cn")
    Message.objects.filter(topic=digest.DIGEST).delete()
    with transaction.atomic():
        digest.owe_digests("", None)
    User.objects.filter(pk=readers[1].pk).update(email="new@example.cn")
    drain()
    assert [len(told(user)) for user in readers] == [1] * 5


def test_digest_of_what_came_yesterday_does_not_say_that_it_came_today() -> None:
    with on_day(0):
        place = factories.province()
        reads, _space = reader(place, subject_id=place.subject.pk)
        tell_all()
    with on_day(0, hours=8):
        factories.shared(place)
        drain()
    with on_day(0, hours=12.1):  # after midnight
        tell_all()
    assert told(reads) == ["最近一天有 1 件适合您的新资源送到了收件箱。"]


def test_digest_is_told_at_one_hour_of_the_day() -> None:
    with on_day(0):
        tell_all()
    (waiting,) = Message.objects.filter(outbox.WAITING, topic=digest.DIGEST)
    assert waiting.due_at == NOON + timedelta(hours=digest.HOUR - 12)
