"""A server that is away, refuses, is too busy or hangs: what people are told, and who answers instead."""

import json
import multiprocessing
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from elastic_transport import ConnectionTimeout

from search.engines.base import DeleteOp, State, Written
from search.engines.elasticsearch import ElasticsearchEngine, indexes
from search.engines.elasticsearch.options import Clients, Options
from search.engines.embedded import EmbeddedEngine
from search.engines.matching import Candidate
from search.engines.standby import StandbyEngine
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
        (503, "cluster_block_exception: blocked by: [SERVICE_UNAVAILABLE/2/no master];", "unreachable"),
        (503, "cluster_block_exception: blocked by: [SERVICE_UNAVAILABLE/1/state not recovered];", "unreachable"),
        (400, "index_closed_exception: closed", "readonly"),
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
    with silent(1, after=1) as (url,):
        engine = ElasticsearchEngine(url, timeout=0.1)
        began = time.perf_counter()
        with pytest.raises(IndexUnavailable) as caught:  # it was to say within a tenth of a second that it is too much
            engine.search(ask("浮力"))
        assert caught.value.reason == "unreachable"
        assert time.perf_counter() - began < 2.5
        engine.close()


@contextmanager
def silent(hosts: int, *, after: int = 0) -> Iterator[list[str]]:
    """So many hosts that say where the index is `after` times each, and then take every question and answer none."""
    over = threading.Event()
    asked: Counter[int] = Counter()

    def answer(host: int, method: str, path: str, *request: Any) -> tuple[int, Any]:
        asked[host] += 1
        if asked[host] > after or "_search" in path:
            over.wait(60)
        return 200, WHERE

    with ExitStack() as open_:
        yield [open_.enter_context(stub(partial(answer, host))) for host in range(hosts)]
        over.set()


WHERE: dict[str, Any] = {f"gongjian-works-{indexes.MARK}-20260101t000000-abcdef": {"aliases": {"gongjian-works": {}}}}


@pytest.mark.parametrize("hosts", [1, 2, 3])
@pytest.mark.parametrize("after", [0, 1])
def test_silent_cluster_is_away_within_the_same_time_however_many_its_hosts(
    tmp_path: Path, hosts: int, after: int
) -> None:
    second = EmbeddedEngine(tmp_path)
    second.ensure()
    index(second, work("1", "浮力"))
    with silent(hosts, after=after) as urls:
        first = ElasticsearchEngine(urls, timeout=0.1)
        both = StandbyEngine(first, second)
        began = time.perf_counter()
        page = both.search(ask("浮力"))
        took = time.perf_counter() - began
        assert ([hit.id for hit in page.hits], page.from_standby) == (["1"], True)
        assert took < 5  # a tenth of a second for the search, one for its way, two for another host; and this machine
        began = time.perf_counter()
        assert both.search(ask("力")).from_standby  # others do not wait at all: no words were too heavy
        assert time.perf_counter() - began < 0.5
        first.close()


def test_monitor_hears_within_ten_seconds_that_a_cluster_is_silent() -> None:
    with silent(3) as urls:
        engine = ElasticsearchEngine(urls)
        began = time.perf_counter()
        assert engine.health().state is State.UNREACHABLE
        assert time.perf_counter() - began < 14
        engine.close()


def test_host_that_answers_is_asked_after_one_that_is_silent() -> None:
    def sound(method: str, path: str, *request: Any) -> tuple[int, Any]:
        return 200, {"hits": {"total": {"value": 0, "relation": "eq"}, "hits": []}} if "_search" in path else WHERE

    with silent(1) as urls, stub(sound) as other:
        engine = ElasticsearchEngine([*urls, other], timeout=0.1)
        assert [found(engine) for _ in range(4)] == [[]] * 4
        engine.close()


def lacking(server: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
    """What the server answers to a key without privileges for the cluster, and for the profiles."""
    if path == "/" or path.startswith("/_cluster/") or "-profiles" in path:
        return 403, {"error": {"type": "security_exception", "reason": "action is unauthorized"}, "status": 403}
    kept = {name: headers[name] for name in ("content-type", "accept") if name in headers}
    try:
        with urlopen(Request(f"{server}{path}", body or None, kept, method=method)) as answer:  # noqa: S310  our own node
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


@needs_server
def test_key_without_privileges_for_the_cluster_does_all_that_counts(server: str, cluster: Make) -> None:
    behind = cluster()
    with stub(partial(lacking, server.split(",")[0])) as url:
        engine = ElasticsearchEngine(url, prefix=behind._options.prefix, immediate=True)
        engine.ensure()
        assert engine.health().state is State.UNFILLED
        with engine.rebuild() as new:
            new.fill([work("1", "浮力")])
        health = engine.health()
        assert (health.state, health.documents, found(engine)) == (State.READY, 1, ["1"])
        assert "没有集群的 monitor 权限" in health.detail
        assert "推送由数据库匹配" in health.detail
        engine.close()


def test_part_of_an_answer_is_never_taken_for_all() -> None:
    """A server that has lost a shard is asked to refuse, where it would answer with the rest as if that were all."""
    asked: list[bool] = []

    def answer(method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        if "_msearch" in path:
            head = json.loads(body.splitlines()[0])
            asked.append(head.get("allow_partial_search_results") is False)
            return 200, {"responses": [{"hits": {"hits": []}}]}
        if "_search" in path:
            asked.append("allow_partial_search_results=false" in path)
            return 200, {"pit_id": "1", "hits": {"hits": []}}
        kind = "profiles" if "profiles" in path else "works"
        name = f"gongjian-{kind}-{indexes.MARK}-20260101t000000-abcdef"
        return 200, {"id": "1", name: {"aliases": {f"gongjian-{kind}": {}}}}

    with stub(answer) as url:
        engine = ElasticsearchEngine(url)
        assert engine.matcher.match([Candidate("1", {"subject": ["1"]})]) == {"1": []}
        assert list(engine.matcher.ids()) == []
        assert list(engine.versions()) == []
        engine.close()
    assert asked == [True, True, True]


def test_index_that_has_lost_a_part_is_not_ready() -> None:
    def answer(method: str, path: str, *request: Any) -> tuple[int, Any]:
        if "_count" in path:
            return 200, {"count": 3, "_shards": {"total": 3, "successful": 2, "skipped": 0, "failed": 0}}
        return (403, {"error": {"type": "security_exception"}}) if "_cluster" in path else (200, WHERE)

    with stub(answer) as url:
        engine = ElasticsearchEngine(url)
        health = engine.health()
        assert (health.state, "1 个分片没有节点" in health.detail) == (State.UNREACHABLE, True)
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
