"""`manage.py search` on a terminal: what cannot be done is one sentence, never a traceback."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from cms.outbox import worker
from cms.outbox.actions import WAITING
from cms.outbox.models import Message
from cms.outbox.tasks import KEEP_DONE
from search.engines import engine
from search.engines.embedded import EmbeddedEngine
from search.errors import IndexUnavailable
from search.indexing import going_back, renaming
from search.indexing.checking import check
from search.indexing.rebuilding import rebuild
from tests import factories
from tests.factories import Province
from tests.search.site.test_finding import NOBODY, find
from tests.search.site.test_renaming import renamed
from workflows.review.actions.publishing import retire

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("arguments", [["rebuild"], ["rebuild", "--if-needed"], ["check"], ["rollback"], ["health"]])
def test_server_that_is_away_is_said_and_no_rebuild_is_advised(settings: Any, arguments: list[str]) -> None:
    settings.SEARCH = {"engine": "elasticsearch", "hosts": "http://127.0.0.1:1", "prefix": "away"}
    with pytest.raises(CommandError) as caught:
        call_command("search", *arguments)
    assert str(caught.value).startswith("检索服务连不上：请检查 ELASTICSEARCH_URL、证书、密钥和集群。（unreachable")


def test_folder_that_takes_no_writes_is_said_in_its_own_words(settings: Any, tmp_path: Path) -> None:
    """Nobody who has no cluster is sent to one."""
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path)}
    with engine().rebuild() as fresh:
        fresh.fill([])
    engine().close()
    with engine()._files.writing():  # type: ignore[attr-defined]
        (tmp_path / "write.lock").unlink()
        (tmp_path / "write.lock").mkdir()  # root may write where a folder's permissions say no
    with pytest.raises(CommandError, match="索引文件夹写不进去：请检查 DATA_DIR/index"):
        call_command("search", "rebuild")


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


def said(*arguments: str) -> str:
    told = io.StringIO()
    call_command("search", *arguments, stdout=told)
    return told.getvalue()


def test_rollback_without_an_earlier_index_is_said() -> None:
    with pytest.raises(CommandError, match="没有可以退回的旧索引。"):
        call_command("search", "rollback")


@pytest.mark.parametrize("standby", [False, True])
def test_rollback_goes_back_and_has_what_was_written_meanwhile(settings: Any, tmp_path: Path, standby: bool) -> None:
    if standby:
        settings.SEARCH = {**settings.SEARCH, "standby": {"engine": "embedded", "path": str(tmp_path / "second")}}
    place = factories.province()
    factories.shared(place, openly=True)
    leaves = factories.shared(place, openly=True)
    rebuild()
    old = engine().health().index
    rebuild()
    retire(leaves.submission, by=factories.person("administrator", place.school), reason="已过时")
    factories.shared(place, openly=True)
    worker.drain()
    renamed(place.subject, "算学")
    worker.drain()
    assert find(NOBODY, "算学").total == 2

    told = said("rollback")

    assert engine().health().index == old
    assert "检索索引已退回重建以前的那一份" in told
    assert ("备用索引已退回" in told) is standby
    # What left is too much, and older than its last change; so is the space of the subject, which has another name.
    assert "缺 1 条，多 1 条，落后 2 条，已补正。" in told
    assert "后来改过 1 个名称" in told
    assert check(mend=False).none
    worker.drain()
    assert find(NOBODY, "算学").total == 2


@pytest.mark.parametrize("damaged", [False, True])
def test_rollback_that_could_not_be_mended_changes_nothing(settings: Any, damaged: bool) -> None:
    factories.shared(factories.province(), openly=True)
    rebuild()
    rebuild()
    new = engine().health().index
    if damaged:  # nobody could go back to the one in use
        Path(settings.SEARCH["path"], f"{new}-damaged").touch()
    with (
        time_machine.travel(datetime.now(UTC) + KEEP_DONE + timedelta(minutes=1)),
        pytest.raises(CommandError, match="不能退回"),
    ):
        call_command("search", "rollback")
    assert engine().health().index == new


def test_names_are_owed_also_where_comparing_fails(place: Province, settings: Any) -> None:
    rebuild()
    rebuild()
    renamed(place.subject, "算学")
    worker.drain()
    since = going_back.roll_back()
    Path(settings.SEARCH["path"], engine().health().index).unlink()
    with pytest.raises(IndexUnavailable):
        going_back.mend_since(since)
    owed = Message.objects.filter(WAITING, topic=renaming.TOPIC).values_list("ref", flat=True)
    assert f"subject:{place.subject.pk} work 0" in owed
