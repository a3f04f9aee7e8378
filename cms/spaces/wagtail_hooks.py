"""What spaces add to the home page: the newest of the inbox, and one's own works where no room says more of them."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from cms.library.cards import cards_of
from cms.library.sections import Section
from cms.people.enums import Role
from cms.people.models import User
from cms.people.queries import standing
from cms.spaces import queries
from cms.spaces.actions import ensure_personal_space

SHOWN = 4
READERS = {Role.PUPIL, Role.PARENT}
"""Whoever is only this has nothing pushed: their home is about courses."""


class NewInInbox(Section):
    """The newest works that came, and how many are new."""

    template_name = "spaces/home_inbox.html"
    order = 30

    def context(self) -> dict[str, Any] | None:
        user = self.request.user
        if not isinstance(user, User):
            return None
        space = ensure_personal_space(user)
        items = queries.inbox(space, user, limit=SHOWN, tiers=False)
        cards = cards_of([item.work for item in items], self.request)
        for card, item in zip(cards, items, strict=True):
            card.update(why=item.reason.label, at=item.at)
        return {"cards": cards, "new": queries.unseen_count(space, user)}


@hooks.register("construct_home_page")
def what_came(components: list[Any], request: HttpRequest) -> None:
    roles = {membership.role for membership in standing(request.user).memberships}
    if roles - READERS:
        components.append(NewInInbox(request))
