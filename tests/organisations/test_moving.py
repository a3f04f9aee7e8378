"""An organisation moves with all that is below it, to where its tier fits."""

from collections.abc import Iterator

import pytest

from cms.organisations.actions import move_organisation
from cms.organisations.errors import MisplacedOrganisation
from cms.organisations.models import Organisation
from cms.organisations.signals import organisation_moved
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[tuple[str, str]]]:
    """(name, path until now) of what is told."""
    found: list[tuple[str, str]] = []

    def note(sender: object, organisation: Organisation, before: str, **kwargs: object) -> None:
        found.append((organisation.name, before))

    organisation_moved.connect(note)
    yield found
    organisation_moved.disconnect(note)


def test_county_moves_with_its_schools(heard: list[tuple[str, str]]) -> None:
    place = factories.province()
    before = place.county.path
    moved = move_organisation(place.county, to=place.province)
    assert Organisation.objects.get(pk=place.school.pk).path.startswith(moved.path)
    assert moved.path.startswith(Organisation.objects.get(pk=place.province.pk).path)
    assert not moved.path.startswith(place.city.path)
    assert heard == [("西湖区", before)]


@pytest.mark.parametrize(("what", "to"), [("county", "other_county"), ("city", "school"), ("county", "school")])
def test_what_does_not_fit_stays_where_it_is(what: str, to: str, heard: list[tuple[str, str]]) -> None:
    place = factories.province()
    before = getattr(place, what).path
    with pytest.raises(MisplacedOrganisation):
        move_organisation(getattr(place, what), to=getattr(place, to))
    assert Organisation.objects.get(pk=getattr(place, what).pk).path == before
    assert heard == []
