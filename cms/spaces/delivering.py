"""The writers of deliveries, and what they ask first: a row for each audience, never one for each space."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.library.models import Grant, Work
from cms.organisations.models import Organisation
from cms.spaces.actions import require_matching
from cms.spaces.enums import DeliveryReason, Readers
from cms.spaces.errors import PupilsHaveNoSubject
from cms.spaces.models import Audience, Delivery, Reach, Space
from cms.spaces.tokens import audience as token_of
from cms.taxonomy.models import Grade, Stage, Subject

CARRIED = 1_000  # rows of one statement


@dataclass(frozen=True)
class Recommended:
    """A work is recommended to an audience (id): by which organisation (id), in what words, since when."""

    audience_id: int
    source_id: int
    words: str
    at: datetime


def audience_of(organisation: Organisation, **whom: Any) -> Audience:
    """The one row for these people. Raises as `audience_meant`."""
    meant = audience_meant(organisation, **whom)
    values = {field.attname: getattr(meant, field.attname) for field in Audience._meta.concrete_fields[1:]}
    return Audience.objects.get_or_create(key=meant.key, defaults=values)[0]


def audience_meant(
    organisation: Organisation,
    *,
    readers: str = Readers.TEACHERS,
    stage: Stage | None = None,
    subject: Subject | None = None,
    grade: Grade | None = None,
) -> Audience:
    """These people, to be named and counted; not saved. Raises InterestMismatch, PupilsHaveNoSubject."""
    stage_id, subject_id, grade_id = (row.pk if row else None for row in (stage, subject, grade))
    if grade is not None:
        stage_id = stage_id or grade.stage_id
    require_matching({"stage_id": stage_id, "subject_id": subject_id, "grade_id": grade_id})
    if subject_id and readers == Readers.PUPILS:
        raise PupilsHaveNoSubject
    facets = {"stage_id": stage_id, "subject_id": subject_id, "grade_id": grade_id}
    parts = {"organisation_id": organisation.pk, "readers": Readers(readers).value, **facets}
    return Audience(key="|".join(str(part or "") for part in parts.values()), **parts)


@transaction.atomic(savepoint=False)
def deliver(work: Work, audiences: Iterable[tuple[str, str]], *, at: datetime | None = None) -> int:
    """Write one row for each (token, reason) that does not stand yet; returns how many tokens were given.

    at   when it came; now when left out
    """
    when = at or timezone.now()
    reasons = dict(audiences)
    rows = [
        Delivery(token=token, work_id=work.pk, reason=reason, at=when, widened_at=when)
        for token, reason in reasons.items()
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic(savepoint=False)
def deliver_past(token: str, reason: str, works: Mapping[int, datetime]) -> None:
    """One audience has these works, each since its moment; a row that stands stays as it is."""
    rows = [Delivery(token=token, work_id=pk, reason=reason, at=at, widened_at=at) for pk, at in works.items()]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic(savepoint=False)
def carry_over(before: str, after: str) -> None:
    """What was delivered to one audience, a token, has been to the other since the same moment."""
    there = Delivery.objects.filter(token=after).values("work")
    missing = Delivery.objects.filter(token=before).exclude(work__in=there).order_by("pk")
    rows = [
        Delivery(token=after, work_id=work, reason=reason, at=at, widened_at=widened_at)
        for work, reason, at, widened_at in missing.values_list("work", "reason", "at", "widened_at")
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=CARRIED)


def was_pushed(work: Work, *, since: datetime) -> bool:
    """Whether somebody has it by a push after `since`; one who takes up an interest has it dated no later than that."""
    pushed = Delivery.objects.filter(work=work.pk, widened_at__gt=since).exclude(reason=DeliveryReason.RECOMMENDED)
    return pushed.exists()


@transaction.atomic(savepoint=False)
def widen(work: Work, *, at: datetime) -> None:
    """A share or a version was pushed: some of those for whom a row stands may have it only now, and every circle that
    it is granted to and was not pushed to before has it since now."""
    rows = Delivery.objects.filter(work_id=work.pk, widened_at__lt=at).exclude(reason=DeliveryReason.RECOMMENDED)
    rows.update(widened_at=at)
    granted = Grant.objects.filter(work=work.pk).values_list("organisation", flat=True)
    circles = [Reach(work_id=work.pk, organisation_id=pk, since=at) for pk in granted]
    Reach.objects.bulk_create(circles, ignore_conflicts=True)


@transaction.atomic(savepoint=False)
def deliver_recommended(work: Work, wanted: Iterable[Recommended]) -> None:
    """The work is recommended to exactly these audiences, in these words; to no other any more. What was not delivered
    before comes now, and so does what was recommended again meanwhile."""
    now = timezone.now()
    standing = Delivery.objects.filter(work_id=work.pk, reason=DeliveryReason.RECOMMENDED)
    came = {(token, at): widened_at for token, at, widened_at in standing.values_list("token", "at", "widened_at")}
    rows = []
    for each in wanted:
        token = token_of(each.audience_id)
        widened_at = came.get((token, each.at), now)
        said = {"reason": DeliveryReason.RECOMMENDED, "source_id": each.source_id, "words": each.words}
        rows.append(Delivery(token=token, work_id=work.pk, at=each.at, widened_at=widened_at, **said))
    standing.exclude(token__in=[row.token for row in rows]).delete()
    if rows:
        Delivery.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["token", "work"],
            update_fields=["reason", "at", "widened_at", "source", "words"],
        )


@transaction.atomic(savepoint=False)
def recall_deliveries(work: Work, *, tokens: Iterable[str] | None = None) -> int:
    """The work leaves the inboxes of these audiences (of all when none are named) at once; returns how many rows."""
    rows = Delivery.objects.filter(work_id=work.pk)
    if tokens is not None:
        rows = rows.filter(token__in=list(tokens))
    return rows.delete()[0]


@transaction.atomic(savepoint=False)
def note_digest(noted: Mapping[int, datetime | None], *, until: datetime) -> set[int]:
    """The people of these spaces have been told of all that was delivered until then. Returns the spaces for which it
    stands now: those whose note is what it was when somebody counted.

    noted   space -> how far its people had been told when it was counted
    """
    held = Space.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=noted).order_by("pk")
    same = {pk for pk, found in held.values_list("pk", "digest_until") if found == noted[pk]}
    Space.objects.filter(pk__in=same).update(digest_until=until)
    return same
