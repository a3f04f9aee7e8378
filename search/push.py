"""Push: a shared work reaches the audiences it fits (choice 6 of the house plan: cost by interest, not by space).

Both handlers bring the deliveries to what they should be now, whatever happened before: running one twice, late, or
after a recall changes nothing that stands. All of the effect is in `finish`, in the transaction of the done mark.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from cms.library.models import Work
from cms.organisations.enums import Tier
from cms.outbox import actions as outbox
from cms.outbox.handlers import Handler, register
from cms.outbox.models import Message
from cms.spaces.actions import deliver, recall_deliveries
from cms.spaces.enums import DeliveryReason
from cms.spaces.models import Interest
from cms.spaces.queries import spaces_of_work
from cms.spaces.tokens import everybody_under, followers_of_author, followers_of_space, interest
from search.interests import meeting, met_by, those_that_meet
from search.telling import tell_of_push
from workflows.sharing.models import Share

PUSH = "push"
PUSH_PAST = "push.interest"

MOST_PAST = 500
"""So many works, the newest, reach somebody who takes up an interest later."""


def queue(work_id: int) -> None:
    """Owe the push of this work; inside the transaction of its cause."""
    outbox.add(PUSH, work_id)


def queue_past(interest_id: int) -> None:
    """Owe an interest the works shared before it was taken up: once, for each later share is matched with it."""
    if not Message.objects.filter(topic=PUSH_PAST, ref=str(interest_id)).exists():
        outbox.add(PUSH_PAST, interest_id)


def audiences(work: Work, shares: list[Share]) -> Iterator[tuple[str, str]]:
    """(token, reason) of everybody whom the work is for, in a fixed number of queries."""
    for pk in meeting(work):
        yield interest(pk), DeliveryReason.INTEREST.value
    yield followers_of_author(work.owner_id), DeliveryReason.FOLLOWED_AUTHOR.value
    for pk in work.coauthors.values_list("user", flat=True):
        yield followers_of_author(pk), DeliveryReason.FOLLOWED_AUTHOR.value
    for pk in spaces_of_work(work).values_list("pk", flat=True):
        yield followers_of_space(pk), DeliveryReason.FOLLOWED_SPACE.value
    for share in shares:
        if share.scope.tier != Tier.SCHOOL:
            yield everybody_under(share.scope_id), DeliveryReason.TIER.value


def standing_shares(work: Work) -> list[Share]:
    return list(Share.objects.filter(work=work.pk, recalled_at=None).select_related("scope"))


def settle(work: Work) -> None:
    """The deliveries of this work are what they should be now: none unless it is live and shared; and who asked for
    such a work by name is told."""
    shares = standing_shares(work) if work.live else []
    if not shares:
        recall_deliveries(work)
        return
    found = list(audiences(work, shares))
    deliver(work, found, at=max(share.shared_at for share in shares))
    tell_of_push(work, found)


def recall(work: Work, scope_id: int) -> None:
    """A share was recalled: its scope's own audience loses the work at once; everybody, when it was the last share."""
    shares = standing_shares(work) if work.live else []
    recall_deliveries(work, tokens=[everybody_under(scope_id)] if shares else None)


def settle_past(row: Interest) -> None:
    """Works shared before the interest was taken up reach it, dated when they were shared."""
    works = (
        Work.objects.filter(met_by(row), live=True, shares__recalled_at=None, shares__isnull=False)
        .annotate(shared_at=Max("shares__shared_at"))
        .order_by("-shared_at", "-pk")
        .only("pk")
    )
    newest = {work.pk: work for work in works[:MOST_PAST]}
    for pk in those_that_meet(row, newest):
        deliver(newest[pk], [(interest(row.pk), DeliveryReason.INTEREST.value)], at=newest[pk].shared_at)


def _nothing_outside(ref: str) -> None:
    """Everything happens in the database, with the done mark."""


def finish_push(ref: str, result: Any) -> None:
    work = Work.objects.select_for_update(of=("self",)).filter(pk=ref).first()
    if work is not None:
        settle(work)


def finish_past(ref: str, result: Any) -> None:
    row = Interest.objects.select_related("organisation").filter(pk=ref).first()
    if row is not None:
        settle_past(row)


register(Handler(topic=PUSH, label=_("推送作品"), work=_nothing_outside, finish=finish_push))
register(Handler(topic=PUSH_PAST, label=_("给新的关注推送以往作品"), work=_nothing_outside, finish=finish_past))
