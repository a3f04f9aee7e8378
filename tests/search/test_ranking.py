"""The orders that teachers would want (fixtures/ranking), asked of every engine."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from search.engines.base import Document, Engine
from search.understanding.asking import answer
from search.understanding.steps import Asked
from tests.search.conftest import index
from tests.search.judged.corpus import lexicon

ORDERS = Path(__file__).resolve().parents[2] / "fixtures" / "ranking" / "orders.toml"
CASES: list[dict[str, Any]] = tomllib.loads(ORDERS.read_text(encoding="utf-8"))["case"]


def document(row: dict[str, Any]) -> Document:
    return Document(
        id=row["id"],
        version=1,
        title=row["title"],
        keywords=row.get("keywords", ""),
        summary=row.get("summary", ""),
        body=row.get("body", ""),
        facets={name: value if isinstance(value, list) else [value] for name, value in row.get("facets", {}).items()},
        acl=("public",),
        adoptions=row.get("adoptions", 0),
        published=datetime.now(UTC) - timedelta(days=row.get("days", 365)),
    )


def asked(case: dict[str, Any]) -> Asked:
    return Asked(tokens=("public",), sort=case.get("sort", "relevance"), places=case.get("places", ()))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_order_is_what_a_teacher_wants(engine: Engine, case: dict[str, Any]) -> None:
    index(engine, *(document(row) for row in case["documents"]))
    found = answer(engine.search, case["ask"], lexicon(), asked(case))
    ids = [hit.id for hit in (*found.page.hits, *found.more)]
    assert ids[: len(case["order"])] == case["order"]
