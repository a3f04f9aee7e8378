"""What every story has: an index of its own, and people who have not signed in yet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.engines import engine
from tests.journeys.people import Cast
from tests.journeys.visiting import Visitor, seated


@pytest.fixture(autouse=True)
def own_index(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path / "index")}
    engine().ensure()
    yield
    engine().close()


@pytest.fixture
def cast(db: None) -> Cast[Visitor]:
    return Cast(seated)
