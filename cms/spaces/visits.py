"""What is flagged as new in an inbox while somebody is there: noting that it was shown takes no flag away under their
eyes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from cms.spaces.inbox import InboxItem
from cms.spaces.models import Space
from cms.spaces.unseen import new_since

VISIT = timedelta(minutes=30)
"""As long as somebody opens works, comes back and turns pages; then what was shown is new no longer."""
_KEPT = "inbox_visit"


@dataclass(frozen=True)
class Visit:
    """since   what came later, and was not shown before, was new when the visit began"""

    since: datetime
    began: datetime

    def flags(self, item: InboxItem) -> bool:
        """Whether it was new when the visit began, and has not been opened."""
        if not item.fits or item.at <= self.since:
            return False
        shown_before = item.seen_at is not None and item.at <= item.seen_at < self.began
        return not shown_before and (item.opened_at is None or item.opened_at < item.at)


def visit_of(request: HttpRequest, space: Space) -> Visit:
    """The one that goes on in this space, else one that begins now."""
    kept, now = request.session.get(_KEPT), timezone.now()
    if kept and kept["space"] == str(space.uuid):
        visit = Visit(datetime.fromisoformat(kept["since"]), datetime.fromisoformat(kept["began"]))
        if now - visit.began < VISIT:
            return visit
    return Visit(new_since(space), now)


def keep_visit(request: HttpRequest, space: Space) -> None:
    """Before anything of the space is noted as shown."""
    visit = visit_of(request, space)
    request.session[_KEPT] = {
        "space": str(space.uuid),
        "since": visit.since.isoformat(),
        "began": visit.began.isoformat(),
    }


def end_visit(request: HttpRequest) -> None:
    request.session.pop(_KEPT, None)
