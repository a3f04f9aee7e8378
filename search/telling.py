"""Who is told of a push beyond finding it in the inbox: at once whom somebody follows or searches for, daily the rest.

What follows from the teaching profile is read in the inbox and in the digest; what a person asked for by name (an
author, a space, a saved search), and what an editor recommends, is worth a notice of its own, as long as the audience
is small. One notice a person and work, whatever the reasons.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cms.library.models import Work
from cms.notices.actions import News, tell
from cms.notices.enums import Topic
from cms.outbox import actions as outbox
from cms.outbox.handlers import Handler, register
from cms.people.models import User
from cms.people.queries import members_within
from cms.spaces.audiences import people_of
from cms.spaces.enums import DeliveryReason, SpaceKind
from cms.spaces.models import Follow, Interest, Mark, Space, SpaceInterest
from cms.spaces.queries import delivered
from workflows.sharing.models import Recommendation

DIGEST = "push.digest"
DIGEST_PART = "push.digest.part"

MOST_TOLD = 1000
"""An audience larger than this finds the work in the inbox only."""

PART = 200  # spaces whose digest is one piece of work
MOST_COUNTED = 99
DAILY = timedelta(days=1)


def tell_of_push(work: Work, audiences: Iterable[tuple[str, str]]) -> int:
    """Followers of the author and of the spaces, and who saved a search that finds it, have one notice of the work;
    nobody who may not see it, and nobody when there are more than MOST_TOLD. Returns how many are new."""
    recipients = list(_those_who_see(work, _asked_for(audiences))[: MOST_TOLD + 1])
    if not recipients or len(recipients) > MOST_TOLD:
        return 0
    text = _("%(author)s分享了《%(title)s》，已送到您的收件箱。") % {
        "author": work.owner.name,
        "title": work.title[:120],
    }
    return tell([News(recipients, Topic.PUSHED, text, work.get_absolute_url(), _key(work))])


def tell_of_recommendation(work: Work, row: Recommendation) -> int:
    """The people of the audience have one notice of the work; its author has not, nor who asked not to see it, and
    nobody when they are more than MOST_TOLD: they find it in the inbox and the digest. Returns how many are new.

    row   whose audience may see the work
    """
    hidden = Mark.objects.filter(work=work.pk, hidden_at__isnull=False, space__kind=SpaceKind.PERSONAL)
    people = people_of(row.audience).exclude(pk=work.owner_id).exclude(pk__in=hidden.values("space__owner"))
    recipients = list(people.order_by("pk")[: MOST_TOLD + 1])
    if not recipients or len(recipients) > MOST_TOLD:
        return 0
    facts = {"source": row.source.name, "title": work.title[:120], "words": row.words}
    text = (
        _("%(source)s推荐了《%(title)s》：%(words)s")
        if row.words
        else _("%(source)s推荐了《%(title)s》，已送到您的收件箱。")
    )
    return tell([News(recipients, Topic.PUSHED, text % facts, work.get_absolute_url(), _key(work))])


def _key(work: Work) -> str:
    return f"pushed:{work.pk}"


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
    grants = list(work.grants.select_related("organisation"))
    places = [grant.organisation for grant in grants if grant.organisation is not None]
    people = members_within(places) if len(places) == len(grants) else User.objects.all()
    return people.filter(pk__in=owners, is_active=True).order_by("pk")


def owe_digests(ref: str, result: Any) -> None:
    """Every personal space with somebody to write to is looked at, PART of them at a time."""
    spaces = _with_address().order_by("pk").values_list("pk", flat=True)
    since = timezone.now() - DAILY
    firsts = [pk for place, pk in enumerate(spaces.iterator()) if place % PART == 0]
    outbox.add_each(DIGEST_PART, [f"{since.isoformat()} {pk}" for pk in firsts])


def _with_address() -> "QuerySet[Space]":
    return Space.objects.filter(kind=SpaceKind.PERSONAL, owner__is_active=True).exclude(owner__email="")


def count_new(ref: str) -> list[tuple[User, int]]:
    """Of PART spaces from the one in `ref` those with something new since then, which nobody has looked at."""
    moment, first = ref.split()
    since = datetime.fromisoformat(moment)
    found = []
    for space in _with_address().filter(pk__gte=first).order_by("pk").select_related("owner")[:PART]:
        if space.owner is not None:
            seen = max(since, space.inbox_seen_at or since)
            works = delivered(space, space.owner, tiers=False).filter(delivered_at__gt=seen)
            found.append((space.owner, works[:MOST_COUNTED].count()))
    return [(person, number) for person, number in found if number]


@transaction.atomic(savepoint=False)
def tell_digest(ref: str, counted: list[tuple[User, int]]) -> None:
    """One notice a person and day; the mail follows where the person wants mail."""
    day = ref.split()[0][:10]
    tell(
        News(
            [person],
            Topic.PUSHED,
            _("今天有 %(number)d 件适合您的新资源送到了收件箱。") % {"number": number},
            reverse("spaces:inbox"),
            f"digest:{day}",
        )
        for person, number in counted
    )


def _nothing_outside(ref: str) -> None:
    """All of it happens in the database, with the done mark."""


register(Handler(topic=DIGEST, label=_lazy("安排每日推送摘要"), work=_nothing_outside, finish=owe_digests, every=DAILY))
register(Handler(topic=DIGEST_PART, label=_lazy("每日推送摘要"), work=count_new, finish=tell_digest))
