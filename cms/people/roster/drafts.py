"""Between dry run and confirmation: the rows wait in the database, for their uploader, for an hour."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from cms.organisations.models import Organisation
from cms.people.models import RosterDraft, User
from cms.people.roster.reading import Row, Sheet

LIFE = timedelta(hours=1)


@transaction.atomic
def keep(sheet: Sheet, *, user: User, organisation: Organisation, file_name: str) -> RosterDraft:
    """The one draft of `user`; whatever has expired is gone."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two uploads at once: the later one is kept
    RosterDraft.objects.filter(created_at__lt=timezone.now() - LIFE).delete()
    RosterDraft.objects.filter(user=user).delete()
    name = "".join(character for character in file_name if character.isprintable())
    return RosterDraft.objects.create(
        user=user, organisation=organisation, file_name=name[-150:], sheet=_as_json(sheet)
    )


def fetch(uuid: UUID, *, user: User) -> RosterDraft:
    """The draft, when it is this person's and has not expired. Raises Http404."""
    draft = (
        RosterDraft.objects.filter(uuid=uuid, user=user, created_at__gte=timezone.now() - LIFE)
        .select_related("organisation")
        .first()
    )
    if draft is None:
        raise Http404
    return draft


def sheet_of(draft: RosterDraft) -> Sheet:
    """The rows as they were read."""
    data: dict[str, Any] = draft.sheet
    return Sheet([Row.from_json(row) for row in data["rows"]], data["columns"], data["ignored"])


def _as_json(sheet: Sheet) -> dict[str, Any]:
    return {"rows": [row.as_json() for row in sheet.rows], "columns": sheet.columns, "ignored": sheet.ignored}
