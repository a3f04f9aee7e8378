"""The only door to the public: put a sealed revision live, or take a work down. Called by the review room alone."""

from django.db import transaction
from django.utils import timezone
from wagtail.actions.unpublish import UnpublishAction

from cms.library import gate
from cms.library.actions.granting import grant
from cms.library.actions.sealing import is_intact
from cms.library.errors import SealBroken
from cms.library.models import KINDS, Seal, Work
from cms.library.signals import work_published, work_retired
from cms.people.models import User


@transaction.atomic(savepoint=False)
def go_live(seal: Seal, *, by: User | None) -> Work:
    """The sealed revision is the live version from now on, and the author's own organisation may see it.

    by       who decided; None when a rule did
    Raises   SealBroken when the revision is not what was sealed
    Sends    work_published
    """
    if not is_intact(seal):
        raise SealBroken
    held = Work.objects.select_for_update().values_list("kind", "version")
    kind, version = held.get(pk=seal.work_id)
    with gate.opened(seal.work_id):
        seal.revision.publish(user=by, skip_permission_checks=True)
    Work.objects.filter(pk=seal.work_id).update(version=version + 1)
    work = KINDS[kind]._default_manager.select_related("owner", "organisation", "subject").get(pk=seal.work_id)
    grant(work, work.organisation)
    work_published.send(sender=Work, work=work, seal=seal, by=by)
    return work


@transaction.atomic
def take_down(work: Work, *, by: User, reason: str, replacement: Work | None = None) -> Work:
    """The work is no longer live; its address shows a tombstone with the reason and, if given, the replacement.

    Sends    work_retired
    """
    Work.objects.filter(pk=work.pk).update(retired_at=timezone.now(), retired_reason=reason, replacement=replacement)
    specific: Work = Work.objects.get(pk=work.pk).specific
    if specific.live:
        with gate.opened(specific.pk):
            UnpublishAction(specific, user=by, set_expired=False).execute(skip_permission_checks=True)
    work_retired.send(sender=Work, work=specific, by=by)
    return specific
