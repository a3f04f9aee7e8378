"""One work of each kind and everybody who might look at it."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from cms.library.actions.authoring import add_coauthor
from cms.library.models import Work
from cms.people.models import User
from tests import factories
from tests.factories import Province


@dataclass(frozen=True)
class Cast:
    """`people` by what they are to the works of `owner`."""

    place: Province
    people: dict[str, User]

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(self.people[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    @property
    def owner(self) -> User:
        return self.people["owner"]


@pytest.fixture
def cast(place: Province) -> Cast:
    superuser = factories.person("operator", place.province)
    superuser.is_superuser = superuser.is_staff = True
    superuser.save()
    people = {
        "owner": factories.teacher(place),
        "coauthor": factories.teacher(place),
        "colleague": factories.teacher(place),
        "reviewer": factories.school_reviewer(place),
        "administrator": factories.person("administrator", place.school),
        "stranger": factories.teacher(place, place.other_school),
        "superuser": superuser,
    }
    return Cast(place, people)


KINDS: dict[str, Any] = {
    "resource": factories.resource,
    "micro_course": lambda place, by: factories.micro_course(place, by, lessons=2),
    "case_study": factories.case_study,
    "research_outcome": factories.research_outcome,
}


def draft(cast: Cast, kind: str, *, shared_with: str = "coauthor") -> Work:
    """A draft of the owner, written with the co-author, with two versions."""
    work: Work = KINDS[kind](cast.place, cast.owner)
    add_coauthor(work, cast.people[shared_with], by=cast.owner)
    work.summary += "（第二稿）"
    work.save_revision(user=cast.owner)
    return work


def course(cast: Cast, lessons: int = 3) -> Any:
    return factories.micro_course(cast.place, cast.owner, lessons=lessons)
