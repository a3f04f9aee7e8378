"""The only door to the public: put a sealed revision live, or take a work down. Called by the review room alone."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction

from cms.library import gate
from cms.library.actions.granting import grant
from cms.library.actions.sealing import intact_revision
from cms.library.errors import SealBroken
from cms.library.models import Seal, Work
from cms.library.signals import work_published, work_retired
from cms.people.models import User


@transaction.atomic(savepoint=False)
def go_live(seal: Seal, *, by: User | None) -> Work:
    """The sealed revision is the live version from now on, and the author's own organisation may see it; nothing
    holds the author back from writing on.

    by       who decided; None when a rule did
    Raises   SealBroken when the revision is not what was sealed
    Sends    work_published
    """
    revision = intact_revision(seal)
    if revision is None:
        raise SealBroken
    kind: Any = ContentType.objects.get_for_id(revision.content_type_id).model_class()
    rows = kind._default_manager.select_for_update(of=("work_ptr", "self"), no_key=True)
    work: Work = rows.select_related("owner", "organisation").get(pk=seal.work_id)
    work.version += 1
    work.locked, work.locked_at = False, None
    if work.latest_revision_id == revision.pk:
        work.latest_revision = revision
    revision.content_object = work  # what publishing starts from: read and locked here, it need not be read again
    publishing = PublishRevisionAction(revision, user=by)
    with gate.opened(work.pk):
        publishing.execute(skip_permission_checks=True)
    live: Work = publishing.object
    grant(live, live.organisation)
    work_published.send(sender=Work, work=live, seal=seal, by=by)
    return live


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
