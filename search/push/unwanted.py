"""Interests that nobody has or saved any more: matched and delivered to until they are found, once a day."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cms.outbox import actions as outbox
from cms.outbox.handlers import Handler, register
from cms.spaces.unwanted import forget_unwanted, note_unwanted
from search.indexing.queueing import index_at_hand
from search.matching import keep
from search.models import SavedSearch

UNWANTED = "push.unwanted"
GONE = "push.gone"
DAILY = timedelta(days=1)
LONGEST = timedelta(hours=1)


def forget(_ref: str) -> None:
    """They go, some at a time, with what was delivered to them; the engine is owed that they are gone."""
    note_unwanted(held=saved())
    while _forgotten():
        pass


def saved() -> Q:
    """Interests that stand with a saved search."""
    return Q(Exists(SavedSearch.objects.filter(interest=OuterRef("pk"))))


@transaction.atomic
def _forgotten() -> int:
    ids = forget_unwanted(held=saved())
    outbox.add_each(GONE, ids)
    return len(ids)


def match_no_more(ref: str) -> None:
    """The engine that matches hears that the interest is gone."""
    with index_at_hand():
        keep([int(ref)])


register(Handler(topic=UNWANTED, label=_("清理无人关注的兴趣"), work=forget, every=DAILY, longest=LONGEST))
register(Handler(topic=GONE, label=_("不再为清理掉的兴趣挑选作品"), work=match_no_more))
