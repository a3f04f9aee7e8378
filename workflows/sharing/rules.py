"""Who may see or recall a share; sharing itself is asked of the review room's rule `share`."""

from django.db.models import Q

from cms.organisations.queries import within
from cms.people.enums import Role
from cms.people.queries import Anybody, standing


def recallable_q(user: Anybody) -> Q:
    """Shares that `user` might recall: of works of organisations where the person publishes, not the own ones."""
    places = standing(user).organisations(Role.PUBLISHER)
    return within(places, "work__organisation") & ~Q(work__owner=user.pk) & Q(recalled_at__isnull=True)
