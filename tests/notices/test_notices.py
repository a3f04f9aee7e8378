"""A person is told a thing once, in the site and by mail."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from cms.notices import actions, tasks
from cms.notices.actions import News, mark_read, set_preferences
from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.notices.queries import preferences, unread_count
from cms.outbox import actions as outbox
from cms.outbox import worker
from cms.outbox.models import Message
from cms.people.models import User
from tests import factories
from tests.browsing import signed_in

pytestmark = pytest.mark.django_db


def tell(*people: object, key: str = "submission:1:submit") -> int:
    return actions.tell([News(people, Topic.TO_REVIEW, "《分数》等你审核。", "/review/", key)])  # type: ignore[arg-type]


def test_telling_is_once_a_key() -> None:
    place = factories.province()
    user = factories.teacher(place)
    assert (tell(user), tell(user), tell(user, key="submission:1:submit:2")) == (1, 0, 1)
    assert unread_count(user) == 2


def test_mail_of_another_notice_is_another_mail(settings: Any) -> None:
    """Of one with the same number too: after a backup was restored, or at another installation."""
    user = factories.teacher(factories.province())
    tell(user)
    notice, ids = Notice.objects.get(), []
    later = notice.at + timedelta(microseconds=1)
    for at, site in [(notice.at, "a"), (notice.at, "a"), (later, "a"), (later, "b")]:
        settings.SITE_URL = f"https://{site}.example"
        Notice.objects.update(at=at)
        assert tasks.send(str(notice.pk))
        ids.append(mail.outbox[-1].extra_headers["Message-ID"])
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert ids[-1].endswith("@b.example>")


def test_no_mail_goes_to_an_account_deactivated_since() -> None:
    user = factories.teacher(factories.province())
    tell(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    worker.drain()
    assert mail.outbox == []


def test_mail_is_sent_once_and_says_where_to_go() -> None:
    place = factories.province()
    user = factories.teacher(place)
    tell(user)
    worker.drain()
    Message.objects.update(done_at=None)
    worker.drain()
    assert [m.to for m in mail.outbox] == [[user.email]]
    assert "《分数》等你审核。" in mail.outbox[0].body
    assert "http://127.0.0.1:8000/review/" in mail.outbox[0].body


def test_mail_is_not_sent_when_unwanted_read_or_without_address() -> None:
    place = factories.province()
    unwilling, reader, pupil = factories.teacher(place), factories.teacher(place), factories.pupil(place)
    set_preferences(unwilling, by_mail={Topic.TO_REVIEW: False})
    pupil.email = ""
    pupil.save()
    tell(unwilling, reader, pupil)
    mark_read(reader)
    worker.drain()
    assert mail.outbox == []
    assert Notice.objects.count() == 3
    assert not Message.objects.filter(done_at=None).exists()


def a_while_ago() -> datetime:
    """Before any upgrade that a message of no known topic might wait for."""
    return timezone.now() - timedelta(hours=2)


def test_operators_are_told_once_a_day_that_a_task_was_given_up() -> None:
    place = factories.province()
    operator, administrator = (
        factories.person("operator", place.province),
        factories.person("administrator", place.province),
    )
    others = [factories.person("administrator", place.school), factories.teacher(place)]
    worker.drain()
    for day, told in (("20T08:00", 1), ("20T22:00", 1), ("21T00:01", 2)):
        with time_machine.travel(datetime.fromisoformat(f"2026-11-{day}+08:00")):
            for ref in range(3):
                Message.objects.create(topic="nobody handles it", ref=str(ref), created_at=a_while_ago())
            worker.drain()
        for person in (operator, administrator):
            assert Notice.objects.filter(recipient=person, topic=Topic.OPERATION).count() == told
    assert Message.objects.filter(failed_at__isnull=False).count() == 9
    with time_machine.travel(datetime.fromisoformat("2026-11-21T09:00+08:00")):
        outbox.retry(by=operator)
        worker.drain()
    assert Notice.objects.filter(recipient=operator, topic=Topic.OPERATION).count() == 3
    assert not Notice.objects.filter(recipient__in=others, topic=Topic.OPERATION).exists()


def test_operators_are_told_of_what_failed_too_often_and_mail_that_fails_ends(settings: Any) -> None:
    """The mail that says so fails too: it is said once, and not of itself for ever."""
    settings.EMAIL_BACKEND = "no.such.backend"
    operator = factories.person("operator", factories.province().province)
    with time_machine.travel(datetime.fromisoformat("2026-11-20T08:00+08:00"), tick=False) as now:
        tell(operator)
        for _ in range(40):
            worker.drain()
            now.shift(timedelta(minutes=20))
    (notice,) = Notice.objects.filter(topic=Topic.OPERATION)

    assert "“寄出邮件”" in notice.text
    assert notice.url == "/admin/outbox/"
    assert Message.objects.filter(topic="notices.mail", failed_at__isnull=False).count() == 2
    assert not Message.objects.filter(topic="notices.mail", failed_at=None).exists()


def test_only_who_may_be_told_of_a_topic_is_asked_about_it() -> None:
    place = factories.province()
    pupil = factories.pupil(place)
    works = {Topic.TO_REVIEW, Topic.MY_WORK}
    people = {
        factories.person("operator", place.province): {*works, Topic.OPERATION},
        factories.parent(place, pupil): {Topic.CHILD},
        factories.teacher(place): works,
        pupil: set(),
    }
    for person, asked in people.items():
        page = signed_in(person).get("/notices/preferences/").content.decode()
        assert set(preferences(person)) == {Topic.PUSHED, Topic.ACCOUNT, *asked}
        assert {topic for topic in Topic if str(topic.label) in page} == set(preferences(person))
