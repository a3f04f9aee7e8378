"""Files of a work in the workbench: whose may be chosen, and which stay."""

from typing import Any

import pytest

from cms.library.models import Work
from tests import factories
from tests.library.admin.conftest import Cast, course
from tests.library.admin.pages import autosave, draft_of, edit_url, open_form, url

pytestmark = pytest.mark.django_db


def test_files_of_others_cannot_be_chosen(cast: Cast) -> None:
    work = course(cast, lessons=1)
    client = cast.client("owner")
    foreign = factories.stored_file(cast.people["stranger"], name="别人的试卷.pdf")
    foreign_video = factories.stored_file(cast.people["stranger"], name="别人的视频.mp4", kind="video")
    for name, stored in (
        ("files", foreign), ("cover", foreign), ("lessons-0-attachments", foreign), ("lessons-0-video", foreign_video),
    ):  # fmt: skip
        data = open_form(client, edit_url(work))
        response = client.post(edit_url(work), {**data, name: [str(stored.pk)]})
        page = response.content.decode()
        assert response.status_code == 200, name
        assert "不是您上传的" in page
        assert stored.name not in page
        assert autosave(client, edit_url(work), {**data, name: [str(stored.pk)]}).status_code == 400
    assert not draft_of(work).files.all()


def test_files_of_a_coauthor_stay_when_the_owner_saves(cast: Cast) -> None:
    from cms.library.actions.authoring import add_coauthor

    work = course(cast, lessons=1)
    add_coauthor(work, cast.people["coauthor"], by=cast.owner)
    theirs = factories.stored_file(cast.people["coauthor"], name="学习单.pdf")
    client = cast.client("coauthor")
    data = open_form(client, edit_url(work))
    assert client.post(edit_url(work), {**data, "lessons-0-attachments": [str(theirs.pk)]}).status_code == 302
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    assert data["lessons-0-attachments"] == [str(theirs.pk)]
    assert client.post(edit_url(work), {**data, "title": "接着写"}).status_code == 302
    assert [stored.name for stored in draft_of(work).lessons.first().attachments.all()] == ["学习单.pdf"]


@pytest.mark.parametrize("sent", ["0", "-1", "abc", "９", "1" * 40, "1 or 1=1"])
def test_nonsense_for_a_file_is_one_clear_sentence(cast: Cast, sent: str) -> None:
    work = factories.resource(cast.place, cast.owner)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    response = client.post(edit_url(work), {**data, "files": [sent]})
    assert response.status_code == 200
    assert "请移除后重新上传" in response.content.decode()


def test_video_field_takes_videos_only(cast: Cast) -> None:
    work = course(cast, lessons=1)
    client = cast.client("owner")
    document = factories.stored_file(cast.owner)
    data = open_form(client, edit_url(work))
    response = client.post(edit_url(work), {**data, "lessons-0-video": [str(document.pk)]})
    assert "这里只能放视频文件" in response.content.decode()


def test_removing_all_files_removes_them(cast: Cast) -> None:
    work = factories.resource(cast.place, cast.owner)
    client = cast.client("owner")
    stored = factories.stored_file(cast.owner)
    data = open_form(client, edit_url(work))
    client.post(edit_url(work), {**data, "files": [str(stored.pk)]})
    data = open_form(client, edit_url(work))
    assert data.pop("files") == [str(stored.pk)]
    client.post(edit_url(work), data)
    assert list(draft_of(work).files.all()) == []


def test_old_version_republishes_with_the_attachments_of_a_dropped_lesson(cast: Cast) -> None:
    work = course(cast, lessons=19)
    client = cast.client("owner")
    sheet = factories.stored_file(cast.owner, name="学习单.pdf")
    data = open_form(client, edit_url(work))
    data["lessons-18-attachments"] = [str(sheet.pk)]
    client.post(edit_url(work), data)
    factories.published(cast.place, cast.owner, work)
    old = Work.objects.get(pk=work.pk).live_revision_id
    data = open_form(client, edit_url(work))
    data["lessons-18-DELETE"] = ["1"]
    client.post(edit_url(work), data)
    factories.published(cast.place, cast.owner, work)
    assert Work.objects.get(pk=work.pk).specific.lessons.count() == 18

    address = url(work, "revisions_revert", work.pk, old)
    response = client.post(address, open_form(client, address))
    assert response.status_code == 302
    factories.published(cast.place, cast.owner, work)
    live: Any = Work.objects.get(pk=work.pk).specific
    assert live.lessons.count() == 19
    assert [stored.name for stored in live.lessons.last().attachments.all()] == ["学习单.pdf"]
