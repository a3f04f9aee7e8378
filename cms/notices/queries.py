"""Reads of notices."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from cms.notices.enums import Topic
from cms.notices.models import Notice, Preference
from cms.people.enums import Role
from cms.people.header import up_to
from cms.people.models import User
from cms.people.queries import standing
from cms.people.statements import Composed

MOST_UNREAD = 99
"""More are not counted."""


def notices_of(user: User) -> "QuerySet[Notice]":
    """Newest first."""
    return Notice.objects.filter(recipient=user)


def unread_count(user: User) -> int:
    """One more than MOST_UNREAD when they are more. Every page of the site asks it, of the index of what is unread."""
    return len(_UNREAD.rows([user.pk]))


def said(number: int) -> str:
    """What `unread_count` counted, as a person reads it; empty for none."""
    return up_to(number, MOST_UNREAD)


def _unread(keys: Sequence[int]) -> "QuerySet[Any, Any]":
    mine = Notice.objects.filter(recipient=keys[0], read_at=None)
    return mine.order_by().values_list("pk")[: MOST_UNREAD + 1]


_UNREAD = Composed(_unread)


def topics_of(user: User) -> list[Topic]:
    """What this person may be told about."""
    who = standing(user)
    asked = {
        Topic.TO_REVIEW: not who.only_learns,
        Topic.MY_WORK: not who.only_learns,
        Topic.OPERATION: who.governs,
        Topic.CHILD: who.holds(Role.PARENT),
    }
    return [topic for topic in Topic if asked.get(topic, True)]


def preferences(user: User) -> dict[Topic, bool]:
    """Whether mail is wanted, for each of their topics."""
    said = dict(Preference.objects.filter(user=user).values_list("topic", "by_mail"))
    return {topic: said.get(topic.value, True) for topic in topics_of(user)}
