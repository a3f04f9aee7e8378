"""Since when somebody has a work that was pushed: the row of their audience may be older than the share by which it
reached them."""

from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.db.models.expressions import BaseExpression

from cms.library.models import Coauthor, Work
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


def reached_at(user: User) -> ReachedAt:
    """When a work was first pushed to a circle in which this person is, for lists of what has a `work`.

    Null where it was not, and for whoever may see it by writing or administering it, whatever its circle.
    """
    who = standing(user)
    of_it = OuterRef("work")
    administered = Organisation.objects.filter(within(who.organisations(Role.ADMINISTRATOR)))
    always = Q(Exists(Work.objects.filter(pk=of_it, organisation__in=administered)))
    always |= Q(Exists(Coauthor.objects.filter(work=of_it, user_id=user.pk)))
    around = Organisation.objects.filter(path__in=who.reach_paths)
    circles = Reach.objects.filter(Q(organisation__isnull=True) | Q(organisation__in=around), work=of_it)
    first = circles.order_by("since").values("since")[:1]
    return ReachedAt(When(always, then=None), default=Subquery(first))
