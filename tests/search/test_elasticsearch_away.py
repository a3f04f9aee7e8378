"""A server that is away, refuses, is too busy or hangs: what people are told, and who answers instead."""

import multiprocessing
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from elastic_transport import ConnectionTimeout

from search.engines.base import DeleteOp, State, Written
from search.engines.elasticsearch import ElasticsearchEngine, indexes
from search.engines.elasticsearch.options import Clients, Options
from search.errors import IndexUnavailable, SearchTimeout
from tests.search.conftest import Make, ask, found, index, needs_server, work
from tests.search.stub import stub


def test_calls_say_so_when_nobody_answers() -> None:
    engine = ElasticsearchEngine("http://127.0.0.1:1", prefix="away")
    began = time.perf_counter()

    for call in (
        engine.ensure,
        lambda: engine.search(ask("浮力")),
        lambda: engine.suggest("浮", ["public"]),
        lambda: index(engine, work("1", "浮力")),
        lambda: list(engine.versions()),
        engine.rollback,
        engine.tend,
        lambda: engine.rebuild().__enter__(),
    ):
        with pytest.raises(IndexUnavailable) as caught:
            call()
        assert caught.value.reason == "unreachable"

    assert (engine.health().state, engine.health().ok) == (State.UNREACHABLE, False)
    assert time.perf_counter() - began < 5
    engine.close()


@needs_server
def test_another_host_answers_for_one_that_is_gone(server: str, cluster: Make) -> None:
    sound = cluster()
    sound.ensure()
    half = ElasticsearchEngine(["http://127.0.0.1:1", *server.split(",")], prefix=sound._options.prefix, immediate=True)

    for n in range(6):
        index(half, work(str(n), "浮力"))
        assert len(found(half, "浮力")) == n + 1
    half.close()


@pytest.mark.parametrize(
    ("status", "words", "reason"),
    [
        (401, "security_exception", "unreachable"),
        (403, "security_exception: action is unauthorized for this key", "unreachable"),
        (403, "cluster_block_exception: index blocked by: [FORBIDDEN/8/index write (api)]", "readonly"),
        (429, "cluster_block_exception: disk usage exceeded flood-stage watermark", "full"),
        (429, "es_rejected_execution_exception", "busy"),
        (503, "master_not_discovered_exception", "unreachable"),
        (500, "null_pointer_exception", "failed"),
    ],
)
def test_refusals_are_told_in_our_words(status: int, words: str, reason: str) -> None:
    with stub(lambda *request: (status, {"error": {"type": words, "reason": words}, "status": status})) as url:
        engine = ElasticsearchEngine(url)
        with pytest.raises(IndexUnavailable) as caught:
            engine.bulk([DeleteOp("1", 1)])
        assert (caught.value.reason, engine.health().ok) == (reason, False)
        engine.close()


def test_ops_that_the_server_is_too_busy_for_are_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []

    def answer(method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        if "_bulk" not in path:
            name = f"gongjian-works-{indexes.MARK}-20260101t000000-abcdef"
            return 200, {name: {"aliases": {"gongjian-works": {}}}}
        count = body.count(b'"version_type"')
        sent.append(count)
        statuses = [201, *[429] * (count - 1)] if count > 1 else [201]
        return 200, {"items": [{"index": {"status": status}} for status in statuses]}

    with stub(answer) as url:
        engine = ElasticsearchEngine(url)
        assert engine.bulk(DeleteOp(str(n), 1) for n in range(3)) == Written(done=3)
        engine.close()

    assert sent == [3, 2, 1]


def test_a_key_and_a_certificate_reach_the_cluster(tmp_path: Path) -> None:
    seen: list[str] = []

    def answer(method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        seen.append(headers.get("authorization", ""))
        return 200, {}

    with stub(answer, certificate=_certificate(tmp_path / "ca.pem")) as url:
        known = ElasticsearchEngine(url, ca=str(tmp_path / "ca.pem"), api_key="a2V5")
        assert (known.health().state, set(seen)) == (State.MISSING, {"ApiKey a2V5"})
        stranger = ElasticsearchEngine(url, api_key="a2V5")
        assert (stranger.health().state, "CERTIFICATE_VERIFY_FAILED" in stranger.health().detail) == (
            State.UNREACHABLE,
            True,
        )
        known.close()
        stranger.close()
    assert "a2V5" not in repr(known._options)


def _certificate(file: Path) -> Path:
    """A certificate of its own authority, for 127.0.0.1, with its key, in `file`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@needs_server
def test_search_is_stopped_when_it_takes_too_long(cluster: Make) -> None:
    if os.environ.get("ELASTICSEARCH_URL"):
        pytest.skip("the clock of that server may be too coarse: our own node's is exact")
    engine = cluster(timeout=0.0001)
    engine.ensure()
    index(engine, *(work(str(n), f"浮力{n}") for n in range(200)))

    with pytest.raises(SearchTimeout):
        for _ in range(200):  # its clock ticks in milliseconds: a question that is over within one is answered
            engine.search(ask("浮力", facets=["subject"]))


def test_search_of_a_server_that_hangs_is_given_up() -> None:
    def answer(method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        if "_search" in path:
            time.sleep(3)
        return 200, {f"gongjian-works-{indexes.MARK}-20260101t000000-abcdef": {"aliases": {"gongjian-works": {}}}}

    with stub(answer) as url:
        engine = ElasticsearchEngine(url, timeout=0.1)
        began = time.perf_counter()
        with pytest.raises(SearchTimeout):
            engine.search(ask("浮力"))
        assert time.perf_counter() - began < 2.5
        engine.close()


@needs_server
def test_another_host_answers_for_one_that_hangs(server: str, cluster: Make) -> None:
    sound = cluster()
    sound.ensure()
    index(sound, work("1", "浮力"))

    def hang(method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        time.sleep(8)
        return 200, {}

    with stub(hang) as url:
        engine = ElasticsearchEngine([url, *server.split(",")], prefix=sound._options.prefix, timeout=1)
        began = time.perf_counter()
        assert [found(engine) for _ in range(4)] == [["1"]] * 4
        assert time.perf_counter() - began < 7
        engine.close()


@needs_server
@pytest.mark.parametrize("hosts", [1, 2])
def test_a_write_waits_for_a_silent_host_once_and_then_for_another(hosts: int) -> None:
    asked: list[str] = []
    over = threading.Event()

    def silent(method: str, path: str, *request: Any) -> tuple[int, Any]:
        asked.append(path)
        over.wait(20)
        return 200, {}

    with stub(silent) as one, stub(silent) as other:
        clients = Clients(Options((one, other)[:hosts]))
        with pytest.raises(ConnectionTimeout):
            clients.get().options(request_timeout=0.3, max_retries=1).bulk(operations=[{"delete": {"_id": "1"}}])
        over.set()
        clients.close()
    assert len(asked) == hosts


def test_connections_are_not_carried_over_a_fork(cluster: Make) -> None:
    engine = cluster()
    engine.ensure()
    index(engine, work("1", "浮力"))
    assert found(engine) == ["1"]
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()

    def child() -> None:
        there.send([found(engine, "浮力") for _ in range(20)])
        os._exit(0)

    process = fork.Process(target=child)
    process.start()
    mine = [found(engine, "浮力") for _ in range(20)]
    assert here.poll(20)

    assert (mine, here.recv()) == ([["1"]] * 20, [["1"]] * 20)
    process.join(10)
