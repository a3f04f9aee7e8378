"""A rebuild reads the whole database: the same documents as one by one, in as many queries as before, and to the end or
not at all. A check makes every index equal to it."""

import gc
import io
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.outbox import worker
from cms.outbox.versions import version_of_now
from search.documents import document_of, every_document, every_id, how_many, live, sources
from search.engines import engine
from search.engines.base import DeleteOp, Document, IndexOp
from search.engines.embedded import EmbeddedEngine
from search.indexing.checking import check
from search.indexing.rebuilding import rebuild
from search.progress import Stage
from tests import factories
from tests.search.site.test_finding import NOBODY, find

pytestmark = pytest.mark.django_db


def test_documents_read_in_batches_are_those_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    place = factories.province()
    author = factories.teacher(place)
    factories.published(place, author, factories.micro_course(place, author))
    factories.micro_course(place, author)  # not live, between two that are
    for _ in range(3):
        factories.shared(place, author, openly=True)
    monkeypatch.setattr(sources, "BATCH", 2)

    read = {document.id: document for document in every_document()}

    for work in live():
        alone = document_of(work)
        assert alone is not None
        told = read.pop(str(work.pk))
        assert {**vars(told), "version": 0} == {**vars(alone), "version": 0}
    assert all(":" in id_ for id_ in read)  # spaces and people


def test_a_batch_costs_the_same_queries_whatever_is_in_it() -> None:
    place = factories.province()
    author = factories.teacher(place)
    factories.published(place, author, factories.micro_course(place, author))
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert len([document for document in every_document() if ":" not in document.id]) == 1
    for _ in range(2):
        factories.published(place, author, factories.micro_course(place, author))
    with CaptureQueriesContext(connection) as three:
        assert len([document for document in every_document() if ":" not in document.id]) == 3

    assert len(three) == len(one)


@pytest.mark.parametrize("broken", [KeyboardInterrupt, MemoryError])
def test_a_rebuild_that_breaks_off_leaves_the_old_index_and_the_collector(broken: type[BaseException]) -> None:
    factories.shared(factories.province(), openly=True)
    worker.drain()
    assert find(NOBODY, "分数").total == 1

    def stop(stage: Stage, done: int, total: int) -> None:
        raise broken

    with pytest.raises(broken):
        rebuild(progress=stop)

    assert find(NOBODY, "分数").total == 1
    assert gc.get_freeze_count() == 0


def test_progress_ends_with_all_that_was_taken() -> None:
    factories.shared(factories.province(), openly=True)
    told: list[Any] = []

    assert rebuild(progress=lambda *done: told.append(done)) == how_many()
    assert (Stage.DOCUMENTS, how_many(), how_many()) in told
    assert told[-1] == (Stage.TITLES, 1, 1)


def test_check_compares_and_mends_the_one_on_standby_too(settings: Any, tmp_path: Path) -> None:
    first, second = ({"engine": "embedded", "path": str(tmp_path / name)} for name in ("first", "second"))
    settings.SEARCH = {**first, "standby": second}
    place = factories.province()
    works = [str(factories.shared(place, openly=True).work_id) for _ in range(2)]
    with pytest.raises(CommandError, match="search rebuild"):
        call_command("search", "check")
    rebuild()
    assert check(mend=False).none
    held = EmbeddedEngine(tmp_path / "second")
    versions = dict(held.versions())
    held.bulk([DeleteOp(id=works[0], version=versions[works[0]])])
    held.bulk([IndexOp(Document(id="999", version=1, title="多余", acl=["public"]))])

    said = io.StringIO()
    call_command("search", "check", stdout=said)
    assert said.getvalue() == "缺 1 条，多 1 条，落后 0 条，已补正。\n"
    assert dict(held.versions()).keys() == every_id()
    said = io.StringIO()
    call_command("search", "check", stdout=said)
    assert said.getvalue() == "一致。\n"


@pytest.mark.parametrize("late", [False, True])
def test_check_asks_for_a_rebuild_where_the_database_came_back_from_a_copy(late: bool) -> None:
    """What was written after the copy was made, the index holds under versions that are still to come."""
    place = factories.province()
    works = [str(factories.shared(place, openly=True).work_id) for _ in range(2)]
    rebuild()
    ahead = version_of_now() + 1_000
    engine().bulk([DeleteOp(id=works[0], version=ahead)])  # it stands in the copy
    if not late:
        engine().bulk([IndexOp(Document(id=works[1], version=ahead, title="复制以后的标题", acl=["public"]))])
    assert find(NOBODY, "分数").total == (1 if late else 0)

    with pytest.raises(CommandError, match="改不动") as caught:
        call_command("search", "check")
    assert f"另有 {1 if late else 2} 条改不动" in str(caught.value)
    assert "search rebuild" in str(caught.value)
    call_command("search", "rebuild", stdout=io.StringIO())

    said = io.StringIO()
    call_command("search", "check", stdout=said)
    assert said.getvalue() == "一致。\n"
    assert find(NOBODY, "分数").total == 2


def test_year_of_a_work_is_that_of_the_people_who_read_it() -> None:
    with time_machine.travel("2026-12-31T23:00Z"):  # seven in the morning of the first of January
        work = factories.shared(factories.province()).work
    document = document_of(work)

    assert document is not None
    assert document.facets["year"] == ["2027"]
