"""An index of its own for each test, filled once with nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.engines import engine


@pytest.fixture(autouse=True)
def own_index(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path / "index")}
    with engine().rebuild():
        pass  # the first filling, of a database without works
    yield
    engine().close()
