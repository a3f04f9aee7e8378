"""The digest is told while people do something themselves: nobody waits for the other in a ring."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cms.people.accounts import set_active, set_findable
from cms.people.models import User
from cms.spaces.actions import ensure_personal_space
from search.push.digest import Counted, Part, tell_digest
from search.saved.actions import save_search
from search.saved.following import follow_search
from tests import factories
from tests.factories import Province

PATIENCE = 5.0  # seconds


def agree_to_be_found(_place: Province, person: User) -> Callable[[], object]:
    return lambda: set_findable(person, findable=True)


def follow_a_search(_place: Province, person: User) -> Callable[[], object]:
    search = save_search(person, "浮力 测量", chosen={})
    return lambda: follow_search(search)


def end_the_account(place: Province, person: User) -> Callable[[], object]:
    admin = factories.person("administrator", place.province)
    return lambda: set_active(person, active=False, by=admin)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets nobody write beside another")
@pytest.mark.parametrize("deed", [agree_to_be_found, follow_a_search, end_the_account])
def test_person_acts_while_the_digest_is_told(
    committed_db: None, deed: Callable[[Province, User], Callable[[], object]]
) -> None:
    place = factories.province()
    person = factories.teacher(place)
    space = ensure_personal_space(person)
    act = deed(place, person)
    now = timezone.now()
    raised: list[Exception] = []

    def run() -> None:
        try:
            act()
        except Exception as error:  # what the test looks at
            raised.append(error)
        finally:
            connection.close()

    beside = threading.Thread(target=run)
    with transaction.atomic():
        tell_digest(f"{now.isoformat()} 1", Part(now, [Counted(space.pk, person, None, number=3, days=1)]))
        beside.start()
        until = time.monotonic() + PATIENCE
        while beside.is_alive() and not somebody_waits() and time.monotonic() < until:
            time.sleep(0.02)
    beside.join(timeout=PATIENCE)
    assert raised == []
    assert not beside.is_alive()
