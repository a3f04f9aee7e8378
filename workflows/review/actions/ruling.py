"""The writers of policies and rubrics: a new version each time; what was ever in force stays as it was.

Each raises PermissionDenied unless `by` administers the province.
"""

from typing import TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cms.audit.actions import record
from cms.people.models import User
from cms.people.rules import require_rule_maker
from workflows.review.errors import InUse
from workflows.review.models import Policy, Rubric
from workflows.review.queries import is_in_use

Version = TypeVar("Version", Policy, Rubric)


@transaction.atomic
def add_version(version: Version, *, by: User) -> Version:
    """The next version of its kind, in force from `in_force_from` (now, when that has passed already)."""
    require_rule_maker(by)
    of_kind = type(version)._default_manager.filter(kind=version.kind).order_by("pk")
    list(of_kind.select_for_update(no_key=True).values_list("pk"))  # two at once would take the same number
    version.version = (of_kind.aggregate(newest=Max("version"))["newest"] or 0) + 1
    version.created_by = by
    version.in_force_from = max(version.in_force_from, timezone.now())
    version.save()
    _trace("add", version, by)
    return version


@transaction.atomic
def change_version(version: Version, *, by: User) -> Version:
    """A version that nobody has been judged by is corrected; its kind and number stay. Raises InUse."""
    require_rule_maker(by)
    stored = _unused(version)
    version.kind, version.version = stored.kind, stored.version
    version.in_force_from = max(version.in_force_from, timezone.now())
    version.save()
    _trace("change", version, by)
    return version


@transaction.atomic
def remove_version(version: Version, *, by: User) -> None:
    """A version that nobody has been judged by is gone. Raises InUse."""
    require_rule_maker(by)
    _unused(version)
    _trace("remove", version, by)
    version.delete()


def _unused(version: Version) -> Version:
    """As it is stored, locked. Raises InUse."""
    stored = type(version)._default_manager.select_for_update().get(pk=version.pk)
    if is_in_use(stored):
        raise InUse
    return stored


def _trace(deed: str, version: Policy | Rubric, by: User) -> None:
    noun = version._meta.model_name or ""
    record(f"{noun}:{deed}", actor=by, subject_type=f"review.{noun}", subject_id=version.pk, title=str(version))
