"""A stand-in for an object storage: what the product asks of S3, answered over HTTP by this process.

It is not S3. It keeps objects in memory, believes every signature, knows no bucket from another and no uploads in
parts (8 MB and more). What it shows is real all the same: which requests boto3 sends, with which Range, what comes back
over a socket, and what boto3 raises where nobody listens or an answer breaks off.
"""

import re
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RANGE = re.compile(r"bytes=(\d+)-(\d+)$")


class Objects(ThreadingHTTPServer):
    """`held`: key -> bytes; `asked`: (method, key, Range) of each request; `sent`: bytes of bodies that left.

    breaks_after   so many bytes of a body are sent, then the connection is closed
    refuses        every request is answered with this status
    """

    daemon_threads = True
    breaks_after: int | None = None
    refuses: int | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.held: dict[str, bytes] = {}
        self.asked: list[tuple[str, str, str]] = []
        self.sent = 0
        self._callers: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> "Objects":
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.die()

    def get_request(self) -> tuple[socket.socket, Any]:
        caller, address = super().get_request()
        self._callers.append(caller)
        return caller, address

    def die(self) -> None:
        """Nobody listens here any more, nor on what was open."""
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
        self.server_close()
        for caller in self._callers:
            with suppress(OSError):  # closed already
                caller.shutdown(socket.SHUT_RDWR)


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Objects

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._noted():
            return
        self.server.held[self._key()] = body
        self._say(200, {"ETag": '"0"'})

    def do_DELETE(self) -> None:
        if self._noted():
            self.server.held.pop(self._key(), None)
            self._say(204)

    def do_HEAD(self) -> None:
        if self._noted():
            held = self.server.held.get(self._key())
            self._say(404) if held is None else self._say(200, {"Content-Length": str(len(held))})

    def do_GET(self) -> None:
        if not self._noted():
            return
        held = self.server.held.get(self._key())
        if held is None:
            self._say(404, body=b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>")
        elif wanted := RANGE.match(self.headers.get("Range", "")):
            first, last = int(wanted[1]), int(wanted[2])
            facts = {"Content-Range": f"bytes {first}-{last}/{len(held)}"}
            self._say(206, facts, held[first : last + 1])
        else:
            self._say(200, body=held)

    def _noted(self) -> bool:
        self.server.asked.append((self.command, self._key(), self.headers.get("Range", "")))
        if self.server.refuses is not None:
            self._say(self.server.refuses, body=b"<Error><Code>SlowDown</Code><Message>later</Message></Error>")
        return self.server.refuses is None

    def _key(self) -> str:
        return self.path.partition("?")[0].split("/", 2)[2]

    def _say(self, status: int, facts: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(facts or {})}.items():
            if status != 204:
                self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        part = body if self.server.breaks_after is None else body[: self.server.breaks_after]
        self.server.sent += len(part)
        self.wfile.write(part)
        self.close_connection = len(part) < len(body)

    def log_message(self, *args: Any) -> None:
        """Not on the screen of the tests."""
