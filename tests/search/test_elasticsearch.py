"""What is true of the engine for a cluster only: its names, its leases, its failures, its settings."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from elasticsearch import BadRequestError, Elasticsearch

from search.engines.base import DeleteOp, IndexOp, State, Written
from search.engines.elasticsearch import ElasticsearchEngine, indexes, locks, tending
from search.engines.elasticsearch.tokens import goes_on, tokens
from search.errors import IndexUnavailable, RebuildRunning, SearchTimeout
from tests.search.conftest import ask, day, found, index, work
from tests.search.stub import stub

Make = Callable[..., ElasticsearchEngine]

needs_server = pytest.mark.elasticsearch


@pytest.fixture
def client(server: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(server.split(",")) as made:
        yield made


def names(client: Elasticsearch, engine: ElasticsearchEngine) -> dict[str, list[str]]:
    """Every index of the engine, and the names that point to it."""
    prefix = engine._indexes.current
    found = client.indices.get_alias(index=f"{prefix}-*")
    return {name: sorted(alias.removeprefix(prefix) for alias in found[name]["aliases"]) for name in found}


# --- tokens ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("ph值的测定", "ph 值 的 测 定"),
        ("数。学", "数 | 学"),
        ("数 a 学", "数 a 学"),
        ("a+b=c", "a b c"),
        ("笑😀", "笑 😀"),
        ("", ""),
        ("|", ""),
        ("x" * 100, "x" * 64),
    ],
)
def test_tokens_are_characters_words_and_borders(text: str, row: str) -> None:
    assert tokens(text) == row


def test_tokens_end_at_the_limit() -> None:
    assert tokens("数学广角", limit=2) == "数 学"
    assert [goes_on(text) for text in ("photo", "光 photo", "photo光", "", "光😀")] == [True, True, False, False, False]


# --- nobody answers -------------------------------------------------------------------------------------------------


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
        (401, "security_exception", "failed"),
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


# --- names ----------------------------------------------------------------------------------------------------------


@needs_server
def test_nothing_is_made_by_writing(cluster: Make, client: Elasticsearch) -> None:
    engine = cluster()

    for call in (lambda: engine.search(ask("浮力")), lambda: engine.suggest("浮", ["public"])):
        with pytest.raises(IndexUnavailable) as caught:
            call()
        assert caught.value.reason == "missing"
    with pytest.raises(IndexUnavailable):
        index(engine, work("1", "浮力"))

    assert (engine.health().state, names(client, engine)) == (State.MISSING, {})
    assert not client.indices.exists(index=engine._indexes.current)


@needs_server
def test_index_deleted_behind_our_back_is_missing_and_made_anew(cluster: Make, client: Elasticsearch) -> None:
    engine = cluster()
    engine.ensure()
    index(engine, work("1", "浮力"))
    assert found(engine) == ["1"]
    for name in names(client, engine):
        client.indices.delete(index=name)

    for call in (lambda: found(engine), lambda: index(engine, work("1", "浮力"))):
        with pytest.raises(IndexUnavailable) as caught:
            call()
        assert caught.value.reason == "missing"

    engine.ensure()
    assert (engine.health().state, found(engine)) == (State.EMPTY, [])


@needs_server
def test_index_of_another_analysis_is_outdated_and_replaced(
    cluster: Make, client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = cluster()
    with monkeypatch.context() as earlier:
        earlier.setattr(indexes, "MARK", "00000000")
        old.ensure()
    engine = cluster()

    assert engine.health().state is State.OUTDATED
    for call in (lambda: found(engine), lambda: index(engine, work("1", "浮力")), lambda: list(engine.versions())):
        with pytest.raises(IndexUnavailable) as caught:
            call()
        assert caught.value.reason == "outdated"

    engine.ensure()

    assert engine.health().state is State.EMPTY
    assert list(names(client, engine).values()) == [[""]]


@needs_server
def test_ensure_from_many_at_once_makes_one_index(cluster: Make, client: Elasticsearch) -> None:
    engines = [cluster() for _ in range(6)]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda engine: engine.ensure(), engines))

    assert list(names(client, engines[0]).values()) == [[""]]
    for engine in engines:
        index(engine, work("1", "浮力"))
    assert found(engines[0]) == ["1"]


@needs_server
def test_only_the_index_before_the_last_rebuild_is_kept(cluster: Make, client: Elasticsearch) -> None:
    engine = cluster()
    engine.ensure()
    for n in range(3):
        with engine.rebuild() as new:
            new.fill([work(str(n), "浮力")])

    assert sorted(names(client, engine).values()) == [[""], ["-previous"]]
    assert found(engine) == ["2"]


@needs_server
def test_installations_on_one_cluster_do_not_see_each_other(cluster: Make, client: Elasticsearch) -> None:
    one = cluster()
    other = cluster(prefix=f"{one._options.prefix}-works")
    one.ensure()
    other.ensure()
    index(one, work("1", "浮力"))
    index(other, work("2", "背影"))

    with one.rebuild() as new:
        new.fill([work("3", "浮力")])
        assert other.health().rebuilding is False

    assert (found(one), found(other)) == (["3"], ["2"])
    assert len(names(client, other)) == 1


@needs_server
def test_fields_that_are_not_ours_are_refused(cluster: Make, client: Elasticsearch) -> None:
    engine = cluster()
    engine.ensure()

    with pytest.raises(BadRequestError, match="strict_dynamic_mapping"):
        client.index(index=engine._indexes.current, document={"surprise": 1})


# --- rebuilding -----------------------------------------------------------------------------------------------------


@needs_server
def test_rebuild_that_died_is_swept_away_by_the_next(cluster: Make, client: Elasticsearch) -> None:
    engine = cluster()
    engine.ensure()
    left = engine._indexes.make(alias=engine._indexes.next, filling=True)
    orphan = engine._indexes.make()
    index(engine, work("1", "浮力"))
    assert engine.health().rebuilding is False

    with engine.rebuild() as new:
        new.fill([work("2", "浮力")])

    assert (found(engine), {left, orphan} & set(names(client, engine))) == (["2"], set())


@needs_server
def test_rebuild_is_taken_over_after_no_sign_of_life(cluster: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, quick = cluster(), cluster()
    slow.ensure()
    with pytest.raises(IndexUnavailable), slow.rebuild() as stuck:
        stuck.fill([work("stuck", "浮力")])
        with pytest.raises(RebuildRunning), quick.rebuild():
            pass
        monkeypatch.setattr(locks.Locks, "_lives", staticmethod(lambda held: False))
        with quick.rebuild() as new:
            new.fill([work("quick", "浮力")])

    assert (found(quick), quick.health().state) == (["quick"], State.READY)


@needs_server
def test_writes_go_on_when_the_index_being_filled_is_dropped(cluster: Make) -> None:
    engine = cluster()
    engine.ensure()

    with pytest.raises(IndexUnavailable), engine.rebuild() as new:
        engine._indexes.drop(new.index)
        index(engine, work("1", "浮力"))
        assert found(engine) == ["1"]

    index(engine, work("2", "浮力"))
    assert sorted(found(engine)) == ["1", "2"]


@needs_server
def test_copies_and_shards_are_as_set(cluster: Make, client: Elasticsearch) -> None:
    engine = cluster(shards=3, replicas=2)
    engine.ensure()
    with engine.rebuild() as new:
        new.fill(work(str(n), "浮力", facets={"half": [str(n % 2)], "own": [str(n)]}) for n in range(700))
        ((filling, held),) = client.indices.get_settings(index=new.index).items()
        assert (held["settings"]["index"]["number_of_shards"], held["settings"]["index"]["refresh_interval"]) == (
            "3",
            "-1",
        )

    held = client.indices.get_settings(index=filling)[filling]["settings"]["index"]
    assert (held["auto_expand_replicas"], held["refresh_interval"]) == ("0-2", "1s")
    page = engine.search(ask("浮力", facets=["half", "own"], filters={"own": ["699"]}))
    assert (page.total, page.facets["half"]) == (1, [("1", 1)])
    assert [*page.facets["own"][:2], page.facets["own"][-1]] == [("0", 1), ("1", 1), ("699", 1)]


# --- reading and keeping --------------------------------------------------------------------------------------------


@needs_server
def test_search_is_stopped_when_it_takes_too_long(cluster: Make) -> None:
    if os.environ.get("ELASTICSEARCH_URL"):
        pytest.skip("the clock of that server may be too coarse: our own node's is exact")
    engine = cluster(timeout=0.0001)
    engine.ensure()
    index(engine, *(work(str(n), f"浮力{n}") for n in range(200)))

    with pytest.raises(SearchTimeout):
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
def test_parts_of_a_score_are_what_the_server_multiplied(cluster: Make) -> None:
    engine = cluster()
    engine.ensure()
    index(
        engine,
        *(
            work(f"{year}-{adoptions}", "浮力", published=day(year), adoptions=adoptions)
            for year in (1, 1990, 2020, 2025, 2026)
            for adoptions in (0, 1, 100, 10**9)
        ),
        work("draft", "浮力"),
    )

    hits = engine.search(ask("浮力", per_page=50)).hits

    assert len(hits) == 21
    assert {round(hit.parts["words"], 4) for hit in hits} == {round(hits[0].parts["words"], 4)}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@needs_server
def test_writes_are_found_within_two_seconds_when_not_at_once(cluster: Make) -> None:
    engine = cluster(immediate=False)
    engine.ensure()
    index(engine, work("1", "浮力"))
    until = time.monotonic() + 5

    while not found(engine) and time.monotonic() < until:
        time.sleep(0.05)

    assert found(engine) == ["1"]


@needs_server
def test_late_writes_are_held_off_longer_than_the_server_remembers(cluster: Make, client: Elasticsearch) -> None:
    engine = cluster()
    engine.ensure()
    index(engine, work("1", "浮力", version=3), work("2", "浮力", version=3))
    engine.bulk([DeleteOp("1", 4), DeleteOp("2", 4)])
    client.indices.put_settings(index=engine._indexes.current, settings={"gc_deletes": "1ms"})
    time.sleep(0.05)
    client.indices.flush(index=engine._indexes.current, force=True)

    assert engine.bulk([IndexOp(work("1", "浮力", version=3))]) == Written(stale=1)
    assert (found(engine), engine.health().documents, list(engine.versions())) == ([], 0, [])


@needs_server
def test_tend_buries_old_tombstones_only(cluster: Make, client: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = cluster()
    engine.ensure()
    index(engine, work("1", "浮力"))
    engine.bulk([DeleteOp("2", 4)])
    assert engine.tend() is False
    assert client.count(index=engine._indexes.current)["count"] == 2

    later = time.time() + tending.AGE + 60
    monkeypatch.setattr(tending, "time", type("Later", (), {"time": lambda: later, "monotonic": time.monotonic}))
    assert engine.tend() is False

    assert (client.count(index=engine._indexes.current)["count"], found(engine)) == (1, ["1"])


@needs_server
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


def test_no_word_of_the_engine_leaves_its_folder() -> None:
    root = Path(__file__).resolve().parents[2]
    speakers = {
        str(file.relative_to(root))
        for wing in ("cms", "workflows", "search", "theme", "fixtures")
        for file in (root / wing).rglob("*.py")
        if "import elastic" in (text := file.read_text("utf-8")) or "from elastic" in text
    }

    assert speakers
    assert all(file.startswith("search/engines/elasticsearch/") for file in speakers)
