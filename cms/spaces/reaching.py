"""Since when somebody has a work that was pushed: the row of their audience may be older than the share by which it
reached them."""

from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.db.models.expressions import BaseExpression

from cms.library.models import Coauthor
from cms.organisations.models import Organisation
from cms.organisations.queries import within
from cms.people.enums import Role
from cms.people.models import User
from cms.people.queries import standing
from cms.spaces.models import Reach


class ReachedAt(Case):
    """What it says depends on the work alone: rows that are grouped by the work need not be grouped by it, and it is
    looked up for those of whom it is asked."""

    def get_group_by_cols(self) -> list[BaseExpression]:
        return []


def reached_at(user: User, work: str = "") -> ReachedAt:
    """When a work was first pushed to a circle in which this person is, for lists of works, or of what has one.

    work   the way to it: "", or "work__"
    Null where it was not, and for whoever may see it by writing or administering it, whatever its circle.
    """
    who = standing(user)
    administered = Organisation.objects.filter(within(who.organisations(Role.ADMINISTRATOR)))
    written = Coauthor.objects.filter(work=OuterRef(f"{work}pk"), user_id=user.pk)
    always = Q(**{f"{work}organisation__in": administered}) | Q(Exists(written))
    around = Organisation.objects.filter(path__in=who.reach_paths)
    circles = Reach.objects.filter(Q(organisation__isnull=True) | Q(organisation__in=around))
    first = circles.filter(work=OuterRef(f"{work}pk")).order_by("since").values("since")[:1]
    return ReachedAt(When(always, then=None), default=Subquery(first))
