"""A work in somebody's inbox."""

from typing import Any

from cms.spaces.actions import (
    canonical_interest,
    ensure_personal_space,
)
from cms.spaces.delivering import deliver
from tests import factories
from tests.factories.province import Province


def in_inbox(place: Province, user: Any, **facts: Any) -> Any:
    """A work shared with the county, delivered to the county's people."""
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, **facts))
    interest = canonical_interest(subject_id=place.subject.pk)
    ensure_personal_space(user).interests.add(interest)
    deliver(share.work, [(f"i{interest.pk}", "interest"), (f"o{place.county.pk}", "tier")])
    return share.work
