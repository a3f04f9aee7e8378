"""Which interests a work meets: the database and the server, asked the same, say the same."""

import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from elastic_transport import TransportError
from pytest_django import Settings

from cms.outbox.worker import drain
from cms.spaces.actions import interest_in
from cms.spaces.models import Interest
from cms.spaces.profiles import Profile, Word, meets
from search import matching
from search.analysis import Tokenised
from search.engines import engine
from search.engines.base import Document, IndexOp
from search.engines.elasticsearch import ElasticsearchEngine, percolating
from search.engines.elasticsearch.percolating import Percolator
from search.engines.embedded import EmbeddedEngine
from search.engines.matching import Candidate
from search.errors import IndexUnavailable, RebuildRunning
from search.indexing.caring import care
from search.interests import words_of
from search.push import unwanted
from search.query import parse
from tests.search.conftest import work
from tests.search.server import drop, url_of, where

pytestmark = pytest.mark.django_db

BOTH = ["database", pytest.param("server", marks=pytest.mark.elasticsearch)]


@pytest.fixture(scope="session")
def percolating_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a real server that has the percolator."""
    return url_of(where(tmp_path_factory), "--percolator")


@pytest.fixture
def setting(percolating_server: str, settings: Settings) -> Iterator[dict[str, Any]]:
    """The product is set to that server; what the test leaves there goes with it."""
    prefix = f"test-{token_hex(6)}"
    settings.SEARCH = {"engine": "elasticsearch", "hosts": percolating_server, "prefix": prefix, "immediate": True}
    yield settings.SEARCH
    engine().close()
    drop(percolating_server, prefix)


@pytest.fixture
def server(setting: dict[str, Any]) -> Percolator:
    made = engine()
    assert isinstance(made, ElasticsearchEngine)
    made.ensure()
    matching.refill()
    return made.matcher


@pytest.fixture(params=BOTH)
def meet(request: pytest.FixtureRequest) -> Callable[..., dict[str, list[int]]]:
    """Ids of the interests that documents meet, by one of the two; the other is out of reach."""
    if request.param == "database":
        return matching.interests_of
    server: Percolator = request.getfixturevalue("server")

    def by_server(documents: Sequence[Document]) -> dict[str, list[int]]:
        matching.keep(Interest.objects.values_list("pk", flat=True))
        assert server.ready()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(matching, "interests_met", None)
            return matching.interests_of(documents)

    return by_server


def wish(words: Sequence[Word] = (), **filters: list[str]) -> int:
    return interest_in(filters=filters, words=words).pk


Meet = Callable[..., dict[str, list[int]]]


def test_interests_are_met_when_every_facet_has_one_of_its_values(meet: Meet) -> None:
    maths = wish(subject=["12"])
    either = wish(subject=["12", "13"], grade=["3"])
    other = wish(subject=["13"])
    everything = wish()
    tagged = wish(tag=["春", "夏"])

    found = meet(
        [
            work("1", "分数", facets={"subject": ["12"], "grade": ["3"]}),
            work("2", "分数", facets={"subject": ["12"], "tag": ["夏", "秋"]}),
            work("3", "分数", facets={"subject": ["1"], "grade": ["13"]}),
            work("4", "分数"),
        ]
    )

    assert found == {
        "1": sorted([maths, either, everything]),
        "2": sorted([maths, everything, tagged]),
        "3": [everything],
        "4": [everything],
    }
    assert other not in {pk for pks in found.values() for pk in pks}


@pytest.mark.parametrize("field", ["title", "keywords", "summary", "body"])
def test_interests_of_words_are_met_where_all_of_them_stand(meet: Meet, field: str) -> None:
    buoyancy = wish(["浮力"])
    both = wish(["浮力", "阿基米德"])
    elsewhere = wish(["浮力学"])
    one = wish(["浮"])
    latin = wish(["dna"], subject=["5"])

    texts = ["阿基米德与浮力的故事", "浮。力", "ＤＮＡ的结构 浮 力"]
    documents = [
        replace(work(str(n), "", facets={"subject": [str(n + 2)]}), **{field: text})  # type: ignore[arg-type]  # all str
        for n, text in enumerate(texts, 1)
    ]

    assert meet(documents) == {"1": sorted([buoyancy, both, one]), "2": [one], "3": sorted([one, latin])}
    assert elsewhere


@pytest.mark.parametrize(
    ("word", "held", "not_held"),
    [
        ("ai", "AI 绘图，用 AI。", "Again, the rain in Spain: paint it."),
        ("4.2", "第4.2节", "4.25 与 14.2"),
        ("unit 1", "Unit 1", "Unit 12"),
        ("ph值", "溶液的 pH 值", "溶液的 pha 值"),
        ("ph-值", "溶液的pH值", "溶液的 pH 为值"),
        ("a", "a 和 b", "apple"),
        ("△", "△ABC", "三角形 ABC"),
    ],
)
def test_interests_are_met_by_the_words_that_a_search_would_find(
    meet: Meet, tmp_path: Path, word: str, held: str, not_held: str
) -> None:
    asked = parse(f'"{word}"', tokens=["public"])
    wanted = wish(asked.words)
    documents = [replace(work(str(n), "", acl=("public",)), body=text) for n, text in enumerate((held, not_held), 1)]

    shelf = EmbeddedEngine(tmp_path)
    shelf.ensure()
    shelf.bulk(IndexOp(document) for document in documents)
    assert [hit.id for hit in shelf.search(asked).hits] == ["1"]
    shelf.close()
    assert meet(documents) == {"1": [wanted], "2": []}


def test_new_interests_are_met_at_once_and_removed_ones_no_more(meet: Meet) -> None:
    first = wish(subject=["1"])
    assert meet([work("1", "课", facets={"subject": ["1"]})]) == {"1": [first]}

    second = wish(subject=["1", "2"])
    Interest.objects.filter(pk=first).delete()
    matching.keep([first])

    assert meet([work("1", "课", facets={"subject": ["1"]})]) == {"1": [second]}


@pytest.mark.parametrize("seed", range(3))
def test_interests_met_are_those_that_one_by_one_are_met(meet: Meet, seed: int) -> None:
    chance = random.Random(seed)
    names = ("stage", "subject", "grade", "tag", "place")
    text = "浮力分数背影牛顿定律dna光合作用"

    def facets(most: int) -> dict[str, list[str]]:
        return {
            name: [str(chance.randrange(4)) for _ in range(chance.randint(1, most))]
            for name in chance.sample(names, chance.randint(0, 4))
        }

    def piece() -> str:
        start = chance.randrange(len(text) - 3)
        return text[start : start + chance.randint(1, 4)]

    def word() -> Word:
        return chance.choice((piece(), [piece(), piece()]))

    for _ in range(120):
        wish([word() for _ in range(chance.choice((0, 0, 1, 2)))], **facets(2))
    documents = [
        work(str(n), "".join(chance.choices(text, k=12)), body=piece() + piece(), facets=facets(3)) for n in range(70)
    ]

    profiles = {row.pk: row.profile for row in Interest.objects.all()}
    wanted = {
        document.id: [
            pk
            for pk, profile in sorted(profiles.items())
            if meets(profile, document.facets, Tokenised(words_of(document)).holds)
        ]
        for document in documents
    }
    assert meet(documents) == wanted
    assert sum(map(len, wanted.values())) > 100


@pytest.mark.elasticsearch
@pytest.mark.parametrize(
    "words", [["\x00"], ['"'], ["*"], ["a" * 5_000], ["浮" * 300], ["\ud800"], ["{}"], [" "], ["e\u0301"]]
)
def test_profiles_and_works_may_hold_anything(setting: dict[str, Any], server: Percolator, words: list[str]) -> None:
    strange = {"标签 =": ["a=b", "x" * 3_000, "", "\x00"]}
    server.store([("1", Profile(facets=strange, words=words)), ("2", Profile(words=["没有"]))])

    assert server.match([Candidate("w", strange, "浮力"), Candidate("v")])["v"] == []
    assert server.match([Candidate("w", strange, f"前{words[0]}后")]) == {"w": ["1"]}


# --- the server's only ----------------------------------------------------------------------------------------------


@pytest.mark.elasticsearch
def test_the_database_answers_until_the_server_was_filled(setting: dict[str, Any]) -> None:
    made = engine()
    assert isinstance(made, ElasticsearchEngine)
    made.ensure()
    mine = wish(subject=["1"])

    assert made.matcher.ready() is False
    assert matching.interests_of([work("1", "课", facets={"subject": ["1"]})]) == {"1": [mine]}
    assert "推送由数据库匹配：服务器里还没有" in made.health().detail

    assert matching.refill() == 1
    assert (made.matcher.ready(), "推送由服务器匹配" in made.health().detail) == (True, True)


@pytest.mark.elasticsearch
def test_worker_fills_in_what_a_rebuild_that_broke_off_did_not(setting: dict[str, Any]) -> None:
    with engine().rebuild():
        pass
    mine = wish(subject=["1"])
    made = engine()
    assert isinstance(made, ElasticsearchEngine)
    assert (made.health().complete, made.matcher.ready()) == (True, False)

    care("")

    assert (made.matcher.ready(), list(made.matcher.ids())) == (True, [str(mine)])


@pytest.mark.elasticsearch
def test_profiles_that_have_just_taken_over_stay_though_the_old_ones_cannot_be_swept(
    server: Percolator, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[bool] = []
    sweep = server._indexes.sweep

    def away() -> None:
        swept.append(True)
        if len(swept) == 2:  # the first is before it begins
            raise TransportError("the node went away this very moment")
        sweep()

    with monkeypatch.context() as trouble:
        trouble.setattr(server._indexes, "sweep", away)
        with pytest.raises(IndexUnavailable):
            server.refill([("1", Profile({"subject": ["1"]}))])

    assert (server.ready(), list(server.ids())) == (True, ["1"])


@pytest.mark.elasticsearch
def test_interest_that_nobody_has_is_gone_from_the_server_too(server: Percolator) -> None:
    matching.keep([wish(subject=["1"])])
    assert len(list(server.ids())) == 1
    for day in (1, 3):
        with time_machine.travel(f"2030-09-0{day}T09:00+08:00"):
            unwanted.forget("")
            drain()

    assert list(server.ids()) == []


@pytest.mark.elasticsearch
def test_check_makes_the_interests_of_the_server_those_of_the_database(server: Percolator) -> None:
    mine, kept = wish(subject=["1"]), wish(subject=["2"])
    with engine().rebuild():
        pass
    server.store([(str(kept), Profile({"subject": ["2"]})), ("999999", Profile({"subject": ["1"]}))])

    told = io.StringIO()
    call_command("search", "check", stdout=told)

    assert told.getvalue().splitlines()[0] == "推送的关注内容：缺 1 组，多 1 组，已补正。"
    assert set(server.ids()) == {str(mine), str(kept)}
    assert server.match([Candidate("w", {"subject": ["1"]})]) == {"w": [str(mine)]}
    assert matching.check() == (0, 0)


@pytest.mark.elasticsearch
def test_refill_leaves_no_profile_that_is_gone_and_loses_none_that_comes(server: Percolator) -> None:
    server.store([("gone", Profile({"subject": ["1"]})), ("stays", Profile({"subject": ["2"]}))])

    def profiles() -> Iterator[tuple[str, Profile]]:
        yield "stays", Profile({"subject": ["2"]})
        server.store([("comes", Profile({"subject": ["3"]}))])
        assert list(server.ids()) == ["comes", "gone", "stays"]
        with pytest.raises(RebuildRunning):
            server.refill([])

    assert server.refill(profiles()) == 1
    assert list(server.ids()) == ["comes", "stays"]
    assert server.match([Candidate("w", {"subject": ["1", "2", "3"]})]) == {"w": ["comes", "stays"]}


@pytest.mark.elasticsearch
def test_refill_with_an_error_changes_nothing(server: Percolator) -> None:
    server.store([("stays", Profile({"subject": ["2"]}))])

    def broken() -> Iterator[tuple[str, Profile]]:
        yield "n", Profile()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        server.refill(broken())
    server.store([("later", Profile())])
    assert list(server.ids()) == ["later", "stays"]


@pytest.mark.elasticsearch
def test_more_profiles_than_one_answer_holds_are_all_found(server: Percolator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(percolating, "PAGE", 7)
    server.store((f"{n:03}", Profile({"subject": [str(n % 2)]})) for n in range(60))

    found = server.match([Candidate(str(n), {"subject": [str(n % 3)]}) for n in range(120)])

    assert (len(found["0"]), len(found["1"]), len(found["2"])) == (30, 30, 0)
    assert found["3"] == [f"{n:03}" for n in range(0, 60, 2)]
    assert list(server.ids()) == [f"{n:03}" for n in range(60)]


@pytest.mark.elasticsearch
def test_a_server_without_percolator_is_seen_by_asking(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    address, prefix = url_of(where(tmp_path_factory)), f"test-{token_hex(6)}"
    settings.SEARCH = {"engine": "elasticsearch", "hosts": address, "prefix": prefix, "immediate": True}
    made = engine()
    assert isinstance(made, ElasticsearchEngine)
    made.ensure()
    mine = wish(subject=["1"])
    try:
        if made.matcher.able():
            pytest.skip("the server of ELASTICSEARCH_URL has the percolator")
        assert matching.refill() == 0
        assert matching.check() == (0, 0)
        matching.keep([mine])
        assert "服务器没有 percolator" in made.health().detail
        assert matching.interests_of([work("1", "课", facets={"subject": ["1"]})]) == {"1": [mine]}
    finally:
        made.close()
        drop(address, prefix)


def test_the_database_answers_while_the_server_is_away(settings: Settings) -> None:
    settings.SEARCH = {"engine": "elasticsearch", "hosts": "http://127.0.0.1:1", "prefix": "away"}
    mine = wish(subject=["1"])

    assert matching.interests_of([work("1", "课", facets={"subject": ["1"]})]) == {"1": [mine]}
    with pytest.raises(IndexUnavailable):
        matching.keep([mine])
    engine().close()


def test_the_embedded_engine_leaves_matching_to_the_database(settings: Settings, tmp_path: Path) -> None:
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path)}
    mine = wish(["浮力"])

    assert matching.interests_of([work("1", "浮力")]) == {"1": [mine]}
    assert matching.refill() == 0
    matching.keep([mine])
