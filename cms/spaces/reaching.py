"""Since when somebody has a work that was pushed: the row of their audience may be older than the share by which it
reached them."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Subquery, When

from cms.library.models import Coauthor
from cms.organisations.queries import within
from cms.people.enums import Role
from cms.people.models import User
from cms.people.queries import standing
from cms.spaces.models import Reach


def reached_at(user: User, work: str = "") -> Any:
    """When a work was first pushed to a circle in which this person is, for lists of works, or of what has one.

    work   the way to it: "", or "work__"
    Null where it was not, and for whoever may see it by writing or administering it, whatever its circle.
    """
    who = standing(user)
    always = within(who.organisations(Role.ADMINISTRATOR), f"{work}organisation") | Q(
        Exists(Coauthor.objects.filter(work=OuterRef(f"{work}pk"), user_id=user.pk))
    )
    mine = Q(organisation__isnull=True) | Q(organisation__path__in=who.reach_paths)
    first = Reach.objects.filter(mine, work=OuterRef(f"{work}pk")).order_by("since").values("since")[:1]
    return Case(When(always, then=None), default=Subquery(first))
