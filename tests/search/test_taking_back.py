"""The tables of search can be taken back to what they were, with what stands in them."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from search.models import LexiconVersion, Phrase
from tests import factories

BEFORE, NOW = "0005_saved_order", "0009_topics_as_written"


def migrated(name: str) -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    executor.migrate([("search", name)])
    return executor


@pytest.mark.usefixtures("committed_db")
def test_authors_are_forgotten_before_their_column_goes() -> None:
    place = factories.province()
    LexiconVersion.objects.update_or_create(pk=1, defaults={"number": 7, "suggested": 7, "titled": True})
    topic = Phrase.objects.create(text="分数", shown="分数")
    topic.chapters.add(place.chapter)
    for _ in range(2):  # of one name
        Phrase.objects.create(text="沈若溪", shown="沈若溪", author=factories.teacher(place))
    try:
        old = migrated(BEFORE).loader.project_state([("search", BEFORE)]).apps
        assert list(old.get_model("search", "Phrase").objects.values_list("text", flat=True)) == ["分数"]
    finally:
        migrated(NOW)
    version = LexiconVersion.objects.get()
    assert (version.suggested, version.titled) == (0, False)  # both are filled in anew
