"""Who may see the live version of a work."""

from django.db import transaction

from cms.library.models import Grant, Work
from cms.library.signals import visibility_changed
from cms.organisations.models import Organisation


@transaction.atomic(savepoint=False)
def grant(work: Work, organisation: Organisation | None) -> None:
    """Everybody at or below `organisation` may see the live version; any visitor when it is None.

    Sends   visibility_changed, also when the grant stood already: the live version may be another
    """
    wanted = Grant(work_id=work.pk, organisation=organisation)
    Grant.objects.bulk_create([wanted], ignore_conflicts=True)  # the database knows whether it stood: one statement
    visibility_changed.send(sender=Work, work=work)


@transaction.atomic(savepoint=False)
def revoke(work: Work, organisation: Organisation | None) -> None:
    """Take one grant back; the author's own organisation keeps its own. Sends visibility_changed."""
    if organisation is not None and organisation.pk == work.organisation_id:
        return
    Grant.objects.filter(work=work, organisation=organisation).delete()
    visibility_changed.send(sender=Work, work=work)
