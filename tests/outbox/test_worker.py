"""The worker: leases, fencing, back-off, parking, repeating work. Time is moved by writing the rows."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, transaction
from django.db.models.deletion import Collector
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.outbox import actions, handlers, worker
from cms.outbox.errors import Outage
from cms.outbox.handlers import BulkHandler, Handler
from cms.outbox.models import Message, Worker
from cms.outbox.queries import by_topic
from cms.outbox.signals import parked

pytestmark = pytest.mark.django_db
TOPIC = "tests.topic"


class Broken(Exception):
    pass


@pytest.fixture
def parkings() -> Iterator[list[str]]:
    """Topics of which it is told that a message was given up."""
    told: list[str] = []

    def note(topic: str, **kwargs: object) -> None:
        told.append(topic)

    parked.connect(note)
    yield told
    parked.disconnect(note)


def owe(topic: str = TOPIC, ref: str = "1") -> Message:
    with transaction.atomic():
        return actions.add(topic, ref)


def owe_long_ago(topic: str) -> Message:
    """Before any upgrade that a message of no known topic might wait for."""
    message = owe(topic)
    message.created_at -= timedelta(minutes=61)
    message.save()
    return message


def due_now() -> None:
    Message.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def test_add_is_refused_outside_a_transaction(transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        actions.add(TOPIC, "1")


def test_rolled_back_cause_owes_nothing() -> None:
    with pytest.raises(Broken), transaction.atomic():
        actions.add(TOPIC, "1")
        raise Broken
    assert not Message.objects.exists()


def test_message_is_worked_once_and_marked() -> None:
    seen: list[object] = []
    handlers.register(
        Handler(TOPIC, work=lambda ref: f"did {ref}", finish=lambda ref, result: seen.append((ref, result)))
    )
    message = owe()
    assert worker.drain() == 1
    assert worker.drain() == 0
    message.refresh_from_db()
    assert seen == [("1", "did 1")]
    assert (message.done_at is not None, message.attempts, message.leased_until) == (True, 1, None)


def test_message_due_later_waits() -> None:
    handlers.register(Handler(TOPIC, work=str))
    with transaction.atomic():
        actions.add(TOPIC, "1", due_at=timezone.now() + timedelta(hours=1))
    assert worker.drain() == 0
    due_now()
    assert worker.drain() == 1


def test_leased_message_is_nobody_elses_until_the_lease_ends() -> None:
    owe()
    first = actions.claim(lease=timedelta(seconds=30))
    assert first is not None
    assert actions.claim(lease=timedelta(seconds=30)) is None
    Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    second = actions.claim(lease=timedelta(seconds=30))
    assert second is not None
    assert (first.attempts, second.attempts) == (1, 2)


def test_late_finisher_is_fenced_off(parkings: list[str]) -> None:
    owe()
    late = actions.claim(lease=timedelta(0))
    Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    holder = actions.claim(lease=timedelta(seconds=30))
    assert late is not None
    assert holder is not None
    assert not actions.renew(late, lease=timedelta(seconds=30))
    assert not actions.mark_done(late)
    actions.put_back(late, error="late", delay=timedelta(0))
    actions.park(late, error="late")
    assert parkings == []
    holder.refresh_from_db()
    assert (holder.error, holder.failed_at, holder.done_at) == ("", None, None)
    assert actions.renew(holder, lease=timedelta(seconds=30))
    assert actions.mark_done(holder)


def test_effect_of_a_lost_lease_is_rolled_back() -> None:
    def finish(ref: str, result: object) -> None:
        Worker.objects.create(name="effect")

    def work(ref: str) -> None:
        Message.objects.update(attempts=7, leased_until=timezone.now() + timedelta(minutes=1))  # another has it

    handlers.register(Handler(TOPIC, work=work, finish=finish))
    message = owe()
    assert worker.run_one()
    message.refresh_from_db()
    assert not Worker.objects.exists()
    assert (message.done_at, message.failed_at, message.attempts) == (None, None, 7)


def test_failure_is_kept_and_backed_off_longer_each_time() -> None:
    def work(ref: str) -> None:
        raise Broken("the index is away")

    handlers.register(Handler(TOPIC, work=work))
    message = owe()
    waits = []
    for _n in range(3):
        due_now()
        assert worker.run_one()
        message.refresh_from_db()
        waits.append(round((message.due_at - timezone.now()).total_seconds()))
    assert waits == [2, 10, 30]
    assert message.error.endswith("Broken: the index is away")
    assert message.leased_until is None


def test_effect_of_a_failing_finish_is_rolled_back_and_tried_again() -> None:
    tries: list[str] = []

    def finish(ref: str, result: object) -> None:
        Worker.objects.create(name="effect")
        tries.append(ref)
        if len(tries) == 1:
            raise Broken

    handlers.register(Handler(TOPIC, work=str, finish=finish))
    owe()
    assert worker.run_one()
    assert not Worker.objects.exists()
    due_now()
    assert worker.run_one()
    assert Worker.objects.count() == 1


def test_message_is_parked_after_its_last_try_and_retried_by_hand(parkings: list[str]) -> None:
    failing = [True]

    def work(ref: str) -> None:
        if failing[0]:
            raise Broken("no")

    handlers.register(Handler(TOPIC, work=work, max_attempts=2))
    message = owe()
    for _n in range(4):
        due_now()
        worker.drain()
    message.refresh_from_db()
    assert (message.attempts, message.failed_at is not None) == (2, True)
    assert parkings == [TOPIC]
    failing[0] = False
    assert actions.retry(message.pk) == 1
    assert worker.drain() == 1
    message.refresh_from_db()
    assert message.done_at is not None
    assert message.error == ""


def test_message_that_kills_its_worker_each_time_is_parked(parkings: list[str]) -> None:
    handlers.register(Handler(TOPIC, work=str, max_attempts=3))
    message = owe()
    for _n in range(3):  # claimed, and the worker was gone
        assert actions.claim(lease=timedelta(0)) is not None
        Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert worker.run_one()
    message.refresh_from_db()
    assert "its worker died" in message.error
    assert message.failed_at is not None
    assert parkings == [TOPIC]


def broken(**kwargs: object) -> None:
    raise Broken


def does_not_fit(**kwargs: object) -> None:
    """A sentence that is too long, a row that somebody else has just written: the worker cannot wait for those."""
    Worker.objects.create(name="told")
    Worker.objects.create(name="told")


@pytest.mark.parametrize("refuse", [broken, does_not_fit])
def test_message_is_given_up_though_telling_of_it_fails(refuse: Callable[..., None]) -> None:
    """Or the next worker would claim it and die as well, and nothing else be carried out any more."""
    owe_long_ago("nobody handles it")
    parked.connect(refuse)
    try:
        assert worker.run_one()
    finally:
        parked.disconnect(refuse)
    assert Message.objects.get().failed_at is not None
    assert not Worker.objects.exists()


def test_error_that_no_database_takes_is_kept_as_it_can_be_written() -> None:
    """Or the worker would die of it, and the next one, until the message has been claimed too often."""

    def work(ref: str) -> None:
        raise Broken("a\x00b\ud800c 分数")

    handlers.register(Handler(TOPIC, work=work, max_attempts=2))
    message = owe()
    for given_up in (False, True):
        due_now()
        assert worker.run_one()
        message.refresh_from_db()
        assert message.error.endswith("Broken: a\\x00b\\ud800c 分数")
        assert (message.failed_at is not None) == given_up


def test_unknown_topic_waits_for_a_worker_of_a_newer_version() -> None:
    """While workers are upgraded one by one, an old one may see first what a new one has written."""
    message = owe("tests.newer")
    tally = worker.Tally()
    worker.run_one(tally=tally)
    message.refresh_from_db()
    assert (message.attempts, message.failed_at, message.done_at) == (0, None, None)
    assert (tally.away, tally.failed) == (1, 0)
    assert worker.drain() == 0  # it is not looked at again at once
    seen: list[str] = []
    handlers.register(Handler("tests.newer", work=seen.append))
    due_now()
    assert worker.drain() == 1
    assert seen == ["1"]


def test_topic_that_nobody_has_known_for_an_hour_is_parked_with_the_reason(parkings: list[str]) -> None:
    message = owe_long_ago("tests.nobody")
    assert worker.run_one()
    assert parkings == ["tests.nobody"]
    message.refresh_from_db()
    assert message.error == "no handler for topic tests.nobody"
    assert [state.handled for state in by_topic() if state.topic == "tests.nobody"] == [False]


def test_topic_has_one_handler() -> None:
    handlers.register(Handler(TOPIC, work=str))
    with pytest.raises(ValueError, match="has a handler already"):
        handlers.register(Handler(TOPIC, work=repr))


def test_recurring_work_is_owed_once_at_start_and_again_when_done() -> None:
    seen: list[str] = []
    every = timedelta(hours=3)
    handlers.register(Handler(TOPIC, work=seen.append, every=every))
    for _n in range(2):
        actions.keep_recurring(TOPIC, every=every)
    assert Message.objects.filter(topic=TOPIC).count() == 1
    assert worker.drain() == 1
    (waiting,) = Message.objects.filter(actions.WAITING, topic=TOPIC)
    assert timedelta(hours=2) < waiting.due_at - timezone.now() <= every
    assert seen == ["recurring"]


@pytest.mark.parametrize(("now", "due"), [("02T17:59", "02T18:00"), ("02T18:00", "03T18:00"), ("03T00:05", "03T18:00")])
def test_work_of_an_hour_is_owed_at_that_hour_however_late_the_last_was_done(now: str, due: str) -> None:
    handlers.register(Handler(TOPIC, every=timedelta(days=1), hour=18))
    with time_machine.travel(datetime.fromisoformat(f"2026-11-{now}+08:00"), tick=False):
        actions.keep_recurring(TOPIC, every=timedelta(days=1), hour=18)
        worker.drain()
        (waiting,) = Message.objects.filter(actions.WAITING, topic=TOPIC)
    assert waiting.due_at == datetime.fromisoformat(f"2026-11-{due}+08:00")


def test_prune_deletes_only_what_was_done_long_ago() -> None:
    old, fresh, waiting, failed = owe(ref="old"), owe(ref="fresh"), owe(ref="waiting"), owe(ref="failed")
    long_ago = timezone.now() - timedelta(days=8)
    Message.objects.filter(pk=old.pk).update(done_at=long_ago)
    Message.objects.filter(pk=fresh.pk).update(done_at=timezone.now())
    Message.objects.filter(pk=failed.pk).update(failed_at=long_ago)
    Worker.objects.create(name="gone", seen_at=long_ago)
    assert actions.prune(older_than=timedelta(days=7)) == 1
    assert set(Message.objects.values_list("pk", flat=True)) == {fresh.pk, waiting.pk, failed.pk}
    assert not Worker.objects.exists()


def test_prune_deletes_slices_and_reads_no_more_than_their_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Collector(using=DEFAULT_DB_ALIAS).can_fast_delete(Message.objects.all())
    monkeypatch.setattr(actions, "SLICE", 3)

    def statements(messages: int) -> list[str]:
        for _n in range(messages):
            owe()
        Message.objects.update(done_at=timezone.now() - timedelta(days=8))
        with CaptureQueriesContext(connection) as asked:
            assert actions.prune(older_than=timedelta(days=7)) == messages
        return [query["sql"] for query in asked if "outbox_message" in query["sql"]]

    assert [sql.split(" ", 1)[0] for sql in statements(1)] == ["SELECT", "DELETE", "SELECT"]
    assert len(statements(3)) == 3
    seven = statements(7)
    assert len(seven) == 2 * 3 + 1
    assert not any("error" in sql for sql in seven)


def test_drain_by_hand_says_what_was_done_and_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    def work(refs: Sequence[str]) -> None:
        if "away" in refs:
            raise Outage
        if "bad" in refs:
            raise Broken

    handlers.register(BulkHandler(TOPIC, work=work))
    handlers.register(Handler("tests.away", work=lambda ref: work([ref])))
    with transaction.atomic():
        actions.add_each(TOPIC, ["a", "bad", "b"])
    owe("tests.away", "away")
    owe_long_ago("tests.nobody")
    call_command("outbox_worker", "--drain")
    assert capsys.readouterr().out == "2 done, 2 failed, 1 wait for what is away\n"


def test_run_waits_out_database_trouble_and_leaves_no_worker_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    calls: list[int] = []

    def trouble(**kwargs: object) -> bool:
        calls.append(1)
        assert Worker.objects.filter(name="w").exists()
        if len(calls) == 1:
            raise OperationalError("database is locked")
        stop.set()
        return True

    monkeypatch.setattr(worker, "run_one", trouble)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(stop, "wait", lambda seconds=None: stop.is_set())
    worker.run(stop=stop, name="w")
    assert len(calls) == 2
    assert not Worker.objects.exists()
    assert Message.objects.filter(topic="outbox.prune").exists()


def test_run_goes_on_after_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    saved: list[object] = []

    def refuse(**kwargs: object) -> None:
        saved.append(kwargs)
        if len(saved) == 1:
            raise Broken
        stop.set()

    owe(ref="1")
    handlers.register(Handler(TOPIC, work=str))
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(stop, "wait", lambda seconds=None: stop.is_set())
    pre_save.connect(refuse, sender=Message, dispatch_uid="refuse")  # the first claim fails
    try:
        worker.run(stop=stop, name="w")
    finally:
        pre_save.disconnect(sender=Message, dispatch_uid="refuse")
    assert not Worker.objects.exists()


def test_many_are_carried_out_at_once_each_ref_once() -> None:
    seen: list[list[str]] = []
    handlers.register(
        BulkHandler(
            TOPIC, work=lambda refs: seen.append(list(refs)), finish=lambda refs, _: seen.append(["done", *refs])
        )
    )
    with transaction.atomic():
        actions.add_each(TOPIC, ["a", "b", "a"])
    assert worker.drain() == 1
    assert seen == [["a", "b"], ["done", "a", "b"]]
    assert not Message.objects.filter(done_at=None).exists()


def test_one_bad_apple_spoils_only_itself() -> None:
    def work(refs: Sequence[str]) -> None:
        if "bad" in refs:
            raise ValueError("bad")

    handlers.register(BulkHandler(TOPIC, work=work))
    with transaction.atomic():
        actions.add_each(TOPIC, ["a", "bad", "b"])
    worker.drain()
    assert [message.ref for message in Message.objects.filter(done_at=None)] == ["bad"]


def test_outage_is_waited_out_however_long_and_counts_as_no_try() -> None:
    away = [True]

    def work(refs: Sequence[str]) -> None:
        if away[0]:
            raise Outage("index")

    handlers.register(BulkHandler(TOPIC, work=work, max_attempts=2))
    with transaction.atomic():
        actions.add_each(TOPIC, ["a", "b"])
    for _ in range(5):
        assert worker.run_one()
        assert not worker.run_one(), "it waits a little"
        due_now()
    assert set(Message.objects.values_list("attempts", "failed_at")) == {(0, None)}
    away[0] = False
    due_now()
    worker.drain()
    assert not Message.objects.filter(done_at=None).exists()


def test_what_may_have_killed_its_worker_is_tried_alone() -> None:
    seen: list[list[str]] = []
    handlers.register(BulkHandler(TOPIC, work=lambda refs: seen.append(list(refs))))
    with transaction.atomic():
        actions.add_each(TOPIC, ["a", "killer", "b"])
    Message.objects.filter(ref="killer").update(attempts=1)  # as a worker leaves it that died
    worker.drain()
    assert sorted(seen) == [["a", "b"], ["killer"]]
