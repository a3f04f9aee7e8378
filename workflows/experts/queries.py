"""Reads of the pool."""

from django.db.models import Q, QuerySet

from cms.library.models import Work
from cms.organisations.models import Organisation
from workflows.experts.models import Expert


def eligible(work: Work, organisation: Organisation) -> "QuerySet[Expert]":
    """Experts of this pool who may judge this work: available, of the subject and stage, and in no conflict.

    Excluded: the author, co-authors, and whoever now belongs to the author's own school. An expert without stages (or
    subjects) answers for all of them.
    """
    of_stage = Q(stages__isnull=True) | Q(stages=work.stage_id)
    of_subject = Q(subjects__isnull=True) | Q(subjects=work.subject_id)
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
        .exclude(user__memberships__in=work.organisation.memberships.filter(until__isnull=True))
        .select_related("user", "organisation")
        .order_by("user__name", "pk")
        .distinct()
    )
