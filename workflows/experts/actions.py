"""The writers of the pool."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.audit.actions import record
from cms.organisations.models import Organisation
from cms.people.enums import WORKBENCH_ROLES
from cms.people.models import User
from cms.people.queries import standing
from cms.taxonomy.models import Stage, Subject
from workflows.experts.errors import AlreadyInPool, NobodyOfThatName
from workflows.experts.models import Expert
from workflows.experts.queries import kept_pools


@transaction.atomic
def add_expert(
    user: User,
    *,
    organisation: Organisation,
    by: User,
    title: str = "",
    stages: Iterable[Stage] = (),
    subjects: Iterable[Subject] = (),
    available: bool = True,
) -> Expert:
    """`user` may be asked to review for `organisation` from now on. Without stages (subjects): for all of them.

    Raises   PermissionDenied unless `by` keeps this very pool; NobodyOfThatName for pupils and parents; AlreadyInPool
    """
    _require_keeper(by, organisation)
    if not user.is_active or not any(m.role in WORKBENCH_ROLES for m in standing(user).memberships):
        raise NobodyOfThatName
    try:
        with transaction.atomic():
            expert = Expert.objects.create(user=user, organisation=organisation, title=title, available=available)
    except IntegrityError as error:
        raise AlreadyInPool from error
    expert.stages.set(stages)
    expert.subjects.set(subjects)
    _trace("add", expert, by)
    return expert


@transaction.atomic
def change_expert(
    expert: Expert,
    *,
    by: User,
    title: str,
    stages: Iterable[Stage],
    subjects: Iterable[Subject],
    available: bool,
) -> Expert:
    """What the person may be asked for, and whether now. Raises PermissionDenied."""
    _require_keeper(by, expert.organisation)
    expert.title, expert.available = title, available
    expert.save(update_fields=["title", "available"])
    expert.stages.set(stages)
    expert.subjects.set(subjects)
    _trace("change", expert, by)
    return expert


@transaction.atomic
def leave_pool(expert: Expert, *, by: User) -> None:
    """The person is asked no more; what was asked before stays, and so does the row. Raises PermissionDenied."""
    _require_keeper(by, expert.organisation)
    if expert.left_at is None:
        expert.left_at = timezone.now()
        expert.save(update_fields=["left_at"])
        _trace("leave", expert, by)


def _require_keeper(by: User, organisation: Organisation) -> None:
    if organisation.pk not in {pool.pk for pool in kept_pools(standing(by))}:
        raise PermissionDenied


def _trace(deed: str, expert: Expert, by: User) -> None:
    record(
        f"expert:{deed}",
        actor=by,
        subject_type="experts.expert",
        subject_id=expert.pk,
        organisation_id=expert.organisation_id,
        person=expert.user.name,
    )
