"""A space adopts a work (选用), or gives it up."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cms.audit.actions import record
from cms.library import rules as library_rules
from cms.library.models import Seal, Work
from cms.organisations.enums import TIER_ORDER, Tier
from cms.people.models import User
from cms.spaces import rules as space_rules
from cms.spaces.actions import shelve, unshelve
from cms.spaces.models import Space
from workflows.review.rules import writes
from workflows.sharing.enums import AdoptionPath
from workflows.sharing.errors import NotPublished, OwnWork
from workflows.sharing.models import Adoption
from workflows.sharing.signals import adoption_ended, work_adopted


@transaction.atomic
def adopt(work: Work, space: Space, *, by: User) -> Adoption:
    """The live version stands on the shelf of the space, with its provenance; a second time changes nothing.

    Raises   PermissionDenied when `by` does not tend the space or may not see the work, and for a private space: an
             adoption is told by name, and that of a pupil would leave the school; NotPublished; OwnWork
    Sends    work_adopted
    """
    space = Space.objects.select_for_update(of=("self",), no_key=True).select_related("owner").get(pk=space.pk)
    work = Work.objects.select_related("organisation").get(pk=work.pk)
    if space.is_private or not space_rules.allows(by, "tend", space):
        raise PermissionDenied
    if not work.live:
        raise NotPublished
    if not library_rules.allows(by, "view", work):
        raise PermissionDenied
    if space.owner is not None and writes(space.owner, work):
        raise OwnWork
    standing = Adoption.objects.filter(work=work, space=space, ended_at=None).first()
    if standing is not None:
        return standing
    adoption = Adoption.objects.create(
        work=work,
        seal=Seal.objects.get(revision=work.live_revision_id),
        version=work.version,
        space=space,
        source=work.organisation,
        path=_path(work, space),
        adopted_by=by,
    )
    shelve(space, work, version=work.version, by=by)
    _trace("adoption:adopt", adoption, by)
    work_adopted.send(sender=Adoption, adoption=adoption)
    return adoption


@transaction.atomic
def end_adoption(adoption: Adoption, *, by: User) -> Adoption:
    """The work leaves the shelf; the row stays with the time. Raises PermissionDenied. Sends adoption_ended."""
    adoption = Adoption.objects.select_for_update(of=("self",)).select_related("space", "work").get(pk=adoption.pk)
    if not space_rules.allows(by, "tend", adoption.space):
        raise PermissionDenied
    if adoption.ended_at is None:
        adoption.ended_at = timezone.now()
        adoption.save(update_fields=["ended_at"])
        unshelve(adoption.space, adoption.work)
        if not adoption.space.is_private:
            _trace("adoption:end", adoption, by)
        adoption_ended.send(sender=Adoption, adoption=adoption)
    return adoption


def _path(work: Work, space: Space) -> AdoptionPath:
    """Which of the three ways (S36): own school's, an upper tier's, or another's that came through review."""
    if space.organisation_id == work.organisation_id:
        return AdoptionPath.OWN
    if TIER_ORDER[Tier(work.organisation.tier)] <= TIER_ORDER[Tier.PROVINCE]:
        return AdoptionPath.EXISTING
    return AdoptionPath.REVIEWED


def _trace(verb: str, adoption: Adoption, by: User) -> None:
    record(
        verb,
        actor=by,
        subject_type="library.work",
        subject_id=adoption.work.uuid,
        organisation_id=adoption.work.organisation_id,
        version=adoption.version,
        space=adoption.space.name,
    )
