"""How a question travels to the server: one connection for many, opened anew, closed where anything goes wrong."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout
from elasticsearch import Elasticsearch

from search.engines.elasticsearch.options import Clients, Options

PATIENCE = 10.0
HEAD = b"HTTP/1.1 200 OK\r\nX-Elastic-Product: Elasticsearch\r\nContent-Type: application/json\r\n"
WHOLE = HEAD + b'Content-Length: 10\r\n\r\n{"took":1}'
IN_PIECES = HEAD + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"too\r\n5\r\nk":1}\r\n0\r\n\r\n'
LAST = HEAD + b'Connection: close\r\nContent-Length: 10\r\n\r\n{"took":1}'
CUT_OFF = HEAD + b'Content-Length: 10\r\n\r\n{"to'
NONSENSE = b"220 mail.example ESMTP\r\n"
SILENCE = b""

Heard = list[list[bytes]]
"""Of each connection, the requests that came."""


@contextmanager
def server(answers: Callable[[int], bytes], host: str = "127.0.0.1") -> Iterator[tuple[str, Heard]]:
    """The address of a server that gives `answers(n)` to the request of this number, byte by byte as it is, and closes
    the connection behind what no client could read on after."""
    heard: Heard = []
    listening = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    over = threading.Event()

    def talk(connection: socket.socket, mine: list[bytes]) -> None:
        with connection, connection.makefile("rb") as stream:
            while (line := stream.readline()) and not over.is_set():
                head = [line]
                while head[-1] != b"\r\n":
                    head.append(stream.readline())
                length = next(int(line[15:]) for line in head if line.lower().startswith(b"content-length:"))
                mine.append(b"".join(head) + stream.read(length))
                answer = answers(sum(map(len, heard)))
                if answer == SILENCE:
                    over.wait(PATIENCE)
                connection.sendall(answer)
                if answer not in (WHOLE, IN_PIECES):
                    return

    def listen() -> None:
        while True:
            try:
                connection, _from = listening.accept()
            except OSError:  # the test is over
                return
            heard.append([])
            threading.Thread(target=talk, args=(connection, heard[-1]), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        name = f"[{host}]" if ":" in host else host
        yield f"http://{name}:{listening.getsockname()[1]}", heard
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(PATIENCE)


@contextmanager
def client_of(url: str) -> Iterator[Elasticsearch]:
    clients = Clients(Options((url,), api_key="a2V5", timeout=0.2))
    try:
        yield clients.reader()
    finally:
        clients.close()


def test_one_connection_serves_many_questions_and_each_travels_whole() -> None:
    with server(lambda n: (WHOLE, IN_PIECES)[n % 2]) as (url, heard), client_of(url) as client:
        for _time in range(4):
            assert client.search(index="works", body={"query": {"match": {"title": "分数"}}}).body == {"took": 1}

    assert [len(each) for each in heard] == [4]
    head, _blank, body = heard[0][0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[:4] == [
        "POST /works/_search HTTP/1.1",
        f"Host: {url.removeprefix('http://')}",
        "Accept-Encoding: identity",
        f"Content-Length: {len(body)}",
    ]
    assert "authorization: ApiKey a2V5" in [line.replace("Authorization", "authorization") for line in lines]
    assert json.loads(body) == {"query": {"match": {"title": "分数"}}}


@pytest.mark.parametrize("how", [LAST, CUT_OFF, NONSENSE])
def test_connection_that_cannot_be_used_again_is_opened_anew(how: bytes) -> None:
    with server(lambda n: how if n == 1 else WHOLE) as (url, heard), client_of(url) as client:
        assert [client.search().body for _time in range(3)] == [{"took": 1}] * 3

    assert [len(each) for each in heard] == [1, 2 if how == LAST else 3]


@pytest.mark.parametrize("how", [CUT_OFF, NONSENSE])
def test_server_that_never_gives_a_whole_answer_is_no_connection(how: bytes) -> None:
    with server(lambda _n: how) as (url, _heard), client_of(url) as client, pytest.raises(NoConnection):
        client.search()


def test_silence_is_told_as_such_and_what_comes_late_answers_nobody_else() -> None:
    with server(lambda n: SILENCE if n == 1 else WHOLE) as (url, heard), client_of(url) as client:
        with pytest.raises(ConnectionTimeout):
            client.options(request_timeout=0.2, max_retries=0).search()
        assert client.search().body == {"took": 1}

    assert [len(each) for each in heard] == [1, 1]


def test_address_in_brackets_is_named_in_brackets() -> None:
    with server(lambda _n: WHOLE, host="::1") as (url, heard), client_of(url) as client:
        assert client.search().body == {"took": 1}

    assert f"Host: {url.removeprefix('http://')}".encode() in heard[0][0].split(b"\r\n")
