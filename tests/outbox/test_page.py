"""The operators' page."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.audit.models import Entry
from cms.outbox.handlers import topics
from cms.outbox.models import Message, Worker
from cms.outbox.queries import by_topic, label_of
from cms.outbox.worker import AWAY
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province

pytestmark = pytest.mark.django_db
PAGE = "/admin/outbox/"


def failed(number: int = 1) -> Message:
    return Message.objects.create(
        topic="notices.mail", ref=str(number), attempts=8, failed_at=timezone.now(), error="<b>SMTP away</b>"
    )


@time_machine.travel("2026-11-20 12:00+08:00")  # soon after midnight, two hours ago is yesterday
def test_page_tells_operators_what_waits_what_failed_and_who_works(place: Province) -> None:
    failed()
    Message.objects.create(topic="search.index", ref="1", due_at=timezone.now() - timedelta(hours=2))
    client = signed_in(factories.person("operator", place.province))
    page = client.get(PAGE).content.decode()
    assert "没有工作进程在运行" in page
    assert "&lt;b&gt;SMTP away" in page
    assert "2 小时前" in page
    Worker.objects.create(name="host-1")
    assert "没有工作进程在运行" not in client.get(PAGE).content.decode()


@time_machine.travel("2026-11-20 12:00+08:00", tick=False)
def test_what_waits_for_what_is_away_waits_since_it_was_owed(place: Province) -> None:
    now = timezone.now()
    soon, long_ago = now + timedelta(seconds=AWAY), now - timedelta(hours=3)
    Message.objects.create(topic="notices.mail", ref="1", created_at=long_ago, due_at=soon, error="Outage: mail")
    Message.objects.create(topic="notices.mail", ref="2", created_at=long_ago, due_at=soon)
    Message.objects.create(topic="push.digest", ref="", created_at=long_ago, due_at=now + timedelta(hours=9))
    states = {state.topic: state for state in by_topic()}
    assert (states["notices.mail"].due, states["notices.mail"].oldest) == (2, long_ago)
    assert (states["push.digest"].due, states["push.digest"].later, states["push.digest"].oldest) == (0, 1, None)
    page = signed_in(factories.person("operator", place.province)).get(PAGE).content.decode()
    assert "3 小时前" in page


def test_operator_retries_one_or_all_and_it_is_noted(place: Province) -> None:
    first, second, third = failed(1), failed(2), failed(3)
    user = factories.person("operator", place.province)
    client = signed_in(user)
    assert client.get(f"{PAGE}{first.pk}/retry/").status_code == 405
    client.post(f"{PAGE}{first.pk}/retry/")
    first.refresh_from_db()
    assert (first.failed_at, first.attempts) == (None, 0)
    client.post(f"{PAGE}retry/")
    assert not Message.objects.filter(failed_at__isnull=False).exists()
    again = client.post(f"{PAGE}{second.pk}/retry/", follow=True)
    assert "已经不在失败的里面" in again.content.decode()
    notes = Entry.objects.filter(verb="outbox:retry").order_by("id")
    assert [(note.actor, note.data) for note in notes] == [
        (user, {"topics": {"notices.mail": 1}}),
        (user, {"topics": {"notices.mail": 2}}),
    ]
    assert third.pk


def test_page_is_there_for_operators_and_provincial_administrators_only(place: Province) -> None:
    message = failed()
    assert signed_in(factories.person("administrator", place.province)).get(PAGE).status_code == 200
    others = (factories.teacher(place), factories.person("administrator", place.school), factories.expert(place))
    for user in others:
        client = signed_in(user)
        assert client.get(PAGE).status_code == 404
        assert client.post(f"{PAGE}retry/").status_code == 404
        assert client.post(f"{PAGE}{message.pk}/retry/").status_code == 404
        assert PAGE not in client.get("/admin/").content.decode()
    assert Client().get(PAGE).status_code == 302
    message.refresh_from_db()
    assert message.failed_at is not None


def test_page_is_paged_and_asks_the_same_queries_for_any_number_of_rows(place: Province) -> None:
    client = signed_in(factories.person("operator", place.province))
    failed()
    client.get(PAGE)
    counts = []
    for _n in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        counts.append(len(asked))
        for number in range(40):
            failed(number)
    assert counts[0] == counts[1] <= 14
    page = client.get(PAGE, {"page": "2"}).content.decode()
    assert "第 2 页，共 3 页" in page
    assert client.get(PAGE, {"page": "x"}).status_code == 200


def test_every_topic_of_the_product_has_words_for_operators() -> None:
    assert [topic for topic in topics() if label_of(topic) == topic] == []
