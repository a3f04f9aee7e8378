"""What I teach: the person's own page."""

import pytest

from cms.people.models import TeachingProfile
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province

pytestmark = pytest.mark.django_db


def test_what_was_retired_stays_with_who_teaches_by_it(place: Province) -> None:
    person = factories.teacher(place)
    profile = TeachingProfile.objects.get_or_create(user=person)[0]
    profile.stage, profile.subject, profile.edition = place.stage, place.subject, place.edition
    profile.save()
    profile.grades.set([place.grade])
    place.edition.retired = place.grade.retired = True
    place.edition.save()
    place.grade.save()
    client = signed_in(person)
    page = client.get("/me/").content.decode()
    assert f'<option value="{place.edition.pk}" selected>{place.edition.name}</option>' in page
    data = {"stage": place.stage.pk, "subject": "", "edition": place.edition.pk, "grades": [place.grade.pk]}
    assert client.post("/me/", data).status_code == 302
    kept = TeachingProfile.objects.get(user=person)
    assert (kept.subject, kept.edition) == (None, place.edition)
    assert list(kept.grades.all()) == [place.grade]
    newcomer = signed_in(factories.person("teacher", place.school)).get("/me/").content.decode()
    assert f">{place.edition.name}</option>" not in newcomer
