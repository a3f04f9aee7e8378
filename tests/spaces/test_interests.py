"""An interest in an organisation: chosen on the page, alone or with a subject; what is shared from there arrives."""

from typing import Any

import pytest

from cms.outbox.worker import drain
from cms.people.models import User
from cms.spaces.actions import ensure_personal_space
from cms.spaces.inbox import delivered
from cms.spaces.models import Interest, SpaceInterest
from tests import factories
from tests.browsing import signed_in
from tests.factories.province import Province

pytestmark = pytest.mark.django_db

INTERESTS = "/space/interests/"


def interested(place: Province, **chosen: Any) -> User:
    user = factories.person("teacher", place.school)
    assert signed_in(user).post(INTERESTS, chosen).status_code == 302
    return user


def got(user: User) -> list[int]:
    return list(delivered(ensure_personal_space(user), user, tiers=False).values_list("work", flat=True))


def test_what_is_shared_from_an_organisation_arrives_before_and_after() -> None:
    place = factories.province()
    before = factories.shared(place)
    from_school = interested(place, organisation=place.school.pk)
    with_subject = interested(place, organisation=place.county.pk, subject=place.subject.pk)
    misses = [
        interested(place, organisation=place.other_county.pk),
        interested(place, organisation=place.county.pk, subject=place.other_subject.pk),
    ]
    drain()
    after = factories.shared(place)
    drain()
    wanted = {before.work_id, after.work_id}
    assert set(got(from_school)) == set(got(with_subject)) == wanted
    assert [got(user) for user in misses] == [[], []]


def test_page_offers_the_own_places_and_finds_others_by_name() -> None:
    place = factories.province()
    user = factories.person("teacher", place.school)
    client = signed_in(user)
    page = client.get(INTERESTS).content.decode()
    for own in (place.school, place.county, place.city, place.province):
        assert f'name="organisation" value="{own.pk}"' in page
    assert f'value="{place.other_school.pk}"' not in page
    look = {"look": "1", "find": "拱墅 运河", "subject": place.subject.pk}
    part = client.post(INTERESTS, look, headers={"HX-Request": "true"}).content.decode()
    assert f'value="{place.other_school.pk}"' in part
    assert "浙江省 杭州市 拱墅区" in part
    whole = client.post(INTERESTS, look).content.decode()
    assert f'<option value="{place.subject.pk}" selected>' in whole
    assert not SpaceInterest.objects.exists()
    assert client.post(INTERESTS, {"organisation": place.other_school.pk}).status_code == 302
    assert "来自拱墅区运河小学" in client.get(INTERESTS).content.decode()
    assert "运河小学" in client.get("/space/").content.decode()


@pytest.mark.parametrize("organisation", ["", "x", "0", "9" * 30, "\x00", "-1"])
def test_bad_organisation_is_refused_in_words(organisation: str) -> None:
    place = factories.province()
    client = signed_in(factories.person("teacher", place.school))
    answer = client.post(INTERESTS, {"organisation": organisation})
    assert answer.status_code == 400
    assert "机构" in answer.content.decode()
    assert not Interest.objects.exists()


def test_closed_organisation_is_not_offered() -> None:
    place = factories.province()
    place.other_school.is_active = False
    place.other_school.save()
    client = signed_in(factories.person("teacher", place.school))
    assert (
        f'value="{place.other_school.pk}"' not in client.post(INTERESTS, {"look": "1", "find": "运河"}).content.decode()
    )
    assert client.post(INTERESTS, {"organisation": place.other_school.pk}).status_code == 400
