"""The writers of the ledger. Every entry is written in the transaction of its cause and never twice."""

from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from cms.audit.actions import record
from cms.library.models import Work
from cms.people.models import User
from cms.people.rules import require_rule_maker
from cms.spaces.actions import ensure_personal_space, ensure_subject_space
from cms.spaces.enums import SpaceKind
from cms.spaces.models import Space
from workflows.points.enums import Reason, Recipient
from workflows.points.models import Entry, Tariff, TariffLine
from workflows.points.queries import lines_in_force


@transaction.atomic(savepoint=False)
def award(
    reason: Reason, *, work: Work, cause_type: str, cause_id: object, reviewer: User | None = None, **evidence: Any
) -> list[Entry]:
    """Enter what the tariff in force gives for `reason`: author, subject space, reviewer. A replay changes nothing.

    cause_type, cause_id   what happened; with reason and recipient they are the idempotency key
    evidence               facts for the statement
    """
    lines = _lines(list(lines_in_force(reason)), work.kind)
    spaces = _spaces({Recipient(line.recipient) for line in lines}, work, reviewer)
    owed: dict[str, Entry] = {}
    for line in lines:
        space = spaces.get(Recipient(line.recipient))
        if space is not None and line.points:
            key = f"{reason}:{line.recipient}:{cause_type}:{cause_id}"
            owed[key] = Entry(
                space=space,
                points=line.points,
                reason=reason,
                tariff_id=line.tariff_id,
                work_id=work.pk,
                cause_type=cause_type,
                cause_id=str(cause_id),
                evidence={"title": work.title, **evidence},
                key=key,
            )
    standing = set(Entry.objects.filter(key__in=owed).order_by().values_list("key", flat=True)) if owed else set()
    return Entry.objects.bulk_create(entry for key, entry in owed.items() if key not in standing)


@transaction.atomic
def reverse(entry: Entry, *, why: str) -> Entry:
    """Take an entry back by its mirror image. A second time returns the reversal that stands."""
    standing = Entry.objects.filter(reverses=entry).first()
    if standing is not None:
        return standing
    mirror = Entry(
        space=entry.space,
        points=-entry.points,
        reason=entry.reason,
        tariff=entry.tariff,
        work=entry.work,
        cause_type=entry.cause_type,
        cause_id=entry.cause_id,
        evidence={**entry.evidence, "why": why},
        key=f"reversal:{entry.key}",
        reverses=entry,
    )
    mirror.save()
    return mirror


def reverse_cause(cause_type: str, cause_id: object, *, why: str) -> int:
    """Take back everything one cause gave; returns how many entries."""
    entries = Entry.objects.filter(cause_type=cause_type, cause_id=str(cause_id))
    # asked for "reverses nothing", SQLite would take the index of that, which is nearly every entry there is
    return len([reverse(entry, why=why) for entry in entries if entry.reverses_id is None])


@transaction.atomic
def add_tariff(tariff: Tariff, *, by: User) -> Tariff:
    """The next version of the tariff with its lines, in force from `in_force_from` (now, when that has passed).

    Raises  PermissionDenied unless `by` administers the province
    """
    require_rule_maker(by)
    list(Tariff.objects.order_by("pk").select_for_update(no_key=True).values_list("pk"))  # as in `add_version`
    tariff.version = (Tariff.objects.aggregate(newest=Max("version"))["newest"] or 0) + 1
    tariff.created_by = by
    tariff.in_force_from = max(tariff.in_force_from, timezone.now())
    tariff.save()
    lines = [f"{line.reason}:{line.recipient}:{line.kind}:{line.points}" for line in tariff.lines.all()]
    record("tariff:add", actor=by, subject_type="points.tariff", subject_id=tariff.pk, title=str(tariff), lines=lines)
    return tariff


def _lines(lines: list[TariffLine], kind: str) -> list[TariffLine]:
    """One line a recipient: of this kind, else the one for every kind."""
    found = {line.recipient: line for line in lines if not line.kind}
    found.update({line.recipient: line for line in lines if line.kind == kind})
    return [found[name] for name in sorted(found)]


def _spaces(recipients: set[Recipient], work: Work, reviewer: User | None) -> dict[Recipient, Space]:
    """The space of each of these recipients: one query when all stand, as they do after the first points of each."""
    owners = {Recipient.AUTHOR: work.owner_id, Recipient.REVIEWER: reviewer.pk if reviewer is not None else None}
    wanted = Q(kind=SpaceKind.PERSONAL, owner__in=[owners[one] for one in recipients & owners.keys()])
    if Recipient.SUBJECT_SPACE in recipients:
        wanted |= Q(kind=SpaceKind.SUBJECT, organisation=work.organisation_id, subject=work.subject_id)
    standing = list(Space.objects.filter(wanted))
    personal = {space.owner_id: space for space in standing if space.kind == SpaceKind.PERSONAL}
    of_subject = next((space for space in standing if space.kind == SpaceKind.SUBJECT), None)
    found = {}
    for recipient in recipients:
        space = of_subject if recipient == Recipient.SUBJECT_SPACE else personal.get(owners[recipient])
        space = space or _open_space(recipient, work, reviewer)
        if space is not None:
            found[recipient] = space
    return found


def _open_space(recipient: Recipient, work: Work, reviewer: User | None) -> Space | None:
    if recipient == Recipient.AUTHOR:
        return ensure_personal_space(work.owner)
    if recipient == Recipient.REVIEWER:
        return ensure_personal_space(reviewer) if reviewer is not None else None
    return ensure_subject_space(work.organisation, work.subject) if work.subject is not None else None
