"""Processes for `test_killing`: a worker that may be killed, and writers beside it. Not a test itself.

    python -m tests.outbox.killing prepare | keep | write FIRST COUNT | hammer SECONDS

DATABASE_URL names the database. The domain of the test is two tables: what was owed, and what was done for it.
"""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.config.settings.test")
django.setup()

from django.core.management import call_command  # noqa: E402  after setup
from django.db import connection, transaction  # noqa: E402

from cms.outbox import actions, handlers, worker  # noqa: E402
from cms.outbox.models import Message, Worker  # noqa: E402

TOPIC = "tests.kill"
ROLLED_BACK_EVERY = 5


def work(ref: str) -> int:
    time.sleep(random.uniform(0, 0.02))
    return int(ref) * 2


def finish(ref: str, result: int) -> None:
    """Not idempotent on purpose: a second time would be a second row."""
    run("INSERT INTO killing_done (ref, result) VALUES (%s, %s)", int(ref), result)


handlers._handlers.clear()
handlers.register(handlers.Handler(TOPIC, work=work, finish=finish, max_attempts=50))
worker.LEASE = timedelta(seconds=1)
worker.RENEW_EVERY = 0.3
worker.POLL = 0.02


def run(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def prepare() -> None:
    with connection.schema_editor() as editor:
        for model in (Message, Worker):
            if model._meta.db_table not in connection.introspection.table_names():
                editor.create_model(model)
    run("CREATE TABLE killing_owed (ref integer)")
    run("CREATE TABLE killing_done (ref integer, result integer)")


def keep() -> None:
    """Have one worker running; whenever it has died, another. Ends, with its worker, at SIGTERM."""
    over = threading.Event()
    child = 0

    def end(*_args: object) -> None:
        over.set()
        if child:
            os.kill(child, signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    while not over.is_set():
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            call_command("outbox_worker")
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)


def write(first: int, count: int) -> None:
    for ref in range(first, first + count):
        try:
            with transaction.atomic():
                run("INSERT INTO killing_owed (ref) VALUES (%s)", ref)
                actions.add(TOPIC, ref)
                if ref % ROLLED_BACK_EVERY == 0:
                    raise RuntimeError("the cause fails")
        except RuntimeError:
            pass
        time.sleep(0.01)


def hammer(seconds: float) -> None:
    """Read, then write, in one transaction, from many threads; readers beside them. Any error ends with code 1."""
    until = time.monotonic() + seconds
    errors: list[BaseException] = []
    done = [0] * 8

    def one(number: int) -> None:
        try:
            while time.monotonic() < until:
                if number < 6:
                    with transaction.atomic():
                        Message.objects.filter(topic=TOPIC).count()
                        ref = 1_000_000 * number + done[number]
                        run("INSERT INTO killing_owed (ref) VALUES (%s)", ref)
                        actions.add(TOPIC, ref)
                else:
                    list(Message.objects.order_by("-pk")[:50])
                done[number] += 1
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(done))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(f"{sum(done)} turns, {errors!r}\n")
    sys.exit(1 if errors else 0)


COMMANDS: dict[str, Callable[..., None]] = {"prepare": prepare, "keep": keep, "write": write, "hammer": hammer}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*map(int, sys.argv[2:]))
