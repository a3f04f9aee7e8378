"""Engines to try the promises on. No Django database: an index lives in a directory of its own."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from search.engines.base import Document, Engine, IndexOp
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.query import Query, parse
from tests.search.server import drop, url_of, where

Make = Callable[..., ElasticsearchEngine]

needs_server = pytest.mark.elasticsearch

ENGINES = ["embedded", pytest.param("elasticsearch", marks=needs_server)]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a real Elasticsearch, the same for all processes of this run."""
    return url_of(where(tmp_path_factory))


@pytest.fixture
def native(server: str) -> Iterator[Elasticsearch]:
    """The server's own client."""
    with Elasticsearch(server.split(",")) as made:
        yield made


@pytest.fixture
def cluster(server: str) -> Iterator[Callable[..., ElasticsearchEngine]]:
    """Makes engines on that server which share a prefix of this test; what they leave there goes with it."""
    prefix = f"test-{token_hex(6)}"
    made: list[ElasticsearchEngine] = []

    def make(**options: Any) -> ElasticsearchEngine:
        made.append(ElasticsearchEngine(server, **{"prefix": prefix, "immediate": True, **options}))
        return made[-1]

    yield make
    for engine in made:
        engine.close()
    drop(server, prefix)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A sound, empty index of every engine there is."""
    made: Engine
    if request.param == "elasticsearch":
        made = request.getfixturevalue("cluster")()
    else:
        made = EmbeddedEngine(tmp_path / "index")
    made.ensure()
    yield made
    made.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    """The same of the embedded engine alone."""
    made = EmbeddedEngine(tmp_path / "index")
    made.ensure()
    yield made
    made.close()


def names(native: Elasticsearch, engine: ElasticsearchEngine) -> dict[str, list[str]]:
    """Every index of the engine, and the names that point to it."""
    prefix = engine._indexes.current
    found = native.indices.get_alias(index=f"{prefix}-*")
    return {name: sorted(alias.removeprefix(prefix) for alias in found[name]["aliases"]) for name in found}


def work(id_: str, title: str, *, version: int = 1, acl: tuple[str, ...] = ("public",), **more: Any) -> Document:
    """A document that everybody may see, unless told otherwise."""
    return Document(id=id_, version=version, title=title, acl=acl, **more)


def index(engine: Engine, *documents: Document) -> None:
    engine.bulk(IndexOp(document) for document in documents)


def ask(text: str = "", *, tokens: tuple[str, ...] = ("public",), **more: Any) -> Query:
    return parse(text, tokens=tokens, **more)


def found(engine: Engine, text: str = "", **more: Any) -> list[str]:
    """Ids of the hits, best first."""
    return [hit.id for hit in engine.search(ask(text, **more)).hits]


def day(year: int, month: int = 1) -> datetime:
    return datetime(year, month, 1, tzinfo=UTC)
