"""A book, a chapter, a code stands once, on SQLite as on PostgreSQL, also where a part of its place is empty."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import IntegrityError, connection, transaction

from cms.taxonomy.models import Chapter, Textbook
from tests.factories import Province

pytestmark = pytest.mark.django_db


def refused(model: Any, **facts: Any) -> bool:
    """Whether the database takes the same row only once."""
    model.objects.create(**facts)
    try:
        with transaction.atomic():
            model.objects.create(**facts)
    except IntegrityError:
        return True
    return False


def test_chapter_stands_once_at_the_top_and_under_a_parent(place: Province) -> None:
    assert refused(Chapter, textbook=place.textbook, name="第九单元")
    assert refused(Chapter, textbook=place.textbook, name="几分之一", parent=place.chapter)
    Chapter.objects.create(textbook=place.textbook, name="几分之一")  # elsewhere in the book


def test_textbook_stands_once_with_and_without_a_grade(place: Province) -> None:
    line = {"stage": place.stage, "subject": place.subject, "edition": place.edition}
    assert refused(Textbook, **line, volume="选修一", title="数学史选讲")
    assert refused(Textbook, **line, volume="选修一", title="数学史选讲", grade=place.grade)


def test_every_constraint_is_made_by_this_database() -> None:
    assert [warning for warning in run_checks(databases=["default"]) if warning.id == "models.W047"] == []


def test_twins_of_before_are_numbered_not_lost(place: Province) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX chapter_once_at_top")  # as it was on SQLite; rolled back with the test
    twins = [Chapter.objects.create(textbook=place.textbook, name="第九单元") for _ in range(2)]
    import_module("cms.taxonomy.migrations.0002_once_on_both_databases").rename_twins(apps, None)
    names = [Chapter.objects.get(pk=twin.pk).name for twin in twins]
    assert names == ["第九单元", f"第九单元（{twins[1].pk}）"]
