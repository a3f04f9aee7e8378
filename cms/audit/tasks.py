"""Wagtail writes a log row at every autosave and shows only the newest of each draft; the others go, once a day."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from cms.outbox.handlers import Handler, register

PRUNE_EDITS = "audit.prune_edits"
DAILY = timedelta(days=1)
BATCH = 5_000


def prune_edits(ref: str) -> int:
    """Of the edits with one uuid only the newest stays; those of the last day are left alone. Returns how many went."""
    edits = ModelLogEntry.objects.filter(action="wagtail.edit", uuid__isnull=False)
    newer = edits.filter(uuid=OuterRef("uuid"), object_id=OuterRef("object_id"), pk__gt=OuterRef("pk"))
    surplus = edits.filter(Exists(newer), timestamp__lt=timezone.now() - DAILY).order_by()
    gone = 0
    while ids := list(surplus.values_list("pk", flat=True)[:BATCH]):
        gone += ModelLogEntry.objects.filter(pk__in=ids).delete()[0]
    return gone


register(Handler(topic=PRUNE_EDITS, label=_("清理自动保存的记录"), work=prune_edits, every=DAILY))
