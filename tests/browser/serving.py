"""The site on a port, for a real browser, inside the test's own transaction.

Django's live server commits and then empties the whole database, which the append-only tables refuse. Here every
request uses the connection of the test, one request at a time, so that the rollback at the end takes everything away.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.test.testcases import QuietWSGIRequestHandler

HOST = "localhost"  # an origin that browsers trust


class OneAtATime:
    """A WSGI application that lets one request in; `turn` keeps all out while the test itself uses the database."""

    def __init__(self, application: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]) -> None:
        self.application = application
        self.turn = threading.RLock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self.turn:
            return self.application(environ, start_response)


class SharingServer(ThreadedWSGIServer):
    """Threads that use the test's connections and leave them open."""

    def _close_connections(self) -> None:
        """Nothing: they are the test's."""


class Site:
    """A running site: `url`, and `quiet()` for what the test does in the database meanwhile."""

    def __init__(self) -> None:
        shared = {connection.alias: connection for connection in connections.all()}
        self._shared = list(shared.values())
        self._gate = OneAtATime(WSGIHandler())
        self._server = SharingServer(
            (HOST, 0), QuietWSGIRequestHandler, allow_reuse_address=False, connections_override=shared
        )
        gate: Any = self._gate
        self._server.set_app(StaticFilesHandler(gate))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.url = f"http://{HOST}:{self._server.server_address[1]}"

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """No request is answered while the body runs."""
        with self._gate.turn:
            yield

    def __enter__(self) -> "Site":
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)  # as Django's test client does: the connection is the test's
        for connection in self._shared:
            connection.inc_thread_sharing()
        self._thread.start()
        return self

    def __exit__(self, *args: Any) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        with self._gate.turn:
            for connection in self._shared:
                connection.dec_thread_sharing()
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
