"""Two versions side by side in the workbench, and the list of versions."""

import pytest
from bs4 import BeautifulSoup

from cms.library.models import Work
from tests import factories
from tests.library.admin.conftest import Cast, course
from tests.library.admin.pages import add_lesson, autosave, edit_url, keys, open_form, url

pytestmark = pytest.mark.django_db


def test_compare_shows_files_and_lessons_by_name(cast: Cast) -> None:
    work = course(cast, lessons=2)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    sheet = factories.stored_file(cast.owner, name="学习单.pdf")
    video = factories.stored_file(cast.owner, name="新视频.mp4", kind="video")
    data["lessons-0-attachments"] = [str(sheet.pk)]
    data["lessons-1-video"] = [str(video.pk)]
    data["files"] = [str(sheet.pk)]
    add_lesson(data, title="全新的一课")
    client.post(edit_url(work), data)
    page = client.get(url(work, "revisions_compare", work.pk, "earliest", "latest")).content.decode()
    for words in ("学习单.pdf", "新视频.mp4", "分月饼.mp4", "全新的一课"):
        assert words in page
    assert keys(work)[0] not in page


def compared(cast: Cast, work: Work) -> str:
    """What the comparison of the first and the newest version says, as text."""
    page = cast.client("owner").get(url(work, "revisions_compare", work.pk, "earliest", "latest")).content.decode()
    return BeautifulSoup(page, "html.parser").get_text(" ", strip=True)


def test_compare_shows_an_empty_number_as_empty(cast: Cast) -> None:
    work = course(cast, lessons=2)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    data["lessons-0-minutes"] = [""]
    add_lesson(data, title="没有时长的一课")
    client.post(edit_url(work), data)
    text = compared(cast, work)
    assert "没有时长的一课" in text
    assert "None" not in text
    assert text.count("时长（分钟）") == 1  # the changed lesson's; the new one has none


def test_compare_writes_dates_and_yes_as_people_do(cast: Cast) -> None:
    work = factories.research_outcome(cast.place, cast.owner, authorship_stated=False)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    client.post(edit_url(work), {**data, "completed_on": "2026-05-01", "authorship_stated": "on"})
    text = compared(cast, work)
    assert "2026-05-01" in text
    assert "否 是" in text
    assert not any(word in text for word in ("None", "True", "False"))


def test_compare_leaves_out_lessons_that_did_not_change(cast: Cast) -> None:
    work = course(cast, lessons=3)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    data["lessons-1-goal"] = ["会说出几分之一"]
    client.post(edit_url(work), data)
    page = client.get(url(work, "revisions_compare", work.pk, "earliest", "latest")).content.decode()
    assert "第2课时 认识几分之一" in page
    assert "第1课时 认识几分之一" not in page
    assert "正文" not in page


def test_history_shows_one_line_for_a_version_that_saved_itself_often(cast: Cast) -> None:
    work = factories.resource(cast.place, cast.owner)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    for number in range(3):
        answer = autosave(client, edit_url(work), {**data, "summary": f"第{number}遍"}).json()
        data["overwrite_revision_id"] = [str(answer["revision_id"])]
    page = client.get(url(work, "history", work.pk)).content.decode()
    assert page.count("<time") == 1 or page.count("当前草稿") == 1
