"""Carry out what the outbox owes. Killing the process at any line loses nothing and doubles no database effect."""

import contextlib
import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.utils import timezone

from cms.outbox import actions
from cms.outbox.errors import Outage
from cms.outbox.handlers import AnyHandler, handler_for, recurring
from cms.outbox.models import Message, Worker
from cms.outbox.signals import held_up

logger = logging.getLogger("gongjian.outbox")

LEASE = timedelta(seconds=30)
RENEW_EVERY = 8.0  # seconds
POLL = 0.25  # seconds between looks at an empty outbox
AWAY = 15  # seconds before the next look at what is away
LONG = timedelta(minutes=15)  # after which those who operate the installation are told that something is away
UPGRADE = timedelta(hours=1)  # while workers of two versions may run beside each other
BACK_OFF = (2, 10, 30, 120, 600, 1800, 3600)  # seconds before the 2nd, 3rd … try


class LostLease(Exception):
    """Another worker has the message by now; what this one did in the database must not stand."""


@dataclass
class Tally:
    """How many messages were done; how many failed, to be tried again or given up; how many wait for what is away."""

    done: int = 0
    failed: int = 0
    away: int = 0


def run_one(*, alive: Callable[[], None] | None = None, tally: Tally | None = None) -> bool:
    """Carry out one due message, and with it what its handler does at once; False when nothing was due. `alive` is
    called now and then during a long one, `tally` gets what came of it."""
    tally = tally if tally is not None else Tally()
    message = actions.claim(lease=LEASE)
    if message is None:
        return False
    handler = handler_for(message.topic)
    if handler is None:
        _leave(message, tally)
        return True
    if message.attempts > handler.max_attempts:
        actions.park(message, error=message.error or "its worker died each time it was tried")
        tally.failed += 1
        return True
    messages = [message]
    if handler.most > 1 and message.attempts == 1:
        messages += actions.claim_more(message, lease=LEASE, most=handler.most - 1)
    _carry_out(messages, handler, alive, tally)
    return True


def drain(limit: int = 10_000, *, tally: Tally | None = None) -> int:
    """Carry out everything due now, in this process; returns how many tries that took. `tally` gets what came of it."""
    tries = 0
    while tries < limit and run_one(tally=tally):
        tries += 1
    return tries


def run(*, stop: threading.Event, name: str) -> None:
    """Work until `stop` is set. Database trouble is waited out, never died of; nor is anything else, or one message
    would end worker after worker."""
    started = timezone.now()
    seen = 0.0

    def alive() -> None:
        Worker.objects.update_or_create(
            name=name,
            defaults={"seen_at": timezone.now()},
            create_defaults={"started_at": started, "seen_at": timezone.now()},
        )

    while not stop.is_set():
        try:
            if time.monotonic() - seen > RENEW_EVERY:
                alive()
                for handler in recurring():
                    _keep(handler)
                seen = time.monotonic()
            if not run_one(alive=alive):
                stop.wait(POLL)
        except (OperationalError, InterfaceError) as error:
            logger.warning("database busy or away, waiting: %s", error)
            close_old_connections()
            stop.wait(2.0)
        except Exception:
            logger.exception("not even the failure could be kept, going on")
            close_old_connections()
            stop.wait(2.0)
    with contextlib.suppress(OperationalError, InterfaceError):  # it is taken for gone in a minute
        Worker.objects.filter(name=name).delete()


def _leave(message: Message, tally: Tally) -> None:
    """Nobody here knows its topic. A new one is for workers of a newer version: while they are started, an old one may
    see it first. What nobody has known for so long is given up."""
    error = f"no handler for topic {message.topic}"
    if timezone.now() - message.created_at < UPGRADE:
        actions.put_back_uncounted(message, error=error, delay=timedelta(seconds=AWAY))
        tally.away += 1
    else:
        actions.park(message, error=error)
        tally.failed += 1


def _carry_out(messages: list[Message], handler: AnyHandler, alive: Callable[[], None] | None, tally: Tally) -> None:
    try:
        _work(messages, handler, alive, tally)
    except Outage as error:
        _wait(messages, error, tally)
    except Exception as error:  # whatever a handler raises is kept on the row and tried again
        if len(messages) > 1:
            _one_by_one(messages, handler, alive, tally)
        else:
            _failed(messages[0], handler, error, tally)


