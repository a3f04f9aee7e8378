"""Works over JSON: what a request costs, and that a draft is told everywhere as it was last sent."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.library.actions.authoring import save_draft
from cms.library.completeness import gaps
from cms.library.models import MicroCourse, Resource, Standard, Work
from cms.library.queries import draft_of
from cms.library.viewsets.addresses import viewset_of
from cms.people.models import User
from cms.taxonomy.models import Stage
from tests import factories
from tests.api.test_chain_over_api import Caller
from tests.library.admin.pages import autosave, edit_url, open_form
from workflows.review.actions.submitting import withdraw

pytestmark = pytest.mark.django_db


def queries_of(client: Client, address: str) -> int:
    client.get(address)  # what a process asks once
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(asked)


def course(place: factories.Province, author: User, *, lessons: int) -> MicroCourse:
    """Each lesson with two files, the later one first."""
    made: Any = draft_of(factories.micro_course(place, author, lessons=lessons))
    first, second = (factories.stored_file(author) for _ in range(2))
    for lesson in made.lessons.all():
        lesson.attachments = [first, second]
        lesson.file_order = [second.pk, first.pk]
    made.save_revision(user=author)
    found: MicroCourse = MicroCourse.objects.get(pk=made.pk)
    return found


@pytest.mark.parametrize("lessons", [3, 18])
def test_live_course_is_told_in_as_many_queries_as_one_lesson(lessons: int) -> None:
    place = factories.province()
    author = factories.teacher(place)
    Standard.objects.filter(kind="micro_course").update(min_lessons=1)
    visitor, asked = Client(), []
    for number in (1, lessons):
        one = course(place, author, lessons=number)
        address = f"/api/v1/works/{one.uuid}"
        factories.shared(place, author, one, openly=True)
        asked.append(queries_of(visitor, address))
        told = visitor.get(address).json()["lessons"]
        assert [len(lesson["attachments"]) for lesson in told] == [2] * number
        assert all(lesson["attachments"][0] > lesson["attachments"][1] for lesson in told)
    assert asked[0] == asked[1]


def test_draft_is_told_everywhere_as_it_was_last_sent() -> None:
    place = factories.province()
    author = factories.teacher(place)
    junior = Stage.objects.create(code="junior", name="初中", sector="basic", order=3)
    work = factories.resource(place, author, title="从前的标题")
    caller = Caller(author)
    sent = {"title": "几分之一", "stage": junior.pk, "body": "<p>折<script>1</script></p>"}
    sent |= dict.fromkeys(("grade", "edition", "textbook", "chapter", "subject"))
    assert caller.send("patch", f"/works/{work.uuid}", sent).status_code == 200
    assert [line["title"] for line in caller.get("/works").json()["items"]] == ["几分之一"]
    assert Work.objects.get(pk=work.pk).body == "<p>折</p>"
    client = Client()
    client.force_login(author)
    found = client.get(reverse(viewset_of(Resource).get_url_name("list")), {"q": "几分之一"}).content.decode()
    assert "几分之一" in found
    assert "初中" in found


def test_submission_answers_the_title_that_was_sent_last() -> None:
    place = factories.province()
    author = factories.teacher(place)
    caller = Caller(author)
    work = factories.resource(place, author, title="从前的标题")
    assert caller.send("patch", f"/works/{work.uuid}", {"title": "几分之一"}).status_code == 200
    sent = caller.post("/submissions", {"work": str(work.uuid)})
    assert (sent.status_code, sent.json()["title"]) == (201, "几分之一")


def test_saving_an_instance_of_an_hour_ago_writes_its_content_alone() -> None:
    place = factories.province()
    author = factories.teacher(place)
    submission = factories.at_school_review(place, author)
    old = Work.objects.get(pk=submission.work_id).specific
    assert old.locked
    withdraw(submission, by=author)
    old.title = "几分之一"
    save_draft(old, by=author)
    row = Work.objects.get(pk=old.pk)
    assert (row.title, row.locked) == ("几分之一", False)
    assert row.specific.get_latest_revision_as_object().title == "几分之一"


def test_patch_of_a_live_work_leaves_what_is_published() -> None:
    place = factories.province()
    author = factories.teacher(place)
    work = factories.shared(place, author, factories.resource(place, author, title="从前的标题")).work
    assert Caller(author).send("patch", f"/works/{work.uuid}", {"title": "几分之一"}).status_code == 200
    assert Work.objects.get(pk=work.pk).title == "从前的标题"
    assert draft_of(work).title == "几分之一"


def test_only_who_may_read_the_draft_learns_that_there_is_one() -> None:
    place = factories.province()
    author = factories.teacher(place)
    work = factories.shared(place, author, factories.resource(place, author), openly=True).work
    author_told = Caller(author).get(f"/works/{work.uuid}").json()
    assert (author_told["locked"], author_told["revision"]) == (False, work.latest_revision_id)
    for told in (
        Caller(factories.teacher(place)).get(f"/works/{work.uuid}"),
        Client().get(f"/api/v1/works/{work.uuid}"),
    ):
        assert (told.json()["title"], told.json()["locked"], told.json()["revision"]) == (work.title, None, None)


UNSEEN = ("   ", "\u3000\u00a0", "\u202e\u3000\u200b", "\ufeff", "\u3164", "\u2800", "\u0301")


@pytest.mark.parametrize("title", UNSEEN)
def test_title_of_which_nothing_is_seen_is_refused_by_the_api_and_by_the_form(title: str) -> None:
    place = factories.province()
    author = factories.teacher(place)
    caller, work = Caller(author), factories.resource(place, author, title="从前的标题")
    for answer in (
        caller.send("patch", f"/works/{work.uuid}", {"title": title}),
        caller.post("/works", {"kind": "resource", "title": title}),
    ):
        assert answer.status_code == 422
        assert "title" in answer.json()["fields"]
    client = Client()
    client.force_login(author)
    data = {**open_form(client, edit_url(work)), "title": [title]}
    autosave(client, edit_url(work), data)
    assert draft_of(Work.objects.get(pk=work.pk)).title in ("从前的标题", "")  # blanks alone are none, as on the site


@pytest.mark.parametrize("title", UNSEEN)
def test_draft_of_before_with_such_a_title_lacks_one(title: str) -> None:
    place = factories.province()
    work: Any = draft_of(factories.resource(place, factories.teacher(place)))
    work.title = title
    assert [gap.field for gap in gaps(work, None)] == ["title"]
    work.title = "\u200b分数"
    assert gaps(work, None) == []
