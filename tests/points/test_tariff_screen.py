"""Administrators of the province add versions of the tariff; nobody changes one, nobody else sees the screen."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from tests import factories
from workflows.points.actions import add_tariff
from workflows.points.models import Tariff
from workflows.points.queries import tariff_in_force

pytestmark = pytest.mark.django_db
URL = "/admin/points_tariff/"


def form(points: str) -> dict[str, str]:
    return {
        "in_force_from": "2026-01-01 08:00",
        "note": "新学年",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-MIN_NUM_FORMS": "1",
        "lines-MAX_NUM_FORMS": "1000",
        "lines-0-id": "",
        "lines-0-reason": "shared",
        "lines-0-recipient": "author",
        "lines-0-kind": "",
        "lines-0-points": points,
        "lines-0-DELETE": "",
    }


def test_province_adds_a_version() -> None:
    place = factories.province()
    client = Client()
    client.force_login(factories.person("administrator", place.province))
    page = client.get(f"{URL}new/").content.decode()
    assert page.count('name="lines-') > 20  # begun from the version in force
    assert client.post(f"{URL}new/", form("9")).status_code == 302
    standing = tariff_in_force()
    assert standing is not None
    assert standing.version == 2
    assert [line.points for line in standing.lines.all()] == [9]
    assert "v2" in client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("role", "tier"),
    [("administrator", "county"), ("operator", "county"), ("publisher", "county"), ("operator", "province")],
)
def test_others_do_not_reach_the_screen(role: str, tier: str) -> None:
    place = factories.province()
    client = Client()
    person = factories.person(role, getattr(place, tier))
    client.force_login(person)
    for path in (URL, f"{URL}new/"):
        assert client.get(path).status_code in (302, 403, 404)
    client.post(f"{URL}new/", form("9"))
    with pytest.raises(PermissionDenied):
        add_tariff(Tariff(note="新学年"), by=person)
    assert Tariff.objects.count() == 1


def test_no_version_is_changed_or_deleted() -> None:
    place = factories.province()
    client = Client()
    client.force_login(factories.person("administrator", place.province))
    first = Tariff.objects.get()
    for path in (f"{URL}edit/{first.pk}/", f"{URL}delete/{first.pk}/"):
        assert client.post(path, form("9")).status_code == 404
