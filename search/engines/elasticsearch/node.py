"""How a question travels to one node of the cluster: over the connections of the official client, which know about
certificates and threads, but sent in one piece and read by Python's own library. What urllib3 does besides for servers
of every kind (redirects, forms, packed answers) takes a third of what the client costs for each question."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from http.client import HTTPResponse
from typing import Any, NamedTuple

from elastic_transport import NodeConfig, TransportError, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT, DefaultType
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ReadTimeoutError

from search.engines.ahead import sent


class Answer(NamedTuple):
    """What the official node reads of an answer."""

    status: int
    headers: list[tuple[str, str]]
    data: bytes


class _Patience:
    """`until` when somebody must have answered; each answer gives as many seconds again."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.answered()

    def answered(self) -> None:
        self._until = time.monotonic() + self._seconds

    @property
    def left(self) -> float:
        return self._until - time.monotonic()


_patience: ContextVar[_Patience | None] = ContextVar("patience", default=None)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Inside, silence is borne for so many seconds, however many hosts there are that could be asked after another.

    Raises  TransportError when they are over
    """
    before = _patience.set(_Patience(seconds))
    try:
        yield
    finally:
        _patience.reset(before)


class Node(Urllib3HttpNode):
    """The official node, but for how its questions travel, and for how long at most; it says when one has been sent."""

    def __init__(self, config: NodeConfig) -> None:
        super().__init__(config)
        # The one thing that the official node does with its pool.
        self.pool.urlopen = partial(asked_over, self.pool)  # type: ignore[method-assign, assignment]

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Any = None,
        request_timeout: DefaultType | float | None = DEFAULT,
    ) -> Any:
        held = _patience.get()
        if held is None:
            return super().perform_request(method, target, body, headers, request_timeout)
        left = held.left
        if left <= 0:  # no error of this host, which was not asked: the client tries no other
            raise TransportError("nobody has answered in time")
        longest = self.config.request_timeout if isinstance(request_timeout, DefaultType) else request_timeout
        answer = super().perform_request(method, target, body, headers, min(longest or left, left))
        held.answered()
        return answer


def asked_over(
    pool: HTTPConnectionPool,
    method: str,
    target: str,
    *,
    body: bytes | None,
    headers: Mapping[str, str],
    timeout: float | None,
    retries: object,  # none: the client decides who is asked again
) -> Answer:
    """The answer to one request over one of the connections of `pool`; where anything goes wrong it is closed.

    timeout  seconds for connecting, and for each silence of the server
    Raises  ReadTimeoutError, or what the connection raises
    """
    connection: Any = pool._get_conn()  # opened again where the server has closed it meanwhile
    whole = False
    try:
        connection.timeout = timeout
        pool._validate_conn(connection)  # certificates
        if connection.sock is None:
            connection.connect()
        connection.sock.settimeout(timeout)
        connection.sock.sendall(_written(connection, method, target, headers, body or b""))
        sent()
        with HTTPResponse(connection.sock, method=method) as answer:
            answer.begin()
            found = Answer(answer.status, answer.getheaders(), answer.read())
        whole = not answer.will_close
    except TimeoutError as error:
        raise ReadTimeoutError(pool, target, f"no answer within {timeout} seconds") from error
    finally:
        if not whole:
            connection.close()
        pool._put_conn(connection)
    return found


def _written(connection: HTTPConnection, method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """The request as it is sent: in one piece, so that the server need not wait for the second."""
    host = f"[{connection.host}]" if ":" in connection.host else connection.host
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: {host}:{connection.port}",
        "Accept-Encoding: identity",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
