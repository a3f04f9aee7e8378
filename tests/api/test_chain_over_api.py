"""Another system takes a work through every step over JSON, and is refused what the screens refuse."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms.people.models import User
from cms.people.tokens import issue_token, revoke_token
from cms.taxonomy.models import Stage
from tests import factories
from tests.library.files.test_sniffing import picture
from workflows.review.actions.school import decide_school

pytestmark = pytest.mark.django_db


class Caller:
    """A system that acts as one person."""

    def __init__(self, user: User | None) -> None:
        self.client = Client()
        self.headers: dict[str, str] = {}
        if user is not None:
            _token, text = issue_token(user, name="test")
            self.headers["Authorization"] = f"Bearer {text}"

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        call = getattr(self.client, method)
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        return call(f"/api/v1{path}", headers={**self.headers, **headers}, **given)

    def get(self, path: str) -> Any:
        return self.send("get", path)

    def post(self, path: str, body: Any) -> Any:
        return self.send("post", path, body)


def new_work(place: factories.Province, **facts: Any) -> dict[str, Any]:
    return {
        "kind": "resource",
        "title": "分数的初步认识",
        "summary": "用折纸、分月饼两个活动，让三年级学生说出几分之一的含义。",
        "body": "<p>折一折<script>alert(1)</script></p>",
        "stage": place.stage.pk,
        "subject": place.subject.pk,
        "grade": place.grade.pk,
        "library": place.library.pk,
        "authorship_stated": True,
        "tags": ["分数"],
        **facts,
    }


def test_whole_chain_over_the_api() -> None:
    place = factories.province()
    author, reviewer = factories.teacher(place), factories.school_reviewer(place)
    manager, publisher = factories.person("review_manager", place.county), factories.person("publisher", place.county)
    panel = [factories.expert(place), factories.expert(place)]
    colleague = factories.person("teacher", place.county)
    writing = Caller(author)

    upload = writing.client.post(
        "/api/v1/files", {"file": SimpleUploadedFile("圆.png", picture())}, headers=writing.headers
    )
    assert upload.status_code == 201
    made = writing.post("/works", new_work(place, files=[upload.json()["id"]]))
    assert made.status_code == 201
    work = made.json()["uuid"]
    assert made.json()["body"] == "<p>折一折</p>"
    assert writing.get(f"/works/{work}/checklist").json() == []

    sent = writing.post("/submissions", {"work": work})
    assert (sent.status_code, sent.json()["state"]) == (201, "school_review")
    path = f"/submissions/{sent.json()['uuid']}"
    assert [item["work"] for item in Caller(reviewer).get("/submissions/waiting").json()["items"]] == [work]
    passed = Caller(reviewer).post(f"{path}/decide", {"verdict": "approve"})
    assert passed.json()["state"] == "expert_review"
    eligible = [row["uuid"] for row in Caller(manager).get(f"{path}/experts").json()]
    assert set(eligible) == {str(expert.uuid) for expert in panel}
    assert Caller(manager).post(f"{path}/assign", {"experts": eligible}).status_code == 200
    for expert in panel:
        answer = Caller(expert).post(
            f"{path}/review", {"verdict": "approve", "scores": {"science": 38, "design": 50}, "comment": "可推广"}
        )
        assert answer.status_code == 200
    assert Caller(author).get(path).json()["state"] == "published"
    shared = Caller(publisher).post("/shares", {"work": work, "scope": place.county.code, "openly": True})
    assert shared.status_code == 201

    taking = Caller(colleague)
    assert Caller(None).get(f"/works/{work}").json()["title"] == "分数的初步认识"
    assert taking.post("/adoptions", {"work": work}).status_code == 201
    space = taking.get("/spaces").json()[0]["uuid"]
    assert [line["work"]["uuid"] for line in taking.get(f"/spaces/{space}/shelf").json()["items"]] == [work]
    mine = Caller(author).get("/spaces").json()[0]["uuid"]
    statement = Caller(author).get(f"/statements/{mine}").json()
    assert statement["balance"] == 10 + 5 + 2
    assert {line["reason"] for line in statement["items"]} == {"published", "shared", "adopted"}


def test_refusals_have_one_shape_and_a_sentence() -> None:
    place = factories.province()
    author, stranger = factories.teacher(place), factories.teacher(place, place.other_school)
    caller = Caller(author)
    work = caller.post("/works", new_work(place, summary="短", authorship_stated=False)).json()["uuid"]
    incomplete = caller.post("/submissions", {"work": work})
    assert incomplete.status_code == 422
    assert [gap["field"] for gap in incomplete.json()["gaps"]] == ["summary", "authorship_stated"]
    assert Caller(stranger).post("/submissions", {"work": work}).status_code == 404
    assert Caller(stranger).get(f"/works/{work}?draft=true").json()["code"] == "not_found"
    assert Caller(None).get("/works").json()["code"] == "token_required"
    assert caller.post("/works", {"kind": "resource"}).json()["fields"].keys() == {"given.title"}
    assert caller.post("/works", new_work(place, stage=999_999)).json()["fields"]["stage"].startswith("没有编号为")
    other = factories.stored_file(stranger)
    assert caller.post("/works", new_work(place, files=[other.pk])).json()["fields"].keys() == {"files"}


def test_what_no_database_holds_is_left_out_wherever_it_stands() -> None:
    """NUL, and halves of characters, in whichever encoding."""
    place = factories.province()
    share = factories.shared(place)
    caller = Caller(share.shared_by)
    refused = caller.post(f"/shares/{share.uuid}/recall", {"reason": "\0"})
    assert (refused.status_code, refused.json()["code"]) == (422, "recall_without_reason")
    for _time in range(2):  # an answer that was lost on its way
        assert caller.post(f"/shares/{share.uuid}/recall", {"reason": "教材\0改版"}).status_code == 200
    share.refresh_from_db()
    assert share.recall_reason == "教材改版"
    made = Caller(factories.teacher(place)).post("/works", new_work(place, title="分\0数", tags=["\0分\0"]))
    assert (made.status_code, made.json()["title"]) == (201, "分数")
    literally = Caller(factories.teacher(place)).post("/works", new_work(place, title="C 语言的 \\u0000"))
    assert literally.json()["title"] == "C 语言的 \\u0000"
    author = Caller(factories.teacher(place))
    said = json.dumps(new_work(place, body="<p>a\0\ud800b</p>", tags=["\ud800数"])).encode("utf-16")
    answer = author.client.post("/api/v1/works", said, content_type="application/json", headers=author.headers)
    assert (answer.status_code, answer.json()["body"], answer.json()["tags"]) == (201, "<p>ab</p>", ["数"])
    assert author.post("/submissions", {"work": answer.json()["uuid"]}).status_code == 201
    administrator = Caller(factories.person("administrator", place.school))
    roster = {"file": SimpleUploadedFile("名册.csv", "姓名,登录名,角色\n".encode()), "organisation": "\0"}
    answer = administrator.client.post("/api/v1/people/roster", roster, headers=administrator.headers)
    assert answer.status_code < 500
    for path in (
        "/works?find=%00",
        "/taxonomy/stages?sector=%00",
        "/taxonomy/textbooks?stage=%00",
    ):
        assert caller.get(path).status_code < 500


def test_lessons_and_rows_that_the_form_refuses_are_refused() -> None:
    place = factories.province()
    author = factories.teacher(place)
    caller = Caller(author)
    key = str(uuid4())
    lesson = {"title": "第一课", "key": key}
    answer = caller.post(
        "/works", new_work(place, kind="micro_course", lessons=[lesson, {**lesson, "title": "另一课"}])
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["lessons"])
    document = factories.stored_file(author)
    for wrong in ({"cover": document.pk}, {"kind": "micro_course", "lessons": [{"title": "课", "video": document.pk}]}):
        answer = caller.post("/works", new_work(place, **wrong))
        assert (answer.status_code, list(answer.json()["fields"])) == (422, ["files"])
    other = Stage.objects.create(code="junior", name="初中", sector="basic", order=3)
    made = caller.post("/works", new_work(place)).json()["uuid"]
    for subject in ({}, {"subject": None}):
        answer = caller.send("patch", f"/works/{made}", {"stage": other.pk, **subject})
        assert answer.status_code == 422
        assert "grade" in answer.json()["fields"]
    nothing = dict.fromkeys(("stage", "subject", "grade", "edition", "textbook", "chapter"))
    assert caller.send("patch", f"/works/{made}", {**nothing, "stage": other.pk}).status_code == 200


def test_change_based_on_an_old_revision_is_refused() -> None:
    place = factories.province()
    caller = Caller(factories.teacher(place))
    made = caller.post("/works", new_work(place)).json()
    path, revision = f"/works/{made['uuid']}", str(made["revision"])
    first = caller.send("patch", path, {"title": "分数（改）"}, **{"If-Match": f'"{revision}"'})
    assert first.status_code == 200
    second = caller.send("patch", path, {"title": "分数（又改）"}, **{"If-Match": f'"{revision}"'})
    assert (second.status_code, second.json()["code"]) == (412, "revision_changed")
    assert caller.get(f"{path}?draft=true").json()["title"] == "分数（改）"


def test_work_under_review_cannot_be_changed() -> None:
    place = factories.province()
    author = factories.teacher(place)
    submission = factories.at_school_review(place, author)
    answer = Caller(author).send("patch", f"/works/{submission.work.uuid}", {"title": "新题目"})
    assert (answer.status_code, answer.json()["code"]) == (409, "work_locked")


def test_course_keeps_its_lessons_keys() -> None:
    place = factories.province()
    author = factories.teacher(place)
    caller = Caller(author)
    lessons = [{"title": "认识二分之一", "minutes": 5}, {"title": "认识四分之一"}]
    made = caller.post("/works", new_work(place, kind="micro_course", lessons=lessons)).json()
    keys = [lesson["key"] for lesson in made["lessons"]]
    changed = caller.send("patch", f"/works/{made['uuid']}", {"lessons": [*made["lessons"][::-1], {"title": "比一比"}]})
    assert [lesson["key"] for lesson in changed.json()["lessons"]][:2] == keys[::-1]


def test_revoked_token_opens_nothing() -> None:
    place = factories.province()
    author = factories.teacher(place)
    token, text = issue_token(author, name="test")
    headers = {"Authorization": f"Bearer {text}"}
    assert Client().get("/api/v1/works", headers=headers).status_code == 200
    revoke_token(token, by=author)
    assert Client().get("/api/v1/works", headers=headers).status_code == 401


def test_openapi_describes_every_step() -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    for path in (
        "/api/v1/works",
        "/api/v1/files",
        "/api/v1/submissions/waiting",
        "/api/v1/shares",
        "/api/v1/adoptions",
    ):
        assert path in paths
    assert Client().get("/api/v1/docs").status_code == 200


def test_remix_is_a_draft_of_whoever_asks() -> None:
    place = factories.province()
    share = factories.shared(place)
    asking = Caller(factories.teacher(place))
    made = asking.post("/adoptions/remix", {"work": str(share.work.uuid)})
    assert made.status_code == 201
    draft = asking.get(f"/works/{made.json()['uuid']}?draft=true").json()
    assert (draft["title"], draft["source"], draft["live"]) == (share.work.title, "adapted", False)
    assert asking.post("/adoptions/remix", {"work": str(uuid4())}).status_code == 404


def test_expert_who_is_not_there_is_refused_by_id() -> None:
    place = factories.province()
    submission = factories.at_school_review(place)
    decide_school(submission, by=factories.school_reviewer(place), verdict="approve")
    manager = Caller(factories.person("review_manager", place.county))
    panel = [factories.expert(place) for _two in range(2)]
    gone = factories.expert(place)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for unknown in (uuid4(), gone.uuid):
        answer = manager.post(
            f"/submissions/{submission.uuid}/assign", {"experts": [*(e.uuid for e in panel), unknown]}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "not_eligible")
        assert str(unknown) in answer.json()["message"]
