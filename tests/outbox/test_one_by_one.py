"""Many at once have failed and are tried one by one: those behind stay in one worker's hands, and wait where it waits.

Leases and what renews them are shortened; a second worker is `run_one` or `claim`, called while the first is at work.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cms.outbox import actions, handlers, worker
from cms.outbox.errors import Outage
from cms.outbox.handlers import BulkHandler
from cms.outbox.models import Message

TOPIC = "tests.topic"
REFS = [str(number) for number in range(12)]


@pytest.fixture(autouse=True)
def short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LEASE", timedelta(seconds=0.8))
    monkeypatch.setattr(worker, "RENEW_EVERY", 0.2)


def owe(refs: Iterable[str]) -> None:
    with transaction.atomic():
        actions.add_each(TOPIC, refs)


def alone(work: Callable[[str], None]) -> None:
    """A handler that fails with many, and does `work` with one."""

    def either(refs: Sequence[str]) -> None:
        if len(refs) > 1:
            raise ValueError("many")
        work(refs[0])

    handlers.register(BulkHandler(TOPIC, work=either))


@pytest.mark.django_db
def test_second_worker_finds_nothing_while_many_are_tried_one_by_one() -> None:
    done: list[str] = []
    seen: list[float] = []

    def work(ref: str) -> None:
        done.append(ref)
        time.sleep(0.12)
        assert not worker.run_one(), "another worker has some of them"

    alone(work)
    owe(REFS)
    assert worker.run_one(alive=lambda: seen.append(time.monotonic()))
    assert done == REFS
    assert not Message.objects.filter(actions.WAITING).exists()
    assert len(seen) >= 3, "nobody was told that this worker lives"


def test_those_behind_a_long_one_are_held_as_well(committed_db: None) -> None:
    if worker._in_memory():
        pytest.skip("a database in memory has one worker")
    started = threading.Event()

    def work(ref: str) -> None:
        started.set()
        time.sleep(1.2)

    def first_worker() -> None:
        try:
            worker.run_one()
        finally:
            connection.close()

    alone(work)
    owe(["a", "b"])
    first = threading.Thread(target=first_worker)
    first.start()
    assert started.wait(10)
    claimed = []
    while first.is_alive():
        claimed += [actions.claim(lease=worker.LEASE)]
        first.join(0.05)
    assert set(claimed) == {None}
    assert not Message.objects.filter(actions.WAITING).exists()


@pytest.mark.django_db
def test_outage_among_them_lets_all_that_are_left_wait() -> None:
    tried: list[str] = []

    def work(ref: str) -> None:
        tried.append(ref)
        if ref == "b":
            raise Outage("index")

    alone(work)
    owe(["a", "b", "c", "d"])
    assert worker.run_one()
    assert tried == ["a", "b"]
    left = Message.objects.filter(actions.WAITING).order_by("ref")
    assert [(message.ref, message.attempts, message.leased_until) for message in left] == [
        ("b", 0, None),
        ("c", 0, None),
        ("d", 0, None),
    ]
    assert all(message.due_at > timezone.now() + timedelta(seconds=worker.AWAY - 5) for message in left)


@pytest.mark.django_db
def test_what_another_worker_has_by_now_is_left_to_it() -> None:
    tried: list[str] = []

    def work(ref: str) -> None:
        tried.append(ref)
        Message.objects.filter(ref="b").update(attempts=2, leased_until=timezone.now() + timedelta(minutes=1))

    alone(work)
    owe(["a", "b", "c"])
    assert worker.run_one()
    assert tried == ["a", "c"]
    (other,) = Message.objects.filter(actions.WAITING)
    assert (other.ref, other.attempts) == ("b", 2)
