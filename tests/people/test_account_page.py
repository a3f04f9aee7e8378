"""The workbench's account page: one real name, nothing of first and last names."""

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_account_page_shows_the_one_name_and_saves_the_rest() -> None:
    person = factories.teacher(factories.province())
    client = Client()
    client.force_login(person)
    page = client.get("/admin/account/")
    assert page.status_code == 200
    text = page.content.decode()
    assert person.name in text
    assert "姓名按实名登记" in text
    assert "first_name" not in text
    assert "last_name" not in text
    answer = client.post(
        "/admin/account/",
        {
            "theme-theme": "dark",
            "theme-contrast": "system",
            "theme-density": "snug",
            "locale-preferred_language": "zh-hans",
            "locale-current_time_zone": "Asia/Shanghai",
            "name-name": "改名",
        },
    )
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.name != "改名"
    assert person.wagtail_userprofile.theme == "dark"


def test_account_page_is_for_those_who_work_here() -> None:
    place = factories.province()
    client = Client()
    assert client.get("/admin/account/").status_code == 302
    client.force_login(factories.pupil(place))
    assert client.get("/admin/account/").status_code in (302, 404)


def test_account_page_offers_nothing_that_does_nothing() -> None:
    """A picture is served by no address, and Wagtail's workflow, whose mail superusers could choose, is off."""
    person = factories.teacher(factories.province())
    root = User.objects.create_superuser("root", "root@example.org", "Shu-Shan-2026", name="超级用户")
    given = {"theme-theme": "dark", "theme-contrast": "system", "theme-density": "default"}
    for user in (person, root):
        client = Client()
        client.force_login(user)
        page = client.get("/admin/account/").content.decode()
        assert "theme-theme" in page
        for field in ("avatar-avatar", "notifications-submitted_notifications"):
            assert f'name="{field}"' not in page
        picture = SimpleUploadedFile("a.png", PICTURE, content_type="image/png")
        client.post("/admin/account/", {**given, "locale-preferred_language": "", "avatar-avatar": picture})
        user.refresh_from_db()
        assert user.wagtail_userprofile.theme == "dark"
        assert not user.wagtail_userprofile.avatar
