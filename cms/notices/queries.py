"""Reads of notices."""

from django.db.models import QuerySet

from cms.notices.enums import Topic
from cms.notices.models import Notice, Preference
from cms.people.models import User

MOST_UNREAD = 99


def notices_of(user: User) -> "QuerySet[Notice]":
    """Newest first."""
    return Notice.objects.filter(recipient=user)


def unread_count(user: User) -> int:
    """Counted to 99."""
    return Notice.objects.filter(recipient=user, read_at=None).order_by()[:MOST_UNREAD].count()


def preferences(user: User) -> dict[Topic, bool]:
    """Whether mail is wanted, for every topic."""
    said = dict(Preference.objects.filter(user=user).values_list("topic", "by_mail"))
    return {topic: said.get(topic.value, True) for topic in Topic}
