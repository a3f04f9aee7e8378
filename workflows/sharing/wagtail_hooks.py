"""What sharing adds to pages of the rooms below: what can be done with a work, and how often it was adopted."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from cms.library.enums import LICENCES_OF_A_REMIX
from cms.library.models import Coauthor, Work
from cms.library.rules import may_create
from cms.library.sections import Section
from cms.people.enums import LEARNERS, Role
from cms.people.queries import standing
from cms.spaces.enums import SpaceKind
from cms.spaces.models import Follow, Mark
from workflows.sharing import queries
from workflows.sharing.models import Adoption, Recommendation, Share
from workflows.sharing.rules import kept_q, recommends_for

MOST_COUNTED = 1_000


class Deeds(Section):
    """On a work's page: adopt, hide, follow its author, remix, recommend. One query, whoever looks.

    A visitor is offered to sign in; the author has nothing to do here with the own work.
    """

    template_name = "sharing/deeds.html"
    place = "actions"
    order = 20

    def __init__(self, request: HttpRequest, work: Work) -> None:
        super().__init__(request)
        self.work = work

    def context(self) -> dict[str, Any] | None:
        user, work = self.request.user, self.work
        done = self._done()
        wrote = done.coauthored or work.owner_id == user.pk
        roles = {membership.role for membership in standing(user).memberships}
        return {
            "work": work,
            "number": done.number,
            "visitor": user.pk is None,
            "own": work.owner_id == user.pk,
            "wrote": wrote,
            "teaches": bool(roles - LEARNERS),
            "may_remix": work.licence in LICENCES_OF_A_REMIX and may_create(user) and not wrote,
            "adopted": done.adopted,
            "follows": done.follows,
            "hidden": done.hidden,
            "may_recommend": done.shared and bool(recommends_for(user)) and not wrote,
        }

    def _done(self) -> Any:
        """How many spaces use the work, and what the person's own space did with it."""
        here = Adoption.objects.filter(work=OuterRef("pk"), ended_at=None)
        number = here.order_by().values("work").annotate(number=Count("pk")).values("number")
        own = {"space__owner": self.request.user.pk, "space__kind": SpaceKind.PERSONAL}
        return (
            Work.objects.only("pk")
            .annotate(
                number=Coalesce(Subquery(number, output_field=IntegerField()), 0),
                adopted=Exists(here.filter(**own)),
                follows=Exists(Follow.objects.filter(**own, author=OuterRef("owner"))),
                shared=Exists(Share.objects.filter(work=OuterRef("pk"), recalled_at=None)),
                coauthored=Exists(Coauthor.objects.filter(work=OuterRef("pk"), user=self.request.user.pk)),
                hidden=Exists(Mark.objects.filter(**own, work=OuterRef("pk"), hidden_at__isnull=False)),
            )
            .get(pk=self.work.pk)
        )


class WaitingToBeShared(Section):
    """At a publisher's home: how many works wait."""

    template_name = "sharing/home_waiting.html"
    order = 12

    def context(self) -> dict[str, Any] | None:
        return {"number": queries.waiting(self.request.user).order_by().count()}


class WhatIsRecommended(Section):
    """At an editor's or publisher's home: how to recommend, and the records."""

    template_name = "sharing/home_recommending.html"
    order = 14

    def context(self) -> dict[str, Any] | None:
        mine = Recommendation.objects.filter(kept_q(self.request.user), withdrawn_at=None)
        return {"number": mine.order_by()[:MOST_COUNTED].count()}


@hooks.register("construct_work_page")
def what_can_be_done(components: list[Any], request: HttpRequest, work: Work) -> None:
    components.append(Deeds(request, work))


@hooks.register("construct_home_page")
def what_waits_for_a_publisher(components: list[Any], request: HttpRequest) -> None:
    if standing(request.user).holds(Role.PUBLISHER):
        components.append(WaitingToBeShared(request))
    if recommends_for(request.user):
        components.append(WhatIsRecommended(request))


@hooks.register("construct_account_menu")
def the_way_of_who_shares(entries: list[dict[str, Any]], request: HttpRequest) -> None:
    """A publisher's page of sharing leads on to the records; an editor has these alone."""
    if standing(request.user).holds(Role.PUBLISHER):
        entries.append({"url": reverse("sharing:waiting"), "label": _("共享"), "icon": "share"})
    elif recommends_for(request.user):
        entries.append({"url": reverse("sharing:recommendations"), "label": _("推荐记录"), "icon": "share"})


@hooks.register("decorate_work_cards")
def how_often_adopted(cards: dict[int, dict[str, Any]], request: HttpRequest) -> None:
    numbers = queries.adoptions_by_work(list(cards))
    for pk, card in cards.items():
        card["adoptions"] = numbers.get(pk, 0)
