"""Push: a shared work reaches the audiences it fits, at the cost of distinct interests (ARCHITECTURE.md).

The handlers bring the deliveries to what they should be now, whatever happened before: running one twice, late, or
after a recall changes nothing that stands. All of the effect is in `finish`, in the transaction of the done mark.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.library.models import Work
from cms.organisations.enums import Tier
from cms.outbox import actions as outbox
from cms.outbox.handlers import Handler, register
from cms.spaces.delivering import (
    Recommended,
    deliver,
    deliver_past,
    deliver_recommended,
    recall_deliveries,
    was_pushed,
    widen,
)
from cms.spaces.enums import DeliveryReason
from cms.spaces.models import Delivery, Interest
from cms.spaces.queries import spaces_of_work
from cms.spaces.tokens import INTEREST, everybody_under, followers_of_author, followers_of_space, interest
from search.documents import document_of
from search.indexing.queueing import index_at_hand
from search.interests import met_by, still_met, those_that_meet
from search.matching import interests_of, keep
from search.push.telling import tell_of_push, tell_of_recommendation, untell
from search.texts.queries import unread
from workflows.sharing.models import Recommendation, Share
from workflows.sharing.queries import standing_recommendations

PUSH = "push"
PUSH_PAST = "push.interest"
RECOMMEND = "push.recommendation"

MOST_PAST = 500
"""So many works, the newest, reach somebody who takes up an interest later."""
LOOKED_AT = 5_000
"""So many, of those that the database knows may meet it, are read for them: half a millisecond each, by the worker."""
AT_ONCE = 200
YOUNG = timedelta(days=1)
"""For so long after a share a work is new to whom it comes only now: its files have been read."""


def queue(work_id: int) -> None:
    """Owe the push of this work, unless it is owed already; inside the transaction of its cause. A new version is
    shared as often as it has shares, and pushed once."""
    outbox.add_once(PUSH, work_id)


def queue_past(interests: Iterable[int]) -> None:
    """Owe these interests the works shared before they were taken up."""
    outbox.add_each(PUSH_PAST, interests)


def queue_recommendation(pk: int) -> None:
    """Owe what follows from an editor's recommendation; inside the transaction of its cause."""
    outbox.add(RECOMMEND, pk)


def met_interests(work: Work) -> list[int]:
    """Interests that the work, as it is live, meets: by the engine where it can match, else by the database."""
    document = document_of(work)
    return interests_of([document])[document.id] if document is not None else []


def audiences(work: Work, shares: list[Share], met: Iterable[int]) -> Iterator[tuple[str, str]]:
    """(token, reason) of everybody whom the work is for, in a fixed number of queries."""
    for pk in met:
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


def settle(work: Work, met: Iterable[int] | None = None) -> None:
    """The deliveries of this work are what they should be now: none unless it is live and shared; and who asked for
    such a work by name is told.

    met   interests that it meets, where somebody has asked already
    """
    shares = standing_shares(work) if work.live else []
    if not shares:
        recall_deliveries(work)
        return
    found = list(audiences(work, shares, met_interests(work) if met is None else _met_still(work, met)))
    now, shared = timezone.now(), _since(work, shares)
    is_news = not was_pushed(work, since=shared)
    deliver(work, found, at=now if is_news or now - shared < YOUNG else shared)
    if is_news:
        widen(work, at=now)
    if gone := _no_longer(work, dict(found)):
        recall_deliveries(work, tokens=gone)
    settle_recommended(work)
    tell_of_push(work, found)


def _met_still(work: Work, met: Iterable[int]) -> list[int]:
    """Of interests that were found to be met before the work was locked, those that its live version meets."""
    document = document_of(work)
    return still_met(met, document) if document is not None else []


def _since(work: Work, shares: Iterable[Share]) -> datetime:
    """From when on somebody has it who did not have it before: an old share brings a new version to new people."""
    moments = [share.shared_at for share in shares]
    return max([*moments, work.last_published_at] if work.last_published_at is not None else moments)


def _no_longer(work: Work, found: Container[str]) -> list[str]:
    """Audiences that have the work and for whom a new version is not meant. An interest that was taken up while others
    were matched is asked for once more; one with words keeps it until the files are read in which they may stand."""
    held = Delivery.objects.filter(work=work.pk).exclude(reason=DeliveryReason.RECOMMENDED)
    left = [token for token in held.values_list("token", flat=True) if token not in found]
    wanted = [int(token[1:]) for token in left if token.startswith(INTEREST)]
    document = document_of(work) if wanted else None
    kept = set(still_met(wanted, document)) if document is not None else set()
    if wanted and unread([work.pk]):
        kept.update(Interest.objects.filter(pk__in=wanted).exclude(words=[]).values_list("pk", flat=True))
    stays = {interest(pk) for pk in kept}
    return [token for token in left if token not in stays]


