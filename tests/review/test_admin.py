"""The room's screens in Wagtail's admin."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.audit.models import Entry
from cms.organisations.models import Organisation
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from workflows.review.actions.ruling import add_version, change_version, remove_version
from workflows.review.models import Policy, Rubric
from workflows.review.queries import policy_for, rubric_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruler(place: Province) -> Client:
    """An administrator of the province."""
    return signed_in(factories.person("administrator", place.province))


def new_policy(**more: Any) -> dict[str, Any]:
    return {
        "kind": "resource",
        "in_force_from": "2026-01-01 08:00",
        "trial_days": 3,
        "school_days": 5,
        "expert_days": 10,
        "tier": "city",
        "experts": 5,
        "quorum": 3,
        "pass_mark": 75,
        "note": "提高要求",
        **more,
    }


def test_policy_gets_a_new_version_and_the_old_one_stays(ruler: Client) -> None:
    before = policy_for("resource")
    assert before is not None
    page = ruler.get("/admin/review_policies/new/?kind=resource").content.decode()
    assert 'value="70"' in page
    answer = ruler.post("/admin/review_policies/new/", new_policy())
    assert answer.status_code == 302, answer.context["form"].errors
    assert "生效以后提交的作品按这一版评审" in ruler.get("/admin/review_policies/").content.decode()
    now = policy_for("resource")
    assert now is not None
    assert (now.version, now.tier, now.pass_mark) == (2, "city", 75)
    assert now.created_by is not None
    assert Policy.objects.get(pk=before.pk).pass_mark == 70
    assert Entry.objects.filter(verb="policy:add").exists()


def test_policy_that_does_not_fit_together_is_refused_in_words(ruler: Client) -> None:
    answer = ruler.post("/admin/review_policies/new/", new_policy(quorum=6, pass_mark=101, tier="school"))
    errors = answer.context["form"].errors
    assert "最少评审人数不能多于指派人数（5 位）。" in errors["quorum"]
    assert set(errors) == {"quorum", "pass_mark", "tier"}
    assert Policy.objects.filter(kind="resource").count() == 1


@pytest.mark.parametrize("room", ["review_policies", "review_rubrics"])
def test_version_in_use_is_neither_changed_nor_deleted(ruler: Client, room: str) -> None:
    model: Any = Policy if room == "review_policies" else Rubric
    used = model.objects.filter(kind="resource").get()
    for way in ("edit", "delete"):
        url = f"/admin/{room}/{way}/{used.pk}/"
        for answer in (ruler.get(url, follow=True), ruler.post(url, new_policy(), follow=True)):
            assert "不能改也不能删" in answer.content.decode()
    assert model.objects.get(pk=used.pk).version == 1
    assert f"/admin/{room}/edit/{used.pk}/" not in ruler.get(f"/admin/{room}/").content.decode()


def test_policy_of_tomorrow_may_be_corrected_and_removed(ruler: Client) -> None:
    tomorrow = timezone.now() + dt.timedelta(days=1)
    ruler.post("/admin/review_policies/new/", new_policy(in_force_from=f"{tomorrow:%Y-%m-%d %H:%M}"))
    later = Policy.objects.get(kind="resource", version=2)
    now = policy_for("resource")
    assert now is not None
    assert now.version == 1
    url = f"/admin/review_policies/edit/{later.pk}/"
    assert ruler.get(url).status_code == 200
    ruler.post(url, new_policy(in_force_from=f"{tomorrow:%Y-%m-%d %H:%M}", pass_mark=80))
    assert Policy.objects.get(pk=later.pk).pass_mark == 80
    ruler.post(f"/admin/review_policies/delete/{later.pk}/")
    assert not Policy.objects.filter(pk=later.pk).exists()


def test_version_keeps_its_kind_when_it_is_corrected(ruler: Client) -> None:
    tomorrow = f"{timezone.now() + dt.timedelta(days=1):%Y-%m-%d %H:%M}"
    for kind in ("resource", "case_study"):
        ruler.post("/admin/review_policies/new/", new_policy(kind=kind, in_force_from=tomorrow))
    later = Policy.objects.get(kind="resource", version=2)
    url = f"/admin/review_policies/edit/{later.pk}/"
    assert ruler.post(url, new_policy(kind="case_study", in_force_from=tomorrow, pass_mark=81)).status_code == 302
    later.refresh_from_db()
    assert (later.kind, later.version, later.pass_mark) == ("resource", 2, 81)
    later.kind = "case_study"
    change_version(later, by=factories.person("administrator", Organisation.objects.get(tier="province")))
    assert Policy.objects.get(pk=later.pk).kind == "resource"


def test_days_of_a_policy_are_a_year_at_most(ruler: Client) -> None:
    days = ("trial_days", "school_days", "expert_days")
    answer = ruler.post("/admin/review_policies/new/", new_policy(**dict.fromkeys(days, 4_000_000)))
    assert set(answer.context["form"].errors) == set(days)
    assert ruler.post("/admin/review_policies/new/", new_policy(**dict.fromkeys(days, 366))).status_code == 302


def criteria(*rows: tuple[str, int], initial: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {
        "criteria-TOTAL_FORMS": len(rows),
        "criteria-INITIAL_FORMS": initial,
        "criteria-MIN_NUM_FORMS": 1,
        "criteria-MAX_NUM_FORMS": 1000,
    }
    for number, (title, points) in enumerate(rows):
        found |= {
            f"criteria-{number}-title": title,
            f"criteria-{number}-max_points": points,
            f"criteria-{number}-description": "",
            f"criteria-{number}-id": "",
            f"criteria-{number}-ORDER": number + 1,
        }
    return found


def test_rubric_gets_a_new_version_with_criteria(ruler: Client) -> None:
    page = ruler.get("/admin/review_rubrics/new/?kind=resource").content.decode()
    assert "教学设计" in page
    head = {"kind": "resource", "title": "教学资源评分标准", "in_force_from": "2026-01-01 08:00"}
    answer = ruler.post("/admin/review_rubrics/new/", {**head, **criteria(("科学性", 50), ("创新", 50), initial=2)})
    assert answer.status_code == 302, answer.context["form"].errors
    now = rubric_for("resource")
    assert now is not None
    assert [(c.title, c.max_points, c.order) for c in now.criteria.all()] == [("科学性", 50, 0), ("创新", 50, 1)]
    assert len({c.key for c in now.criteria.all()}) == 2
    refused = ruler.post("/admin/review_rubrics/new/", {**head, **criteria()})
    assert refused.status_code == 200
    assert Rubric.objects.filter(kind="resource").count() == 2


@pytest.mark.parametrize("room", ["review_policies", "review_rubrics"])
def test_rules_are_made_by_the_province_only(place: Province, room: str) -> None:
    for role, where in (
        ("administrator", place.city),
        ("administrator", place.school),
        ("review_manager", place.province),
        ("teacher", place.school),
    ):
        person = factories.person(role, where)
        client = signed_in(person)
        for url in (f"/admin/{room}/", f"/admin/{room}/new/"):
            assert client.get(url).status_code in (302, 404)
        client.post(f"/admin/{room}/new/", new_policy())
        version: Any = (Policy if room == "review_policies" else Rubric).objects.earliest("pk")
        for write in (add_version, change_version, remove_version):
            with pytest.raises(PermissionDenied):
                write(version, by=person)
    assert Policy.objects.count() == 4


# --- works in the workbench -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_works_list_tells_the_state_of_review(place: Province, rows: int, django_assert_max_num_queries: Any) -> None:
    author = factories.teacher(place)
    for _ in range(rows):
        factories.at_school_review(place, author)
    client = signed_in(author)
    client.get("/admin/works/resource/")
    with django_assert_max_num_queries(16):
        page = client.get("/admin/works/resource/").content.decode()
    assert page.count("gj-state--school_review") == rows


def test_workbench_offers_to_submit_and_then_to_withdraw(place: Province) -> None:
    author = factories.teacher(place)
    work = factories.resource(place, author)
    client = signed_in(author)
    edit = reverse("works_resource:edit", args=[work.pk])
    assert reverse("review:submit", args=[work.uuid]) in client.get(edit).content.decode()
    client.post(reverse("review:submit", args=[work.uuid]))
    page = client.get(edit).content.decode()
    assert reverse("review:withdraw", args=[work.uuid]) in page
    assert reverse("review:submit", args=[work.uuid]) not in page


def test_menu_tells_reviewers_how_much_waits(place: Province) -> None:
    factories.at_school_review(place)
    assert (
        "\\u8bc4\\u5ba1\\uff081\\uff09" in signed_in(factories.school_reviewer(place)).get("/admin/").content.decode()
    )
    assert "\\u8bc4\\u5ba1\\uff08" not in signed_in(factories.teacher(place)).get("/admin/").content.decode()


def test_account_menu_of_the_site_tells_reviewers_how_much_waits(place: Province) -> None:
    factories.at_school_review(place)
    page = signed_in(factories.school_reviewer(place)).get("/review/mine/").content.decode()
    assert '待我审核<span class="count">1</span>' in page
    assert "待我审核" not in signed_in(factories.teacher(place)).get("/review/mine/").content.decode()


# --- works on the site ----------------------------------------------------------------------------------------------


def test_work_page_carries_the_seal(place: Province) -> None:
    share = factories.shared(place, openly=True)
    page = Client().get(share.work.get_absolute_url()).content.decode()
    assert "县级专家评审通过" in page
    assert "教学资源评分标准" in page
    assert reverse("review:history", args=[share.work.uuid]) in page
