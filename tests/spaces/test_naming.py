"""A space is called after its owner, its school and its subject, also when these get another name."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.outbox.models import Message
from cms.people.roster.applying import import_roster
from cms.people.roster.reading import read
from cms.spaces.actions import ensure_personal_space, ensure_school_space, ensure_subject_space
from cms.spaces.models import Space
from tests import factories
from tests.browsing import signed_in
from tests.factories.province import Province

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Province:
    return factories.province()


def names(*spaces: Space) -> list[str]:
    return [Space.objects.get(pk=space.pk).name for space in spaces]


def owed() -> set[str]:
    """Documents that the index owes a look, since the last time this was asked."""
    rows = Message.objects.filter(topic="search.index")
    found = set(rows.values_list("ref", flat=True))
    rows.delete()
    return found


def test_roster_that_corrects_a_name_corrects_the_space(place: Province) -> None:
    administrator = factories.person("administrator", place.school)
    user, other = factories.teacher(place), factories.teacher(place)
    space, untouched = ensure_personal_space(user), ensure_personal_space(other)
    text = f"姓名,登录名,角色\n欧阳静远,{user.username},教师\n"
    import_roster(read(text.encode()), by=administrator, organisation=place.school)
    assert names(space, untouched) == ["欧阳静远的空间", f"{other.name}的空间"]
    assert "欧阳静远的空间" in signed_in(other).get(f"/spaces/{space.uuid}/").content.decode()


def test_school_that_is_renamed_renames_its_spaces_and_nobody_elses(place: Province) -> None:
    school, subject = ensure_school_space(place.school), ensure_subject_space(place.school, place.subject)
    personal, other = ensure_personal_space(factories.teacher(place)), ensure_school_space(place.other_school)
    before = names(personal, other)
    owed()
    place.school.name = "白露小学"
    place.school.save()
    assert names(school, subject) == ["白露小学空间", f"白露小学{place.subject.name}空间"]
    assert names(personal, other) == before
    assert owed() == {f"space:{school.pk}", f"space:{subject.pk}"}
    place.school.save()
    assert owed() == set()


def test_subject_that_is_renamed_on_its_screen_renames_its_spaces_at_a_fixed_cost(place: Province) -> None:
    spaces = [ensure_subject_space(school, place.subject) for school in (place.school, place.other_school)]
    other = ensure_subject_space(place.school, place.other_subject)
    (before,) = names(other)
    owed()
    client = signed_in(factories.person("administrator", place.province))
    address = reverse("terms-subject:edit", args=(place.subject.pk,))
    answer = client.post(address, {"name": "蒹葭", "stages": [place.stage.pk]})
    assert answer.status_code == 302
    assert names(*spaces, other) == [f"{place.school.name}蒹葭空间", f"{place.other_school.name}蒹葭空间", before]
    assert owed() == {f"space:{space.pk}" for space in spaces}

    place.subject.refresh_from_db()
    costs = []
    for name, school in (("白露", None), ("苍苍", place.county), ("为霜", place.city)):
        if school is not None:
            ensure_subject_space(school, place.subject)
        place.subject.name = name
        with CaptureQueriesContext(connection) as captured:
            place.subject.save()
        costs.append(len(captured))
    assert len(set(costs)) == 1


def test_longest_names_fit(place: Province) -> None:
    space = ensure_subject_space(place.school, place.subject)
    place.school.name, place.subject.name = "校" * 100, "科" * 50
    place.school.save()
    place.subject.save()
    assert names(space) == ["校" * 100 + "科" * 50 + "空间"]


def test_names_that_are_old_already_are_mended(place: Province) -> None:
    user = factories.teacher(place)
    spaces = [
        ensure_personal_space(user),
        ensure_school_space(place.school),
        ensure_subject_space(place.school, place.subject),
    ]
    right, fine = names(*spaces), ensure_school_space(place.other_school)
    Space.objects.exclude(pk=fine.pk).update(name="旧名")
    owed()
    import_module("cms.spaces.migrations.0014_names_of_today").name_again(apps, connection.schema_editor())
    assert names(*spaces) == right
    assert owed() == {f"space:{space.pk}" for space in spaces[1:]}


def test_school_and_subject_that_keep_their_names_read_no_space(place: Province) -> None:
    ensure_subject_space(place.school, place.subject)
    for row in (place.subject, place.school):
        with CaptureQueriesContext(connection) as asked:
            row.save()
        assert [query["sql"] for query in asked if "spaces_space" in query["sql"]] == []
