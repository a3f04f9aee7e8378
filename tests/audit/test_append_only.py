"""The audit log is written once: by model, by queryset, and by the database itself."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.audit import triggers
from cms.audit.actions import record
from cms.audit.append_only import AppendOnlyError
from cms.audit.models import Entry
from cms.audit.queries import history
from cms.audit.tasks import prune_edits
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> Entry:
    with transaction.atomic():
        return record("submission:submit", actor=None, subject_type="library.work", subject_id="u", scores=[1, 2])


def test_record_is_refused_outside_a_transaction(transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        record("x:y", actor=None, subject_type="t", subject_id="1")
    assert not Entry.objects.exists()


def test_entry_stands_or_falls_with_its_cause() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("x:y", actor=None, subject_type="t", subject_id="1")
        1 / 0  # noqa: B018  the cause fails
    assert not Entry.objects.exists()


def test_model_refuses_a_second_save_and_a_delete(entry: Entry) -> None:
    entry.verb = "nothing:happened"
    for change in (entry.save, entry.delete, lambda: entry.save(update_fields=["verb"])):
        with pytest.raises(AppendOnlyError):
            change()
    assert Entry.objects.get().verb == "submission:submit"


def test_queryset_refuses_update_and_delete(entry: Entry) -> None:
    for change in (
        lambda: Entry.objects.update(verb="x"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.bulk_update([entry], ["verb"]),
        lambda: Entry.objects.filter(pk=entry.pk).update(verb="x"),
    ):
        with pytest.raises(AppendOnlyError):
            change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET verb = 'x'",
        "DELETE FROM audit_entry",
        "UPDATE audit_entry SET actor_id = NULL, data = '{}' WHERE id = (SELECT max(id) FROM audit_entry)",
    ],
)
def test_database_refuses_raw_sql(entry: Entry, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().verb == "submission:submit"


def test_base_manager_does_not_go_round_the_database(entry: Entry) -> None:
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        QuerySet(Entry).update(verb="x")


def test_missing_trigger_is_found_at_start_and_made_again(transactional_db: None) -> None:
    assert run_checks(tags=["database"], databases=["default"]) == []
    triggers.drop()
    try:
        assert {error.id for error in run_checks(tags=["database"], databases=["default"])} == {"audit.E001"}
    finally:
        triggers.install()
    assert {trigger.name for trigger in triggers.all_triggers()} <= triggers.installed()


def test_history_is_newest_first_and_one_query(entry: Entry, django_assert_num_queries: object) -> None:
    place = factories.province()
    with transaction.atomic():
        record("submission:pass", actor=factories.teacher(place), subject_type="library.work", subject_id="u")
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = [(row.verb, str(row.actor)) for row in history("library.work", "u")]
    assert [verb for verb, _actor in found] == ["submission:pass", "submission:submit"]


def test_prune_keeps_the_newest_edit_of_each_draft_and_all_of_the_last_day() -> None:
    kind = ContentType.objects.get_for_model(Entry)
    draft, other = uuid4(), uuid4()

    def log(action: str, uuid: UUID | None, days: int) -> int:
        at = timezone.now() - timedelta(days=days)
        row = ModelLogEntry.objects.create(
            content_type=kind, object_id="1", label="x", action=action, uuid=uuid, timestamp=at, data={}
        )
        return int(row.pk)

    log("wagtail.edit", draft, 3)
    log("wagtail.edit", draft, 3)
    kept = {
        log("wagtail.edit", draft, 2),
        log("wagtail.publish", draft, 2),
        log("wagtail.edit", other, 2),
        log("wagtail.edit", None, 2),
        log("wagtail.edit", uuid4(), 0),
    }
    assert prune_edits("recurring") == 2
    assert set(ModelLogEntry.objects.values_list("pk", flat=True)) == kept
