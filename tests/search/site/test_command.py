"""`manage.py search` on a terminal: what cannot be done is one sentence, never a traceback."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from search.engines.embedded import EmbeddedEngine

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("arguments", [["rebuild"], ["rebuild", "--if-needed"], ["check"], ["health"]])
def test_server_that_is_away_is_said_and_no_rebuild_is_advised(settings: Any, arguments: list[str]) -> None:
    settings.SEARCH = {"engine": "elasticsearch", "hosts": "http://127.0.0.1:1", "prefix": "away"}
    with pytest.raises(CommandError) as caught:
        call_command("search", *arguments)
    assert str(caught.value).startswith("检索暂时不可用，作品和空间不受影响。请稍后再试。（unreachable")


def test_rebuild_beside_another_is_said(settings: Any) -> None:
    with EmbeddedEngine(Path(settings.SEARCH["path"])).rebuild(), pytest.raises(CommandError, match="索引正在重建"):
        call_command("search", "rebuild")


@pytest.mark.parametrize("what", ["check", "health"])
def test_index_that_is_not_there_asks_for_a_rebuild(settings: Any, tmp_path: Path, what: str) -> None:
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path / "nothing")}
    with pytest.raises(CommandError, match="search rebuild"):
        call_command("search", what)


def test_index_that_was_never_filled_is_not_said_to_be_mended(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path / "empty")}
    EmbeddedEngine(tmp_path / "empty").ensure()
    for what in ("check", "health"):
        with pytest.raises(CommandError, match=r"search rebuild。（unfilled"):
            call_command("search", what)
    call_command("search", "rebuild")
    call_command("search", "check")
