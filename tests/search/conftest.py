"""Engines to try the promises on. No Django database: an index lives in a directory of its own."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from search.engines.base import Document, Engine, IndexOp
from search.engines.embedded import EmbeddedEngine
from search.query import Query, parse

ENGINES: dict[str, Callable[[Path], Engine]] = {"embedded": EmbeddedEngine}


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A sound, empty index of every engine there is."""
    made = ENGINES[request.param](tmp_path / "index")
    made.ensure()
    yield made
    made.close()


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
