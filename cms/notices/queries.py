"""Reads of notices."""

from django.db.models import QuerySet

from cms.notices.enums import Topic
from cms.notices.models import Notice, Preference
from cms.people.enums import Role
from cms.people.models import User
from cms.people.queries import standing

MOST_UNREAD = 99


def notices_of(user: User) -> "QuerySet[Notice]":
    """Newest first."""
    return Notice.objects.filter(recipient=user)


def unread_count(user: User) -> int:
    """Counted to 99."""
    return Notice.objects.filter(recipient=user, read_at=None).order_by()[:MOST_UNREAD].count()


def topics_of(user: User) -> list[Topic]:
    """What this person may be told about."""
    who = standing(user)
    asked = {Topic.OPERATION: who.governs, Topic.CHILD: who.holds(Role.PARENT)}
    return [topic for topic in Topic if asked.get(topic, True)]


def preferences(user: User) -> dict[Topic, bool]:
    """Whether mail is wanted, for each of their topics."""
    said = dict(Preference.objects.filter(user=user).values_list("topic", "by_mail"))
    return {topic: said.get(topic.value, True) for topic in topics_of(user)}
