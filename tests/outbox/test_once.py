"""What is owed already, and not begun, is owed once."""

from datetime import timedelta

import pytest
from django.db import transaction

from cms.outbox import actions
from cms.outbox.models import Message

LEASE = timedelta(seconds=30)


def owe(ref: str = "1") -> None:
    with transaction.atomic():
        actions.add_once("tests.topic", ref)


def owed() -> int:
    return Message.objects.filter(topic="tests.topic").count()


@pytest.mark.django_db
def test_waiting_is_owed_once_begun_and_done_are_owed_again() -> None:
    owe()
    owe()
    owe("2")
    assert owed() == 2
    first = actions.claim(lease=LEASE)
    assert first is not None
    owe()  # its worker may have read what stood there before
    assert owed() == 3
    assert actions.mark_done(first)
    owe()
    assert owed() == 3


@pytest.mark.django_db(transaction=True)
def test_owing_once_belongs_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        actions.add_once("tests.topic", "1")
    assert owed() == 0
