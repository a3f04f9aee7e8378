"""What the embedded engine remembers of facets grows with the index and not with the questions."""

from pathlib import Path

from search.engines.base import Document, IndexOp
from search.engines.embedded import EmbeddedEngine
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
