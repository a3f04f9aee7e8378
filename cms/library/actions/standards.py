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
    """The unsaved standard is the next version of its kind, in force from its time or from now.

    Raises   PermissionDenied unless `by` governs the province; IntegrityError when two do it at once
    """
    if not by.has_perm("library.govern"):
        raise PermissionDenied
    newest = Standard.objects.filter(kind=standard.kind).aggregate(newest=Max("version"))["newest"]
    standard.version = (newest or 0) + 1
    standard.in_force_from = standard.in_force_from or timezone.now()
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
