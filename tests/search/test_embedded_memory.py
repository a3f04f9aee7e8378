"""What the embedded engine remembers of facets grows with the index and not with the questions."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from search.engines.base import Document, IndexOp
from search.engines.embedded import EmbeddedEngine
from search.engines.embedded.combos import Column
from search.query import parse


def test_learning_combos_one_by_one_keeps_memory_in_proportion(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path)
    engine.ensure()
    engine.bulk(
        IndexOp(Document(id=str(n), version=1, title=f"w{n}", facets={"subject": [str(n)]}, acl=["public"]))
        for n in range(40)
    )
    for n in reversed(range(40)):
        assert engine.search(parse(f"w{n}", facets=["subject"], tokens=["public"])).total == 1
    assert len(engine._knowledge._of[1].combos._known) < 200
    engine.close()


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads take turns as often as Python can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty_threads")
def test_facet_is_asked_while_another_thread_learns_more_of_it() -> None:
    column = Column(2)
    column.of[1] = column.number(["a"])
    learning = threading.Thread(target=lambda: [column.number(["a", str(n)]) for n in range(3_000)])

    learning.start()
    answers = {tuple(column.passing(np.array([0, 1]), ["a"]).tolist())}
    while learning.is_alive():
        answers.add(tuple(column.passing(np.array([0, 1]), ["a"]).tolist()))
    learning.join()

    assert answers == {(False, True)}
