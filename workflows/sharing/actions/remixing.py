"""A teacher makes a changed copy of a live work: a new draft with its origin noted."""

import copy
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cms.audit.actions import record
from cms.library import rules as library_rules
from cms.library.actions.authoring import create_work
from cms.library.enums import LICENCES_OF_A_REMIX, Source
from cms.library.models import Seal, Work
from cms.library.revision_files import CHILDREN
from cms.people.models import User
from workflows.sharing.errors import LicenceForbidsChange, NotPublished


@transaction.atomic
def remix(work: Work, *, by: User) -> Work:
    """A new draft of `by` with the live version's content, its children and files; source and origin are set.

    Raises   PermissionDenied, NotPublished, LicenceForbidsChange
    """
    work = Work.objects.select_related("owner", "organisation").get(pk=work.pk)
    if not library_rules.allows(by, "view", work) or not library_rules.may_create(by):
        raise PermissionDenied
    if not work.live:
        raise NotPublished
    if work.licence not in LICENCES_OF_A_REMIX:
        raise LicenceForbidsChange
    seal = Seal.objects.select_related("revision").get(revision=work.live_revision_id)
    kind = type(work.specific)
    made: Work = kind.from_serializable_data(_without_identity(seal.revision.content, kind))
    made.derived_from = seal
    made.source = Source.ADAPTED
    made.source_note = f"{work.owner.name}（{work.organisation.name}）《{work.title_inside}》"[:300]
    made.authorship_stated = False
    made = create_work(made, by=by)
    record(
        "work:remix",
        actor=by,
        subject_type="library.work",
        subject_id=work.uuid,
        organisation_id=work.organisation_id,
        version=work.version,
        copy=str(made.uuid),
    )
    record(
        "work:adapt",
        actor=by,
        subject_type="library.work",
        subject_id=made.uuid,
        organisation_id=made.organisation_id,
        title=work.title,
        of_version=work.version,
    )
    return made


FORGOTTEN = (
    "uuid", "latest_revision", "live_revision", "first_published_at", "last_published_at", "locked_at", "locked_by",
    "retired_at", "replacement", "go_live_at", "expire_at", "work_ptr",
)  # fmt: skip


def _without_identity(content: dict[str, Any], kind: type[Work]) -> dict[str, Any]:
    """The content as of a work that was never saved: no primary keys, no history, nothing live."""
    fresh = copy.deepcopy(content)
    fresh["pk"] = None
    for name in FORGOTTEN:
        fresh.pop(name, None)
    fresh.update(live=False, locked=False, expired=False, has_unpublished_changes=False, version=0, retired_reason="")
    for relation in (*CHILDREN, "tagged_items"):
        for child in fresh.get(relation) or ():
            child["pk"] = None
    return fresh
