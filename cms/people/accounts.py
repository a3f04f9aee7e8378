"""The writers of accounts and profiles: what a person does with their own, and an administrator with others'."""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from axes.utils import reset as lift_lock
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cms.audit.actions import record
from cms.people import passwords, rules
from cms.people.errors import UnknownCurriculum
from cms.people.models import Guardianship, Membership, TeachingProfile, User
from cms.people.queries import may_agree_to_be_found
from cms.people.signals import account_changed, memberships_changed, person_changed, profile_changed
from cms.people.tokens import revoke_tokens
from cms.taxonomy.models import Edition, Grade, Stage, Subject


@transaction.atomic
def set_own_password(user: User, password: str) -> None:
    """The person has this password, chosen by themselves; a first password is over, and so are all tokens: whoever
    learned the old one may have made some."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    revoke_tokens(user, by=user)
    _note("account:password_change", user, by=user)


@transaction.atomic
def reset_password(person: User, *, by: User) -> str:
    """A new first password, returned this once; the old one, all open sessions and all tokens are over, a lock-out is
    lifted.

    Sends   account_changed (user, change="password_reset", by)
    Raises  PermissionDenied
    """
    _require(by, "manage", person)
    password = passwords.first_password()
    held = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    held.password = passwords.hashed(password)
    held.must_change_password = True
    held.save(update_fields=["password", "must_change_password"])
    lift_lock(username=held.username.lower())
    revoke_tokens(held, by=by)
    _note("account:password_reset", held, by=by)
    account_changed.send(sender=User, user=held, change="password_reset", by=by)
    return password


@transaction.atomic
def set_active(person: User, *, active: bool, by: User) -> None:
    """The person may, or may no longer, sign in and act by token; works and history stay.

    Sends   person_changed, and account_changed (user, change="reactivated", by) to who may again
    Raises  PermissionDenied
    """
    _require(by, "manage", person)
    held = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if held.is_active == active:
        return
    held.is_active = active
    held.save(update_fields=["is_active"])
    _note("account:activate" if active else "account:deactivate", held, by=by)
    person_changed.send(sender=User, user=held)
    if active:
        account_changed.send(sender=User, user=held, change="reactivated", by=by)


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> None:
    """The role at this organisation is over from now on; it stays in the record. A second time changes nothing.

    Sends   memberships_changed
    Raises  PermissionDenied unless `by` could give this role there; nobody ends a role of their own
    """
    rows = Membership.objects.select_for_update(of=("self",), no_key=True)
    held = rows.select_related("organisation", "user").get(pk=membership.pk)
    if held.user_id == by.pk or not rules.may_grant(by, held.role, held.organisation):
        raise PermissionDenied
    now = timezone.now()
    if held.until is not None and held.until <= now:
        return
    held.until = max(now, held.since)
    held.save(update_fields=["until"])
    record(
        "membership:end",
        actor=by,
        subject_type="people.user",
        subject_id=held.user.uuid,
        organisation_id=held.organisation_id,
        role=held.role,
        organisation=held.organisation.code,
    )
    memberships_changed.send(sender=Membership, user=held.user)


@transaction.atomic
def end_guardianship(guardianship: Guardianship, *, by: User) -> None:
    """The guardian sees nothing more of this pupil from now on; it stays in the record. A second time changes nothing.

    Raises  PermissionDenied unless `by` may manage the pupil
    """
    rows = Guardianship.objects.select_for_update(of=("self",), no_key=True)
    held = rows.select_related("guardian", "pupil").get(pk=guardianship.pk)
    _require(by, "manage", held.pupil)
    now = timezone.now()
    if held.until is not None and held.until <= now:
        return
    held.until = now
    held.save(update_fields=["until"])
    _note("guardianship:end", held.pupil, by=by, guardian=held.guardian.username)


@transaction.atomic
def remove_second_factor(person: User, *, by: User) -> None:
    """The password alone signs the person in again, who may set up another device. Who has none: nothing changes.

    A reset of the password does not do this: whoever only forgot theirs keeps the device.
    Sends   account_changed (user, change="second_factor_removed", by)
    Raises  PermissionDenied
    """
    _require(by, "manage", person)
    removed, _of_each = Authenticator.objects.filter(user=person).delete()
    if not removed:
        return
    _note("account:second_factor_removed", person, by=by)
    account_changed.send(sender=User, user=person, change="second_factor_removed", by=by)


@transaction.atomic
def save_teaching_profile(
    user: User, *, stage: Stage | None, subject: Subject | None, edition: Edition | None, grades: Iterable[Grade]
) -> TeachingProfile:
    """What the person teaches, as they say. Sends profile_changed when it is not what it was.

    Raises  UnknownCurriculum when subject or a grade is not of the stage
    """
    wanted = list(grades)
    if stage is not None:
        if subject is not None and not subject.stages.filter(pk=stage.pk).exists():
            raise UnknownCurriculum
        if any(grade.stage_id != stage.pk for grade in wanted):
            raise UnknownCurriculum
    profile, made = TeachingProfile.objects.select_for_update().get_or_create(user=user)
    before = (profile.stage, profile.subject, profile.edition, set(profile.grades.all()))
    if made or before != (stage, subject, edition, set(wanted)):
        profile.stage, profile.subject, profile.edition = stage, subject, edition
        profile.save(update_fields=["stage", "subject", "edition"])
        profile.grades.set(wanted)
        said = "·".join(str(part) for part in (stage, subject, edition, *wanted) if part) or "—"
        _note("account:profile", user, by=user, profile=said)
        profile_changed.send(sender=TeachingProfile, user=user, profile=profile)
    return profile


@transaction.atomic
def set_findable(user: User, *, findable: bool) -> None:
    """Colleagues find the person in the search, or no longer; since when they agreed is kept. A second time changes
    nothing.

    Sends   person_changed
    Raises  PermissionDenied when somebody agrees who does not work here, or is a pupil
    """
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if findable == (held.findable_since is not None):
        return
    if findable and not may_agree_to_be_found(held):
        raise PermissionDenied
    held.findable_since = timezone.now() if findable else None
    held.save(update_fields=["findable_since"])
    user.findable_since = held.findable_since
    _note("account:findable" if findable else "account:not_findable", held, by=held)
    person_changed.send(sender=User, user=held)


def _require(by: User, action: str, person: User) -> None:
    if not rules.allows(by, action, person):
        raise PermissionDenied


def _note(verb: str, user: User, *, by: User, **facts: Any) -> None:
    record(verb, actor=by, subject_type="people.user", subject_id=user.uuid, **facts)
