"""The worker that gunicorn uses: it has read what the first question would wait for before it takes one, and what never
reaches Django is answered in our words too."""

import gc
import logging
import threading
from contextlib import suppress
from typing import Any

from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

TOO_LONG = (
    '<!DOCTYPE html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>网址太长 · 共建</title><h1>网址太长</h1>"
    "<p>要找的话请缩短到 200 字以内，或者少选几个条件，再试一次。</p>"
    '<p lang="en">The address is too long. Please search for fewer words or conditions.</p>'
    '<p><a href="/search/">回到搜索 Back to search</a></p></html>'
).encode()


PATIENCE = 15.0  # seconds that a worker waits for the database before it takes requests all the same

COLLECTED_AFTER = 20_000
"""Objects made and not yet let go before the collector of garbage looks: a page leaves some two thousand, and Python's
own 700 has it look three times a page."""

log = logging.getLogger("gongjian.serving")


class Worker(ThreadWorker):
    """gunicorn's own, but ready for the first question, and with words for an address that is too long to be read."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        # In a thread, so that a database which does not answer keeps nobody from being told so.
        reading = threading.Thread(target=read_ahead, name="read-ahead", daemon=True)
        reading.start()
        reading.join(PATIENCE)
        leave_alone_what_stands()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        head = (
            "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Length: {len(TOO_LONG)}\r\n\r\n"
        )
        with suppress(OSError):  # whoever asked has gone
            client.sendall(head.encode() + TOO_LONG)


def leave_alone_what_stands() -> None:
    """The collector does not go through all that the program itself is made of, half a second each time: a tenth of
    every page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER)


def read_ahead() -> None:
    """The addresses and the words of the curriculum are read, which take a process two seconds. While the database is
    away the first question reads them."""
    from django.apps import apps

    if not apps.ready:  # another application than ours
        return
    from django.db import Error, connections
    from django.urls import resolve

    from search.vocabulary import read_ahead as read_lexicon

    try:
        resolve("/healthz")
        read_lexicon()
    except Error as error:
        log.warning("the words of the curriculum are read later, the database is away: %s", error)
    finally:
        connections.close_all()  # this thread's
