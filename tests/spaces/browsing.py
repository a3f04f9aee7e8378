"""Somebody signed in, what a page costs, a work in an inbox."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.spaces.actions import (
    canonical_interest,
    ensure_personal_space,
)
from cms.spaces.delivering import deliver
from tests import factories
from tests.factories.province import Province


def signed_in(user: Any, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(user)
    return client


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def in_inbox(place: Province, user: Any, **facts: Any) -> Any:
    """A work shared with the county, delivered to the county's people."""
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, **facts))
    interest = canonical_interest(subject_id=place.subject.pk)
    ensure_personal_space(user).interests.add(interest)
    deliver(share.work, [(f"i{interest.pk}", "interest"), (f"o{place.county.pk}", "tier")])
    return share.work