def settle_recommended(work: Work) -> None:
    """The audiences chosen by hand have the work as long as its recommendation stands and they may see it."""
    wanted = standing_recommendations(work)
    deliver_recommended(work, [Recommended(row.audience_id, row.source_id, row.words, row.at) for row in wanted])


def recall(work: Work, scope_id: int) -> None:
    """A share was recalled: its scope's own audience loses the work at once, and so do those to whom editors there
    recommended it; everybody, when it was the last share. What they were told of it is taken back. While shares stand,
    what the work meets is asked again: a search for works of a tier finds it no longer."""
    shares = standing_shares(work) if work.live else []
    recall_deliveries(work, tokens=[everybody_under(scope_id)] if shares else None)
    if shares:
        settle_recommended(work)
        queue(work.pk)
    untell(work)


Versions = Mapping[int, int | None]
"""Works, each with the revision that was live."""


def past_of(row: Interest) -> Versions:
    """Works shared before the interest was taken up that meet it, the newest."""
    wanted = _shared().filter(met_by(row)).order_by("-shared_at", "-pk")
    live = dict(wanted.values_list("pk", "live_revision")[:LOOKED_AT])
    newest, met = list(live), list[int]()
    for start in range(0, len(newest), AT_ONCE):
        met += those_that_meet(row, newest[start : start + AT_ONCE])
        if len(met) >= MOST_PAST:
            break
    return {pk: live[pk] for pk in met[:MOST_PAST]}


def settle_past(row: Interest, met: Versions) -> None:
    """These works, as far as they are still shared, reach the interest, dated when they were shared. A version that
    went live meanwhile is pushed by itself."""
    # A work that is recalled or retired meanwhile waits for this, or is gone when it is asked for again.
    list(_held(met).order_by("pk").values_list("pk"))
    shared = _shared().filter(pk__in=met).values_list("pk", "live_revision", "shared_at")
    dated = {pk: shared_at for pk, revision, shared_at in shared if revision == met[pk]}
    deliver_past(interest(row.pk), DeliveryReason.INTEREST.value, dated)


def _held(works: Iterable[int | str]) -> "QuerySet[Work]":
    """These works, locked until the transaction ends. `no_key`: rows that point here (shares, grants, marks) may be
    written meanwhile."""
    return Work.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=works)


def _shared() -> "QuerySet[Any]":
    """Live works with a standing share, each with the moment of the last."""
    standing = Work.objects.filter(live=True, shares__recalled_at=None, shares__isnull=False)
    return standing.annotate(shared_at=Max("shares__shared_at"))


def match_it(ref: str) -> list[int]:
    """Outside the transaction, for it may ask a server. An interest that comes later is owed the past."""
    work = Work.objects.filter(pk=ref).first()
    return met_interests(work) if work is not None else []


def finish_push(ref: str, met: list[int]) -> None:
    work = _held([ref]).first()
    if work is not None:
        settle(work, met)


def finish_recommendation(ref: str, result: Any) -> None:
    """Delivered, and told to a small audience. Withdrawn or recalled meanwhile: neither."""
    row = Recommendation.objects.filter(pk=ref).first()
    if row is None:
        return
    work = _held([row.work_id]).get()
    settle_recommended(work)
    standing = standing_recommendations(work).select_related("audience__organisation", "source").filter(pk=row.pk)
    for each in standing:
        tell_of_recommendation(work, each)


def look_back(ref: str) -> Versions:
    """The engine matches the interest before its past is looked at, so that no share falls between the two."""
    with index_at_hand():
        keep([int(ref)])
    row = _interest(ref)
    return past_of(row) if row is not None else {}


def finish_past(ref: str, met: Versions) -> None:
    row = _interest(ref)
    if row is not None:
        settle_past(row, met)


def _interest(ref: str) -> Interest | None:
    return Interest.objects.select_related("organisation").filter(pk=ref).first()


register(Handler(topic=PUSH, label=_("推送作品"), work=match_it, finish=finish_push))
register(Handler(topic=RECOMMEND, label=_("推送编辑推荐的作品"), finish=finish_recommendation))
register(Handler(topic=PUSH_PAST, label=_("给新的关注推送以往作品"), work=look_back, finish=finish_past))
