"""`manage.py outbox_worker`: carry out the outbox until SIGTERM or Ctrl-C."""

import os
import signal
import socket
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.outbox import worker


class Command(BaseCommand):
    help = "Carry out what the outbox owes (index, mail, push), until SIGTERM. Start as many as wanted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--drain", action="store_true", help="carry out what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["drain"]:
            tally = worker.Tally()
            worker.drain(tally=tally)
            self.stdout.write(f"{tally.done} done, {tally.failed} failed, {tally.away} wait for what is away")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        worker.run(stop=stop, name=f"{socket.gethostname()}-{os.getpid()}")
