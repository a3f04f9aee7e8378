"""Who may see or recall a share, and who recommends; sharing itself is asked of the review room's rule `share`.

Recommending (`allows_recommending` for one work, `recommendable_q` for lists): editors and publishers, what they see
and have not written. Their records (`keeps`, `kept_q`): of their own organisations and all below.
"""

from django.db.models import Q

from cms.library import rules as library_rules
from cms.library.models import Work
from cms.organisations.models import Organisation
from cms.organisations.queries import is_within, within
from cms.people.enums import Role
from cms.people.queries import Anybody, standing
from workflows.review import rules as review_rules
from workflows.review.models import Submission
from workflows.review.rules import writes
from workflows.sharing.models import Recommendation

RECOMMENDERS = (Role.EDITOR, Role.PUBLISHER)


def recallable_q(user: Anybody) -> Q:
    """Standing shares that `user` may recall: of the works that the person may share; and those the person has
    recalled, for a second time is no mistake."""
    if user.pk is None:
        return Q(pk__in=[])
    shareable = Submission.objects.filter(review_rules.as_q(user, "share"))
    return Q(submission__in=shareable, recalled_at__isnull=True) | Q(recalled_by=user.pk, recalled_at__isnull=False)


def recommends_for(user: Anybody) -> list[Organisation]:
    """The organisations in whose name this person recommends, each for itself and all below it."""
    return standing(user).organisations(*RECOMMENDERS)


def allows_recommending(user: Anybody, work: Work) -> bool:
    """`user` may push this work to somebody by hand, once it is shared."""
    sees = any(library_rules.allows(user, action, work) for action in ("view", "read"))
    return bool(recommends_for(user)) and work.live and sees and not writes(user, work)


def recommendable_q(user: Anybody) -> Q:
    """The works of which `allows_recommending` is true."""
    if not recommends_for(user):
        return Q(pk__in=[])
    sees = library_rules.as_q(user, "view") | library_rules.as_q(user, "read")
    return Q(live=True) & sees & ~library_rules.author.q(standing(user))


def keeps(user: Anybody, recommendation: Recommendation) -> bool:
    """`user` sees this recommendation in the records and may withdraw it. Reads `source`."""
    return any(is_within(recommendation.source, place) for place in recommends_for(user))


def kept_q(user: Anybody) -> Q:
    """The recommendations of which `keeps` is true."""
    return within(recommends_for(user), "source")
