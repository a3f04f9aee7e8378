"""What makes a space change with its owner."""

from typing import Any

from django.dispatch import receiver

from cms.people.models import TeachingProfile, User
from cms.people.signals import memberships_changed, person_changed, profile_changed
from cms.spaces.actions import ensure_personal_space, follow_memberships, interest_from_profile
from cms.spaces.queries import personal_space


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
def be_there_when_found(sender: object, user: User, **kwargs: Any) -> None:
    """Who agrees to be found has a space to which the search can lead."""
    if user.findable_since is not None:
        ensure_personal_space(user)
