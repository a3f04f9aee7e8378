"""Wagtail's own screens of users and groups are there for nobody; people are looked after in this room."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.admin.views.bulk_action.registry import bulk_action_registry

from cms.people.models import User
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province

pytestmark = pytest.mark.django_db


def superuser() -> User:
    return User.objects.create_superuser("root", "root@example.org", "Shu-Shan-2026", name="超级用户")


def readers(place: Province) -> list[Client]:
    chief = factories.person("administrator", place.province)
    return [signed_in(user) for user in (superuser(), chief, factories.teacher(place))]


def test_no_screen_of_users_or_groups_is_there(place: Province) -> None:
    person, group = factories.teacher(place), Group.objects.create(name="编辑")
    addresses = [
        f"/admin/{screen}/{rest}"
        for screen, key in (("users", person.pk), ("groups", group.pk))
        for rest in (
            "", "add/", "new/", "results/", f"{key}/", f"edit/{key}/", f"delete/{key}/", f"{key}/delete/",
            f"history/{key}/", f"usage/{key}/", f"inspect/{key}/", f"{key}/users/",
        )
    ]  # fmt: skip
    for client in readers(place):
        for address in addresses:
            assert client.get(address).status_code == 404, address
            assert client.post(address).status_code == 404, address
    for name in ("wagtailusers_users:index", "wagtailusers_groups:index"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert User.objects.filter(pk=person.pk, is_active=True).exists()
    assert Group.objects.filter(pk=group.pk).exists()


def test_nothing_is_done_to_many_people_at_once(place: Province) -> None:
    person = factories.teacher(place)
    group = Group.objects.create(name="编辑")
    actions = [action.action_type for action in bulk_action_registry.get_bulk_actions_for_model("people", "user")]
    assert {"delete", "set_active_state", "assign_role"} <= set(actions)
    for client in readers(place):
        for action in actions:
            address = f"{reverse('wagtail_bulk_action', args=('people', 'user', action))}?id={person.pk}"
            assert client.get(address).status_code == 404, action
            assert client.post(address, {"mark_as_active": "False", "role": group.pk}).status_code == 404, action
    person.refresh_from_db()
    assert person.is_active
    assert not person.groups.exists()


def test_menu_and_search_of_the_workbench_do_not_offer_them() -> None:
    page = signed_in(superuser()).get("/admin/").content.decode()
    assert "/admin/reports/" in page  # what is left to superusers
    for address in ("/admin/users/", "/admin/groups/"):
        assert address not in page


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "patch", "delete"])
def test_opening_the_address_signs_nobody_out(place: Province, method: str) -> None:
    client = signed_in(factories.teacher(place))
    answer = getattr(client, method)("/admin/logout/")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("account_logout"))
    assert client.get("/admin/").status_code == 200


def test_the_form_of_the_menu_signs_out(place: Province) -> None:
    client = signed_in(factories.teacher(place))
    assert client.post(reverse("wagtailadmin_logout")).status_code == 302
    assert client.get("/admin/").status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.teacher(place))
    assert strict.post("/admin/logout/").status_code == 403
    assert strict.get("/admin/").status_code == 200


def test_what_broke_on_what_was_sent_is_not_there(place: Province) -> None:
    choosers = [
        f"/admin/{things}/chooser/{rest}"
        for things in ("documents", "images")
        for rest in ("", "results/", "chosen/x/", "chosen/1/", "chosen/%00/", "chosen-multiple/?id=x", "create/")
    ]
    for client in readers(place):
        client.raise_request_exception = False
        for address in (*choosers, "/admin/failwhale/", "/admin/dismissibles/"):
            assert client.get(address).status_code == 404, address
        for body in ("[1]", '"x"', "{}", '{"a": "\\u0000"}'):
            sent = client.patch("/admin/dismissibles/", body, content_type="application/json")
            assert sent.status_code == 404, body
