"""People with inboxes, and works that come into them."""

from typing import Any

from django.db import transaction

from cms.library.models import Work
from cms.organisations.actions import add_organisation
from cms.organisations.models import Organisation
from cms.outbox import actions as outbox
from cms.outbox.models import Message
from cms.outbox.worker import drain
from cms.people.models import User
from cms.spaces.actions import add_interest, ensure_personal_space
from cms.spaces.models import Space
from search.push import digest
from tests import factories
from tests.factories.province import Province
from workflows.sharing.actions import share_work
from workflows.sharing.models import Share

Who = tuple[User, Space]


def reader(place: Province, organisation: Organisation | None = None, *, role: str = "teacher", **facets: Any) -> Who:
    """Somebody with a space; without facets nothing is of interest."""
    user = factories.person(role, organisation or place.school)
    space = ensure_personal_space(user)
    if facets:
        add_interest(space, by=user, **facets)
    return user, space


def school_share(place: Province, work: Work | None = None, author: User | None = None) -> Share:
    """Shared with a school only, so no tier pushes it to everybody."""
    submission = factories.published(place, author or factories.teacher(place), work)
    schools = Organisation.objects.filter(path__startswith=place.county.path, tier="school")
    scope = schools.exclude(pk=place.school.pk).first() or add_school(place)
    return share_work(submission.work, scope=scope, by=factories.person("publisher", place.county))


def add_school(place: Province, code: str = "3301060002", name: str = "西湖区文新小学") -> Organisation:
    facts = {"sector": "basic", "school_type": "primary-6"}
    return add_organisation(parent=place.county, tier="school", name=name, code=code, **facts)


def tell_all() -> None:
    """The daily digest is due now, and carried out."""
    Message.objects.filter(topic=digest.DIGEST).delete()
    with transaction.atomic():
        outbox.add(digest.DIGEST, outbox.RECURRING)
    drain()


def killed(*args: Any, **kwargs: Any) -> None:
    """In the place of a step at which the process ends."""
    raise KeyboardInterrupt
