"""Who is told of a push at once, beyond finding it in the inbox: who follows or searches for it.

What follows from the teaching profile is read in the inbox and in the digest (`digest.py`); what a person asked for by
name (an author, a space, a saved search), and what an editor recommends, is worth a notice of its own, as long as the
audience is small. One notice a person and work, whatever the reasons.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cms.library.models import Work
from cms.notices.actions import News, take_back, tell
from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.people.models import User
from cms.people.queries import members_within
from cms.spaces.audiences import people_of
from cms.spaces.enums import DeliveryReason, SpaceKind
from cms.spaces.models import Delivery, Follow, Interest, Mark, Space, SpaceInterest
from workflows.sharing.models import Recommendation
from workflows.sharing.queries import standing_recommendations

KEY = "pushed:"
MOST_TOLD = 1000
"""An audience larger than this finds the work in the inbox only."""


def tell_of_push(work: Work, audiences: Iterable[tuple[str, str]]) -> int:
    """Followers of the author and of the spaces, and who saved a search that finds it, have one notice of the work; not
    who may not see it or asked not to, and nobody when they are more than MOST_TOLD. Returns how many are new."""
    recipients = list(_those_who_see(work, _asked_for(audiences))[: MOST_TOLD + 1])
    if not recipients or len(recipients) > MOST_TOLD:
        return 0
    text = _("%(author)s分享了《%(title)s》，已送到您的收件箱。") % {
        "author": work.owner.name,
        "title": work.title_inside[:120],
    }
    return tell([News(recipients, Topic.PUSHED, text, work.get_absolute_url(), _key(work))])


def tell_of_recommendation(work: Work, row: Recommendation) -> int:
    """The people of the audience have one notice of the work; its author has not, nor who asked not to see it, and
    nobody when they are more than MOST_TOLD: they find it in the inbox and the digest. Returns how many are new.

    row   whose audience may see the work
    """
    people = people_of(row.audience).exclude(pk=work.owner_id).exclude(pk__in=_who_hid(work))
    recipients = list(people.order_by("pk")[: MOST_TOLD + 1])
    if not recipients or len(recipients) > MOST_TOLD:
        return 0
    facts = {"source": row.source.name, "title": work.title_inside[:120], "words": row.words}
    text = (
        _("%(source)s推荐了《%(title)s》：%(words)s")
        if row.words
        else _("%(source)s推荐了《%(title)s》，已送到您的收件箱。")
    )
    return tell([News(recipients, Topic.PUSHED, text % facts, work.get_absolute_url(), _key(work))])


def untell(work: Work) -> int:
    """Notices of the work that nobody read go where it is gone: of everybody when it is shared no longer, else of those
    who belong to no place where it is still shown; who has it again later is told of it then. Returns how many went."""
    shown = work.live and work.shares.filter(recalled_at=None).exists()
    whose = ~Q(recipient__in=_those_shown(work).values("pk")) if shown else None
    return take_back(Topic.PUSHED, work.get_absolute_url(), whose)


def untell_recommendation(work: Work, row: Recommendation) -> int:
    """The same for the people of an audience, to whom the work is recommended no longer; not for who has it still,
    because another editor recommends it or because they asked for such a work."""
    url = work.get_absolute_url()
    unread = Notice.objects.filter(recipient__in=people_of(row.audience).values("pk"), topic=Topic.PUSHED, url=url)
    gone = set(unread.filter(read_at=None).values_list("recipient", flat=True))
    held = Delivery.objects.filter(work=work.pk).exclude(reason__in=(DeliveryReason.TIER, DeliveryReason.RECOMMENDED))
    asking = Space.objects.filter(_asked_for(held.values_list("token", "reason")), kind=SpaceKind.PERSONAL)
    gone -= set(asking.filter(owner__in=gone).values_list("owner", flat=True))
    for other in standing_recommendations(work).select_related("audience__organisation"):
        if not gone:
            break
        gone -= set(people_of(other.audience).filter(pk__in=gone).values_list("pk", flat=True))
    return take_back(Topic.PUSHED, url, Q(recipient__in=gone))


def told_since(person: User, moment: datetime) -> list[int]:
    """Ids of the works of which the person had a notice of its own."""
    keys = Notice.objects.filter(recipient=person, key__startswith=KEY, at__gte=moment).values_list("key", flat=True)
    return [int(key.removeprefix(KEY)) for key in keys]


def _key(work: Work) -> str:
    return f"{KEY}{work.pk}"


def _asked_for(audiences: Iterable[tuple[str, str]]) -> Q:
    """Personal spaces whose people asked for one of these audiences by name."""
    numbers: dict[str, list[int]] = {}
    for token, reason in audiences:
        numbers.setdefault(reason, []).append(int(token[1:]))
    searches = Interest.objects.filter(~Q(words=[]) | ~Q(filters={}), pk__in=numbers.get(DeliveryReason.INTEREST, ()))
    follows = Follow.objects.filter(
        Q(author__in=numbers.get(DeliveryReason.FOLLOWED_AUTHOR, ()))
        | Q(followed__in=numbers.get(DeliveryReason.FOLLOWED_SPACE, ()))
    )
    searching = SpaceInterest.objects.filter(interest__in=searches.values("pk"))
    return Q(pk__in=follows.values("space")) | Q(pk__in=searching.values("space"))


def _those_who_see(work: Work, spaces: Q) -> "QuerySet[User]":
    """Their owners who belong where the work is shown, in the order of their ids."""
    owners = Space.objects.filter(spaces, kind=SpaceKind.PERSONAL).exclude(owner=work.owner_id).values("owner")
    return _those_shown(work).filter(pk__in=owners, is_active=True).exclude(pk__in=_who_hid(work)).order_by("pk")


def _those_shown(work: Work) -> "QuerySet[User]":
    """People who belong where the work is shown."""
    grants = list(work.grants.select_related("organisation"))
    places = [grant.organisation for grant in grants if grant.organisation is not None]
    return members_within(places) if len(places) == len(grants) else User.objects.all()


def _who_hid(work: Work) -> "QuerySet[Any, Any]":
    """Ids of people who asked not to see the work in their inbox."""
    hidden = Mark.objects.filter(work=work.pk, hidden_at__isnull=False, space__kind=SpaceKind.PERSONAL)
    return hidden.values("space__owner")
