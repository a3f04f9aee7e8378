"""Back to the index before the last rebuild, with what was written meanwhile: for an operator who is not content with
the new one."""

from datetime import datetime

from django.utils import timezone

from cms.outbox.tasks import KEEP_DONE
from search.engines import engine
from search.indexing import renaming
from search.indexing.checking import Difference, check


def roll_back() -> datetime:
    """The index before the last rebuild answers again, on standby too where there is one; the one left is kept, so that
    the next time leads to it again. Returns since when it lacks writes: `mend_since` is to follow.

    Raises  NothingToRollBackTo; TooOldToRollBackTo, and nothing has changed, where nobody could tell what it lacks
    """
    return engine().rollback(not_before=timezone.now() - KEEP_DONE)  # messages that were done before are no more


def mend_since(since: datetime) -> tuple[Difference, int]:
    """Documents in which a name stands that has changed since are owed to the worker; what was written meanwhile is
    written again, as `checking.check` has it. Returns the difference, and how many such names there are."""
    names = renaming.queue_since(since)  # first: comparing takes minutes and may fail, and can be done again later
    return check(mend=True), names
