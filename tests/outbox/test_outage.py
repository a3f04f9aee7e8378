"""What is away holds up nothing else: one message finds out, and the rest of its topic waits with it, untried."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cms.outbox import actions, handlers, worker
from cms.outbox.errors import Outage
from cms.outbox.handlers import Handler
from cms.outbox.models import Message

TOPIC, OTHER = "tests.topic", "tests.other"
LEASE = timedelta(seconds=30)


def owe(topic: str, *refs: str) -> None:
    with transaction.atomic():
        actions.add_each(topic, refs)


def a_little_later() -> None:
    """All that waits for what is away is due, in its order."""
    for message in Message.objects.filter(actions.WAITING, due_at__gt=timezone.now()):
        message.due_at -= timedelta(seconds=worker.AWAY + 1)
        message.save()


@pytest.mark.django_db
def test_one_finds_out_for_all_of_its_topic_and_other_work_is_next() -> None:
    away = [True]
    tried: list[str] = []

    def work(ref: str) -> None:
        tried.append(ref)
        if away[0]:
            raise Outage("mail")

    handlers.register(Handler(TOPIC, work=work, max_attempts=2))
    handlers.register(Handler(OTHER, work=tried.append))
    owe(TOPIC, "1", "2", "3", "4")
    owe(OTHER, "other")
    tally = worker.Tally()
    worker.drain(tally=tally)
    assert tried == ["1", "other"]
    assert (tally.done, tally.failed, tally.away) == (1, 0, 4)
    waiting = Message.objects.filter(actions.WAITING)
    assert set(waiting.values_list("attempts", "leased_until")) == {(0, None)}
    assert {round((message.due_at - timezone.now()).total_seconds()) for message in waiting} <= {14, 15}

    for _n in range(3):  # more often than it may fail
        a_little_later()
        worker.drain()
    away[0] = False
    a_little_later()
    worker.drain()
    assert not waiting.all().exists()


@pytest.mark.django_db
def test_those_that_alone_find_it_away_do_not_keep_the_others_from_their_turn() -> None:
    away = [True]
    tried: list[str] = []

    def work(ref: str) -> None:
        tried.append(ref)
        if away[0] or ref in ("strange", "stranger"):
            raise Outage("it says")

    handlers.register(Handler(TOPIC, work=work))
    owe(TOPIC, "strange", "stranger", "1", "2", "3")
    for _n in range(6):
        worker.drain()
        a_little_later()
    assert tried == ["strange", "stranger", "1", "2", "3", "strange"]
    away[0] = False
    for _n in range(3):
        worker.drain()
        a_little_later()
    assert {message.ref for message in Message.objects.filter(actions.WAITING)} == {"strange", "stranger"}


@pytest.mark.django_db
def test_only_what_is_due_and_in_nobodys_hands_is_put_off() -> None:
    owe(TOPIC, "held")
    held = actions.claim(lease=LEASE)
    assert held is not None
    owe(TOPIC, "due", "planned", "given up", "done")
    owe(OTHER, "other")
    planned, now = timezone.now() + timedelta(hours=3), timezone.now()
    Message.objects.filter(ref="planned").update(due_at=planned)
    Message.objects.filter(ref="given up").update(failed_at=now)
    Message.objects.filter(ref="done").update(done_at=now)
    before = dict(Message.objects.values_list("ref", "due_at"))
    assert actions.put_off(held, delay=timedelta(minutes=1)) == 1
    after = dict(Message.objects.values_list("ref", "due_at"))
    assert {ref for ref in before if before[ref] != after[ref]} == {"due"}
    assert actions.mark_done(held)


def test_putting_off_does_not_wait_for_what_is_being_owed(committed_db: None) -> None:
    """Nor may it hold what that waits for: two that wait for each other end a request with an error."""
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("one writer at a time")
    owe(TOPIC, "0", "1", "2")
    away = actions.claim(lease=LEASE)
    assert away is not None
    put_off: list[int] = []

    def other() -> None:
        try:
            put_off.append(actions.put_off(away, delay=timedelta(minutes=1)))
        finally:
            connection.close()

    with transaction.atomic():
        actions.add_once(TOPIC, "1")
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
        assert put_off == [1]
    assert not thread.is_alive()
