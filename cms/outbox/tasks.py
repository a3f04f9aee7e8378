"""The outbox keeps itself small: what was done a week ago is deleted, once a day."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cms.outbox import actions
from cms.outbox.handlers import Handler, register

PRUNE = "outbox.prune"
KEEP_DONE = timedelta(days=7)
DAILY = timedelta(days=1)


def prune(ref: str) -> int:
    return actions.prune(older_than=KEEP_DONE)


register(Handler(topic=PRUNE, label=_("清理办完的事务"), work=prune, every=DAILY))
