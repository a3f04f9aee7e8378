"""Files stand in the order their author gave them: in the form, the revision, the API, the page and the comparison."""

import json
from typing import Any

import pytest

from cms.library.body import body_of
from cms.library.models import StoredFile, Work
from cms.library.payload import as_json
from cms.people.tokens import issue_token
from tests import factories
from tests.library.admin.conftest import Cast
from tests.library.admin.pages import autosave, edit_url, open_form, url

pytestmark = pytest.mark.django_db


def draft_of(work: Work) -> Any:
    return Work.objects.get(pk=work.pk).specific.get_latest_revision_as_object()


@pytest.fixture
def sheets(cast: Cast) -> list[StoredFile]:
    return [factories.stored_file(cast.owner, name=f"{word}.pdf") for word in "甲乙丙"]


def ids(files: list[StoredFile], *places: int) -> list[str]:
    return [str(files[place].pk) for place in places]


def names(files: Any) -> str:
    return "".join(shown.name[0] for shown in files.downloads)


def test_files_stand_as_the_author_put_them(cast: Cast, sheets: list[StoredFile]) -> None:
    work = factories.resource(cast.place, cast.owner)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    assert client.post(edit_url(work), {**data, "files": ids(sheets, 2, 0, 1)}).status_code == 302
    draft = draft_of(work)
    assert names(body_of(draft).files) == "丙甲乙"
    assert as_json(draft)["files"] == [int(pk) for pk in ids(sheets, 2, 0, 1)]
    data = open_form(client, edit_url(work))
    assert data["files"] == ids(sheets, 2, 0, 1)
    autosave(client, edit_url(work), {**data, "files": ids(sheets, 1, 2, 0)})
    assert names(body_of(draft_of(work)).files) == "乙丙甲"
    assert open_form(client, edit_url(work))["files"] == ids(sheets, 1, 2, 0)


def test_files_of_a_lesson_can_be_put_in_order_alone(cast: Cast, sheets: list[StoredFile]) -> None:
    work = factories.micro_course(cast.place, cast.owner, lessons=2)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    client.post(edit_url(work), {**data, "lessons-1-attachments": ids(sheets, 0, 1, 2)})
    data = open_form(client, edit_url(work))
    client.post(edit_url(work), {**data, "lessons-1-attachments": ids(sheets, 1, 2, 0)})
    lessons = body_of(draft_of(work)).lessons
    assert lessons[1].files is not None
    assert names(lessons[1].files) == "乙丙甲"
    assert lessons[0].files is not None
    assert names(lessons[0].files) == ""
    page = client.get(url(work, "revisions_compare", work.pk, "earliest", "latest")).content.decode()
    assert page.index("乙.pdf") < page.index("丙.pdf") < page.index("甲.pdf")


def test_files_of_a_live_work_keep_their_order(cast: Cast, sheets: list[StoredFile]) -> None:
    case = factories.case_study(cast.place, cast.owner)
    client = cast.client("owner")
    data = open_form(client, edit_url(case))
    client.post(edit_url(case), {**data, "files": ids(sheets, 2, 1), "parts-0-attachments": ids(sheets, 1, 0)})
    row = Work.objects.get(pk=case.pk).specific  # not the revision: the tables themselves
    body = body_of(row)
    assert names(body.files) == "丙乙"
    assert names(body.parts[0].files) == "乙甲"


def test_files_without_an_order_stand_as_they_were_uploaded(cast: Cast, sheets: list[StoredFile]) -> None:
    work = factories.resource(cast.place, cast.owner)
    work.files = [sheets[1], sheets[0]]
    work.save_revision(user=cast.owner)
    content = Work.objects.get(pk=work.pk).latest_revision.content
    del content["file_order"]  # a version from before there was one
    old = work.with_content_json(content)
    assert names(body_of(old).files) == "甲乙"


def test_api_takes_and_tells_the_order(cast: Cast, sheets: list[StoredFile]) -> None:
    work = factories.micro_course(cast.place, cast.owner, lessons=1)
    lesson = {"title": "第一课", "attachments": [sheets[2].pk, sheets[0].pk]}
    answer = cast.client("owner").patch(
        f"/api/v1/works/{work.uuid}",
        json.dumps({"files": [sheets[1].pk, sheets[0].pk], "lessons": [lesson]}),
        content_type="application/json",
        headers={"authorization": f"Bearer {issue_token(cast.owner, name='test')[1]}"},
    )
    assert answer.status_code == 200, answer.content
    assert answer.json()["files"] == [sheets[1].pk, sheets[0].pk]
    assert answer.json()["lessons"][0]["attachments"] == [sheets[2].pk, sheets[0].pk]
