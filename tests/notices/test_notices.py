"""A person is told a thing once, in the site and by mail."""

import pytest
from django.core import mail

from cms.notices.actions import mark_read, notify, set_preferences
from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.notices.queries import unread_count
from cms.outbox import worker
from cms.outbox.models import Message
from tests import factories

pytestmark = pytest.mark.django_db


def tell(*people: object, key: str = "submission:1:submit") -> int:
    return notify(people, topic=Topic.TO_REVIEW, text="《分数》等你审核。", url="/review/", key=key)  # type: ignore[arg-type]


def test_notify_is_once_a_key() -> None:
    place = factories.province()
    user = factories.teacher(place)
    assert (tell(user), tell(user), tell(user, key="submission:1:submit:2")) == (1, 0, 1)
    assert unread_count(user) == 2


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
