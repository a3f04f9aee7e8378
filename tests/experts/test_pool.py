"""The pool of experts: who may judge, who keeps it."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cms.audit.models import Entry
from cms.people.models import Membership, User
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from workflows.experts.actions import add_expert, leave_pool
from workflows.experts.errors import AlreadyInPool, NobodyOfThatName
from workflows.experts.models import Expert
from workflows.experts.queries import eligible

pytestmark = pytest.mark.django_db


def names(place: Province, author: User, **facts: Any) -> set[int]:
    work = factories.resource(place, author, **facts)
    return set(eligible(work, place.county).values_list("user_id", flat=True))


def test_eligible_is_the_pool_without_conflicts(place: Province) -> None:
    author, coauthor = factories.teacher(place), factories.expert(place)
    good, elsewhere, away, gone, of_school, other_subject, inactive = (factories.expert(place) for _ in range(7))
    Expert.objects.filter(user=elsewhere).update(organisation=place.other_county)
    Expert.objects.filter(user=away).update(available=False)
    Expert.objects.filter(user=gone).update(left_at=timezone.now())
    Membership.objects.create(user=of_school, organisation=place.school, role="teacher")
    Expert.objects.get(user=other_subject).subjects.add(place.other_subject)
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    work = factories.resource(place, author)
    work.coauthors.create(user=coauthor)
    assert set(eligible(work, place.county).values_list("user_id", flat=True)) == {good.pk}


def test_eligible_knows_memberships_that_end_later_and_that_ended(place: Province) -> None:
    author, still, formerly = factories.teacher(place), factories.expert(place), factories.expert(place)
    now = timezone.now()
    Membership.objects.create(user=still, organisation=place.school, role="teacher", until=now + dt.timedelta(days=9))
    Membership.objects.create(
        user=formerly,
        organisation=place.school,
        role="teacher",
        since=now - dt.timedelta(days=90),
        until=now - dt.timedelta(days=9),
    )
    assert names(place, author) == {formerly.pk}


def test_eligible_of_the_subject_comes_once_for_several_subjects(place: Province) -> None:
    user = factories.expert(place)
    entry = Expert.objects.get(user=user)
    entry.subjects.add(place.subject, place.other_subject)
    entry.stages.add(place.stage)
    found = eligible(factories.resource(place, factories.teacher(place)), place.county)
    assert [expert.user_id for expert in found] == [user.pk]


def test_pool_is_kept_by_those_of_the_very_organisation(place: Province) -> None:
    user = factories.teacher(place, place.other_school)
    for keeper in (factories.person("review_manager", place.city), factories.person("teacher", place.county)):
        with pytest.raises(PermissionDenied):
            add_expert(user, organisation=place.county, by=keeper)
    keeper = factories.person("review_manager", place.county)
    expert = add_expert(user, organisation=place.county, by=keeper)
    with pytest.raises(AlreadyInPool):
        add_expert(user, organisation=place.county, by=keeper)
    with pytest.raises(NobodyOfThatName):
        add_expert(factories.pupil(place), organisation=place.county, by=keeper)
    with pytest.raises(PermissionDenied):
        leave_pool(expert, by=factories.person("administrator", place.city))
    leave_pool(expert, by=keeper)
    add_expert(user, organisation=place.county, by=keeper)
    assert Expert.objects.filter(user=user).count() == 2
    assert Entry.objects.filter(verb__startswith="expert:").count() == 3


def test_pool_screen_shows_own_rows_only(place: Province) -> None:
    own, foreign = factories.expert(place), factories.expert(place, place.other_county)
    entry = Expert.objects.get(user=foreign)
    for role in ("review_manager", "administrator"):
        client = signed_in(factories.person(role, place.county))
        page = client.get("/admin/experts/").content.decode()
        assert own.name in page
        assert "True" not in page.split("<table")[1].split("</table>")[0]
        assert foreign.name not in page
        for way in ("edit", "delete"):
            assert client.get(f"/admin/experts/{way}/{entry.pk}/").status_code == 404
            assert client.post(f"/admin/experts/{way}/{entry.pk}/").status_code == 404
    stranger = signed_in(factories.teacher(place))
    for url in ("/admin/experts/", "/admin/experts/new/", f"/admin/experts/edit/{entry.pk}/"):
        assert stranger.get(url).status_code == 404
    entry.refresh_from_db()
    assert entry.left_at is None


def test_pool_screen_adds_changes_and_lets_go(place: Province) -> None:
    user = factories.teacher(place, place.other_school)
    client = signed_in(factories.person("review_manager", place.county))
    new = {"account": user.username, "organisation": place.county.pk, "title": "特级教师", "available": "on"}
    assert "没有这个账号" in client.post("/admin/experts/new/", {**new, "account": "nobody"}).content.decode()
    child = factories.pupil(place)
    assert (
        "没有教职工角色的账号不能担任"
        in client.post("/admin/experts/new/", {**new, "account": child.username}).content.decode()
    )
    foreign = client.post("/admin/experts/new/", {**new, "organisation": place.other_county.pk})
    assert foreign.status_code == 200
    assert client.post("/admin/experts/new/", new).status_code == 302
    assert "已经在库里" in client.post("/admin/experts/new/", new).content.decode()
    entry = Expert.objects.get(user=user)
    edit = f"/admin/experts/edit/{entry.pk}/"
    assert client.get(edit).status_code == 200
    client.post(edit, {"title": "正高级教师", "subjects": [place.subject.pk]})
    entry.refresh_from_db()
    assert (entry.title, entry.available, list(entry.subjects.all())) == ("正高级教师", False, [place.subject])
    assert "移出专家库" in client.get(f"/admin/experts/delete/{entry.pk}/").content.decode()
    client.post(f"/admin/experts/delete/{entry.pk}/")
    entry.refresh_from_db()
    assert entry.left_at is not None


def test_expert_is_added_by_name_and_never_by_a_shared_one(place: Province) -> None:
    client = signed_in(factories.person("review_manager", place.county))
    first = factories.teacher(place, place.other_school)
    first.name = "柳闻溪"
    first.save()
    new = {"account": "柳闻溪", "organisation": place.county.pk, "title": "", "available": "on"}
    second = factories.teacher(place)
    second.name = "柳闻溪"
    second.save()
    page = client.post("/admin/experts/new/", new).content.decode()
    assert "不止一位" in page
    assert f"{place.school.name}，账号 {second.username}" in page
    assert not Expert.objects.filter(user__in=[first, second]).exists()
    second.name = "柳闻笛"
    second.save()
    assert client.post("/admin/experts/new/", new).status_code == 302
    assert Expert.objects.get(user=first).organisation == place.county
