"""Reads of the pool."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.library.models import Work
from cms.organisations.models import Organisation
from cms.people.enums import Role
from cms.people.models import Membership
from cms.people.queries import Standing, current
from workflows.experts.models import Expert

POOL_KEEPERS = (Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
"""Roles that keep the pool of their own organisation."""


def eligible(work: Work, organisation: Organisation) -> "QuerySet[Expert]":
    """Experts of this pool who may judge this work: available, of the subject and stage, and in no conflict.

    Excluded: the author, co-authors, and whoever now belongs to the author's own school. An expert without stages (or
    subjects) answers for all of them.

    work   as it is to be judged: a sealed version's stage and subject may differ from the live one's
    """
    of_stage = Q(stages__isnull=True) | Q(stages=work.stage_id)
    of_subject = Q(subjects__isnull=True) | Q(subjects=work.subject_id)
    colleague = Membership.objects.filter(current(), organisation=work.organisation_id, user=OuterRef("user"))
    return (
        Expert.objects.filter(
            of_stage,
            of_subject,
            organisation=organisation,
            available=True,
            left_at__isnull=True,
            user__is_active=True,
        )
        .exclude(user=work.owner_id)
        .exclude(user__in=work.coauthors.values("user"))
        .exclude(Exists(colleague))
        .select_related("user", "organisation")
        .order_by("user__name", "pk")
        .distinct()
    )


def kept_pools(who: Standing) -> list[Organisation]:
    """Organisations whose pool this person keeps: exactly those, nothing below them."""
    return who.organisations(*POOL_KEEPERS)


def kept_experts(who: Standing) -> "QuerySet[Expert]":
    """Everybody in these pools now."""
    return Expert.objects.filter(organisation__in=kept_pools(who), left_at__isnull=True)
