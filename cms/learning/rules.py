"""Who may see how a learner is doing: the learner, and who is their guardian now. Nobody else, teachers included."""

from django.db.models import Q

from cms.people.models import User
from cms.people.queries import Anybody, wards


def allows(user: Anybody, learner: User) -> bool:
    """`user` may see the progress of `learner` now."""
    return user.pk is not None and (user.pk == learner.pk or wards(user).filter(pk=learner.pk).exists())


def as_q(user: Anybody) -> Q:
    """The enrolments whose progress `user` may see now."""
    if user.pk is None:
        return Q(pk__in=[])
    return Q(learner_id=user.pk) | Q(learner__in=wards(user).order_by().values("pk"))
