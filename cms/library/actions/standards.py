"""Set what a kind of work must have from now on. Older versions stay as they were."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cms.audit.actions import record
from cms.library.models import Standard
from cms.people.models import User


@transaction.atomic
def set_standard(standard: Standard, *, by: User) -> Standard:
    """The unsaved standard is the next version of its kind, in force from its time (now, when that has passed already).

    Raises   PermissionDenied unless `by` governs the province; IntegrityError when two set the first of a kind at once
    """
    if not by.has_perm("library.govern"):
        raise PermissionDenied
    of_kind = Standard.objects.filter(kind=standard.kind).order_by("pk")
    list(of_kind.select_for_update(no_key=True).values_list("pk"))  # two at once would take the same number
    standard.version = (of_kind.aggregate(newest=Max("version"))["newest"] or 0) + 1
    standard.in_force_from = max(standard.in_force_from, timezone.now())
    standard.created_by = by
    standard.save(force_insert=True)
    record(
        "standard:set",
        actor=by,
        subject_type="library.standard",
        subject_id=str(standard.pk),
        version=standard.version,
        kind=standard.kind,
    )
    return standard