def _one_by_one(messages: list[Message], handler: AnyHandler, alive: Callable[[], None] | None, tally: Tally) -> None:
    """Each alone, so that one bad apple spoils only itself. Those behind it are held meanwhile, or another worker would
    do them as well; where what they need is away, they wait with it, not each for as long as it takes to find out."""
    held = time.monotonic()
    for number, message in enumerate(messages):
        behind = messages[number + 1 :]
        if time.monotonic() - held > RENEW_EVERY:
            held = time.monotonic()
            actions.renew(*behind, lease=LEASE)
            if alive is not None:
                alive()
        if not actions.renew(message, lease=LEASE):
            logger.warning("%s: another worker has it", message)
            continue
        try:
            _work([message], handler, alive, tally, behind=behind)
        except Outage as error:
            _wait([message, *behind], error, tally)
            return
        except Exception as error:  # as above
            _failed(message, handler, error, tally)


def _work(
    messages: list[Message],
    handler: AnyHandler,
    alive: Callable[[], None] | None,
    tally: Tally,
    *,
    behind: Sequence[Message] = (),
) -> None:
    """Both halves of the handler, and the mark. Raises whatever the handler does; another worker's is left to it."""
    refs = list(dict.fromkeys(message.ref for message in messages))
    try:
        with _renewed(messages, longest=handler.longest, alive=alive, behind=behind):
            result = handler.run(refs)
        with transaction.atomic():
            handler.settle(refs, result)
            if not actions.mark_done(*messages):
                raise LostLease
            _keep(handler)
    except LostLease:
        logger.warning("%s: another worker has it", messages[0])
    else:
        tally.done += len(messages)


def _keep(handler: AnyHandler) -> None:
    """What repeats itself is owed."""
    if handler.every is not None:
        actions.keep_recurring(handler.topic, every=handler.every, hour=handler.hour)


def _wait(messages: Sequence[Message], error: Outage, tally: Tally) -> None:
    """With them waits what else is due of their topic, or each would hold up all other work for as long as it takes to
    find out. They themselves wait behind it: what seems away to one of them need not be away to the rest."""
    delay = timedelta(seconds=AWAY)
    more = len(messages) - 1 + actions.put_off(messages[0], delay=delay)
    actions.put_back_uncounted(*messages, error=_said(error), delay=delay)
    logger.warning("%s and %d more wait for what is away: %r", messages[0], more, error)
    tally.away += 1 + more
    if timezone.now() - min(message.created_at for message in messages) > LONG:
        held_up.send(sender=Message, topic=messages[0].topic)


def _failed(message: Message, handler: AnyHandler, error: Exception, tally: Tally) -> None:
    logger.warning("%s failed, try %d: %r", message, message.attempts, error)
    if message.attempts >= handler.max_attempts:
        actions.park(message, error=_said(error))
    else:
        delay = BACK_OFF[min(message.attempts - 1, len(BACK_OFF) - 1)]
        actions.put_back(message, error=_said(error), delay=timedelta(seconds=delay))
    tally.failed += 1


def _said(error: Exception) -> str:
    """What the row keeps of it. NUL and lone surrogates, which no database takes, are written out."""
    said = "".join(traceback.format_exception_only(error)).strip()
    return said.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()


class _renewed:  # noqa: N801  a context manager, read as a verb
    """Renew the lease from a thread while the body runs, at most for `longest`: a hung job must lose it. With it that
    of what waits `behind` it in the same hands."""

    def __init__(
        self,
        messages: list[Message],
        *,
        longest: timedelta,
        alive: Callable[[], None] | None,
        behind: Sequence[Message] = (),
    ) -> None:
        self._messages = messages
        self._behind = behind
        self._alive = alive
        self._until = time.monotonic() + longest.total_seconds()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        # An in-memory database belongs to one connection; there is nobody to lose a lease to either.
        if not _in_memory():
            self._thread.start()

    def __exit__(self, *args: object) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _renew(self) -> None:
        try:
            while not self._over.wait(RENEW_EVERY) and time.monotonic() < self._until:
                try:
                    if not actions.renew(*self._messages, lease=LEASE):
                        return
                    actions.renew(*self._behind, lease=LEASE)
                    if self._alive is not None:
                        self._alive()
                except (OperationalError, InterfaceError):
                    logger.warning("could not renew %s", self._messages[0])
        finally:
            connection.close()


def _in_memory() -> bool:
    inspect: Callable[[], bool] | None = getattr(connection, "is_in_memory_db", None)
    return bool(inspect and inspect())
