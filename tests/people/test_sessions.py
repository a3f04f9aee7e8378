"""A session is read as Django keeps it: in one query, while it lasts, and by nobody who only guesses."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from cms.people.sessions import SessionStore

pytestmark = pytest.mark.django_db


def saved() -> str:
    """The key of a session that holds something."""
    session = SessionStore()
    session["seen"] = "分数"
    session.save()
    return str(session.session_key)


def test_session_is_read_in_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    key, other = saved(), saved()
    with django_assert_num_queries(2):
        assert [SessionStore(one)["seen"] for one in (key, other)] == ["分数", "分数"]


def test_session_that_is_over_or_unknown_is_empty_and_gets_another_key() -> None:
    key = saved()
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))

    for lost in (SessionStore(key), SessionStore("a" * 32)):
        assert lost.get("seen") is None
        assert lost.session_key is None


def test_session_whose_data_was_changed_is_empty() -> None:
    key = saved()
    Session.objects.filter(pk=key).update(session_data="forged")
    assert SessionStore(key).get("seen") is None


def test_what_is_put_into_a_session_is_kept() -> None:
    session = SessionStore(saved())
    session["more"] = 1
    session.save()
    assert dict(SessionStore(session.session_key).items()) == {"seen": "分数", "more": 1}


@pytest.mark.parametrize("key", ["\0abcdefghij", "\\000abcdefghij", "<script>abc", ""])
def test_cookie_that_no_session_could_have_is_nobody(key: str) -> None:
    session = SessionStore(key)
    assert session.get("seen") is None
    assert session.session_key is None
