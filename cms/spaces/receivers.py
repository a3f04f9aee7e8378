"""What makes a space change with its owner, its school and its subject."""

from typing import Any

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from cms.audit.changes import differs
from cms.organisations.models import Organisation
from cms.people.models import TeachingProfile, User
from cms.people.signals import memberships_changed, person_changed, profile_changed
from cms.spaces.actions import ensure_personal_space, follow_memberships, interest_from_profile
from cms.spaces.enums import SpaceKind
from cms.spaces.models import Space
from cms.spaces.naming import follow_names
from cms.spaces.queries import personal_space
from cms.taxonomy.models import Subject


@receiver(profile_changed)
def follow_the_profile(sender: object, user: User, profile: TeachingProfile, **kwargs: Any) -> None:
    """A space that is not there yet begins with the profile of that day."""
    space = personal_space(user)
    if space is not None:
        interest_from_profile(space, profile)


@receiver(memberships_changed)
def follow_the_memberships(sender: object, user: User, **kwargs: Any) -> None:
    follow_memberships(user)


@receiver(person_changed)
def follow_the_name(sender: object, user: User, **kwargs: Any) -> None:
    follow_names(Space.objects.filter(owner=user))


@receiver(pre_save, sender=Organisation)
@receiver(pre_save, sender=Subject)
def compare(sender: Any, instance: Organisation | Subject, raw: bool = False, **kwargs: Any) -> None:
    """Whether the name changes is known before it is written; most changes are of something else."""
    instance.__dict__["_other_name"] = not raw and differs(instance, "name")  # read below


@receiver(post_save, sender=Organisation)
def follow_the_name_of_the_school(sender: object, instance: Organisation, **kwargs: Any) -> None:
    """That of a person's workplace stands in no name."""
    if instance.__dict__.pop("_other_name", False):
        follow_names(Space.objects.filter(organisation=instance).exclude(kind=SpaceKind.PERSONAL))


@receiver(post_save, sender=Subject)
def follow_the_name_of_the_subject(sender: object, instance: Subject, **kwargs: Any) -> None:
    if instance.__dict__.pop("_other_name", False):
        follow_names(Space.objects.filter(subject=instance))


@receiver(person_changed)
def be_there_when_found(sender: object, user: User, **kwargs: Any) -> None:
    """Who agrees to be found has a space to which the search can lead."""
    if user.findable_since is not None:
        ensure_personal_space(user)
