"""Versions of what is read: later than every change before, earlier than every change after."""

import pytest
from django.db import transaction

from cms.outbox import actions
from cms.outbox.models import Message
from cms.outbox.versions import version_of_now

pytestmark = pytest.mark.django_db


def owe() -> int:
    with transaction.atomic():
        return actions.add("tests.topic", "1").pk


def test_version_stands_between_what_was_owed_before_and_what_is_owed_after() -> None:
    assert version_of_now() >= 0
    before = owe()
    version = version_of_now()
    assert before <= version < owe()


def test_reading_leaves_no_message() -> None:
    version_of_now()
    assert not Message.objects.exists()


def test_two_readings_never_have_one_version() -> None:
    last = owe()
    first, second = version_of_now(), version_of_now()
    assert last < first < second
