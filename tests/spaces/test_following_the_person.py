"""A personal space follows its owner: what they teach, where they work; what was chosen by hand stays."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from cms.outbox.worker import drain
from cms.people.accounts import end_membership, save_teaching_profile
from cms.people.enums import Role
from cms.people.models import Membership, TeachingProfile, User
from cms.people.roster.applying import import_roster
from cms.people.roster.reading import read
from cms.people.tokens import issue_token
from cms.spaces.actions import add_interest, ensure_personal_space, remove_interest
from cms.spaces.inbox import delivered
from cms.spaces.models import Space, SpaceInterest
from cms.spaces.signals import interests_changed
from tests import factories
from tests.factories.province import Province

pytestmark = pytest.mark.django_db


def subjects(space: Space) -> set[str]:
    return {str(interest.subject) for interest in space.interests.select_related("subject")}


def teach(user: User, **facts: Any) -> TeachingProfile:
    return save_teaching_profile(user, **{"stage": None, "subject": None, "edition": None, "grades": [], **facts})


def shared_in(place: Province, subject: Any, title: str) -> int:
    author = factories.teacher(place)
    work = factories.resource(place, author, title=title, subject=subject, textbook=None, chapter=None)
    return factories.shared(place, author, work).work_id


def fitting(user: User) -> list[int]:
    space = Space.objects.get(owner=user, kind="personal")
    return list(delivered(space, user, tiers=False).values_list("work", flat=True))


def test_next_push_of_the_new_subject_arrives_and_of_the_old_one_no_more(place: Province) -> None:
    user = factories.teacher(place)
    ensure_personal_space(user)
    client = Client()
    client.force_login(user)
    data = {"stage": place.stage.pk, "subject": place.other_subject.pk, "grades": [place.grade.pk]}
    assert client.post("/me/", data).status_code == 302
    shared_in(place, place.subject, "旧学科的作品")
    new = shared_in(place, place.other_subject, "新学科的作品")
    drain()
    assert fitting(user) == [new]


def test_works_of_the_new_subject_shared_before_come_too(place: Province) -> None:
    user = factories.teacher(place)
    ensure_personal_space(user)
    past = shared_in(place, place.other_subject, "早已共享")
    drain()
    teach(user, stage=place.stage, subject=place.other_subject, grades=[place.grade])
    drain()
    assert fitting(user) == [past]


def test_what_was_chosen_by_hand_outlives_a_change_of_the_profile(place: Province) -> None:
    user = factories.teacher(place)
    space = ensure_personal_space(user)
    add_interest(space, by=user, subject_id=place.other_subject.pk)
    teach(user, stage=place.stage, subject=place.subject)
    assert subjects(space) == {"数学", str(place.other_subject)}
    teach(user)
    assert subjects(space) == {str(place.other_subject)}


def test_choosing_by_hand_what_the_profile_says_keeps_it(place: Province) -> None:
    user = factories.teacher(place)
    space = ensure_personal_space(user)
    (held,) = space.interests.all()
    facets = {f"{name}_id": getattr(held, f"{name}_id") for name in ("stage", "subject", "grade", "edition")}
    for _again in range(2):
        assert add_interest(space, by=user, **facets) == held
    assert SpaceInterest.objects.get(space=space).by_hand
    teach(user, stage=place.stage, subject=place.other_subject)
    assert subjects(space) == {"数学", str(place.other_subject)}


def test_empty_profile_means_nothing_and_not_everything(place: Province) -> None:
    user = factories.teacher(place)
    space = ensure_personal_space(user)
    teach(user)
    assert not space.interests.exists()
    another = factories.person("teacher", place.school)
    teach(another)
    assert not ensure_personal_space(another).interests.exists()


def test_same_profile_again_owes_nothing(place: Province) -> None:
    user = factories.teacher(place)
    space = ensure_personal_space(user)
    heard: list[Space] = []

    def listen(space: Space, **kwargs: object) -> None:
        heard.append(space)

    interests_changed.connect(listen)
    try:
        teach(user, stage=place.stage, subject=place.subject, edition=place.edition, grades=[place.grade])
        assert heard == []
        (old,) = space.interests.all()
        teach(user, stage=place.stage, subject=place.subject)
        assert heard == [space]
        for _twice in range(2):  # the profile has taken it away already
            remove_interest(space, old, by=user)
        assert heard == [space]
    finally:
        interests_changed.disconnect(listen)


def test_profile_of_somebody_without_a_space_makes_none(place: Province) -> None:
    user = factories.teacher(place)
    teach(user, stage=place.stage, subject=place.other_subject)
    assert not Space.objects.filter(owner=user).exists()
    assert subjects(ensure_personal_space(user)) == {str(place.other_subject)}


def test_roster_changes_interests_and_the_school_of_the_space(place: Province) -> None:
    administrator = factories.person("administrator", place.county)
    user = factories.teacher(place)
    space = ensure_personal_space(user)
    assert space.organisation == place.school
    old = Membership.objects.get(user=user)
    end_membership(old, by=administrator)
    space.refresh_from_db()
    assert space.organisation is None
    neighbour = factories.person("teacher", place.county, name="沈知行")
    moved = ensure_personal_space(neighbour)
    text = (
        "姓名,登录名,角色,机构代码,学段,学科,年级\n"
        f"{neighbour.name},{neighbour.username},教师,{place.school.code},{place.stage.name},{place.subject.name},"
        f"{place.grade.name}\n"
    )
    import_roster(read(text.encode()), by=administrator, organisation=place.county)
    end_membership(Membership.objects.get(user=neighbour, organisation=place.county), by=administrator)
    moved.refresh_from_db()
    assert moved.organisation == place.school
    assert subjects(moved) == {"数学"}


def test_space_of_a_parent_who_becomes_a_teacher_can_be_seen_and_of_a_mere_parent_not(place: Province) -> None:
    administrator = factories.person("administrator", place.school)
    user = factories.parent(place, factories.pupil(place))
    user.name = "沈安"
    user.save()
    space = ensure_personal_space(user)
    assert space.is_private
    text = f"姓名,登录名,角色\n{user.name},{user.username},教师、家长\n"
    import_roster(read(text.encode()), by=administrator, organisation=place.school)
    space.refresh_from_db()
    assert not space.is_private
    end_membership(Membership.objects.get(user=user, role=Role.TEACHER), by=administrator)
    space.refresh_from_db()
    assert space.is_private


def test_space_of_a_pupil_who_has_left_stays_theirs_alone(place: Province) -> None:
    administrator = factories.person("administrator", place.school)
    teacher, pupil = factories.teacher(place), factories.pupil(place)
    spaces = [ensure_personal_space(user) for user in (teacher, pupil)]
    for user in (teacher, pupil):
        end_membership(Membership.objects.get(user=user), by=administrator)
    late = factories.pupil(place)
    end_membership(Membership.objects.get(user=late), by=administrator)
    spaces.append(ensure_personal_space(late))
    assert [Space.objects.get(pk=space.pk).is_private for space in spaces] == [False, True, True]

    Space.objects.update(is_private=False)  # as they were left
    import_module("cms.spaces.migrations.0013_spaces_of_pupils_who_left").close(apps, connection.schema_editor())
    assert [Space.objects.get(pk=space.pk).is_private for space in spaces] == [False, True, True]


def test_inbox_opens_on_what_fits_and_on_everything_for_who_has_chosen_nothing(place: Province) -> None:
    """S42: what tiers publish reaches every space below; what fits somebody comes first."""
    other = shared_in(place, place.other_subject, "推送给全区")
    fits = shared_in(place, place.subject, "正好是我教的")
    drain()
    chooser, newcomer = factories.teacher(place), factories.person("teacher", place.school)
    for user, everything_first in ((chooser, False), (newcomer, True)):
        space = ensure_personal_space(user)
        drain()
        client = Client()
        client.force_login(user)
        assert ("推送给全区" in client.get("/space/inbox/").content.decode()) is everything_first
        assert "推送给全区" in client.get("/space/inbox/?all=1").content.decode()
        assert "推送给全区" not in client.get("/space/inbox/?all=0").content.decode()
        headers = {"Authorization": f"Bearer {issue_token(user, name='test')[1]}"}
        address = f"/api/v1/spaces/{space.uuid}/inbox"
        assert Client().get(address, headers=headers).json()["total"] == 2
        assert Client().get(address, {"fits": "true"}, headers=headers).json()["total"] == (
            0 if everything_first else 1
        )
    assert fitting(chooser) == [fits]
    assert other not in fitting(chooser)
