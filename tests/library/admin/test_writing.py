"""Writing in the workbench: new works, lessons, autosave, and what stays as it was reviewed."""

from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from cms.library.actions.sealing import intact_revision
from cms.library.models import CaseStudy, MicroCourse, Resource, Seal, Work
from cms.library.models.kinds import MOST_LESSONS, MOST_PARTS
from tests import factories
from tests.library.admin.conftest import Cast, course
from tests.library.admin.pages import add_lesson, autosave, draft_of, edit_url, form_of, keys, open_form, url

pytestmark = pytest.mark.django_db


def test_add_gives_owner_school_and_what_the_teacher_teaches(cast: Cast) -> None:
    client = cast.client("owner")
    data = open_form(client, url(Resource, "add"))
    assert data["stage"] == [str(cast.place.stage.pk)]
    assert data["subject"] == [str(cast.place.subject.pk)]
    assert data["grade"] == [str(cast.place.grade.pk)]
    assert data["edition"] == [str(cast.place.edition.pk)]
    response = client.post(url(Resource, "add"), {**data, "title": "折一折", "tags": "分数, 折纸"})
    work = Resource.objects.get(title="折一折")
    assert response["Location"] == edit_url(work)
    assert (work.owner, work.organisation) == (cast.owner, cast.place.school)
    assert work.grade == cast.place.grade
    assert {tag.name for tag in draft_of(work).tags.all()} == {"分数", "折纸"}
    assert work.latest_revision is not None
    assert not work.live


def test_add_saves_itself_without_a_title(cast: Cast) -> None:
    client = cast.client("owner")
    data = open_form(client, url(MicroCourse, "add"))
    answer = autosave(client, url(MicroCourse, "add"), {**data, "summary": "刚开始写"}).json()
    assert answer["success"] is True
    work = MicroCourse.objects.get(pk=answer["pk"])
    assert str(work) == "未命名作品"
    assert client.get(answer["hydrate_url"]).status_code == 200


def test_owner_cannot_be_sent_along(cast: Cast) -> None:
    client = cast.client("owner")
    data = open_form(client, url(Resource, "add"))
    stranger = cast.people["stranger"]
    client.post(
        url(Resource, "add"),
        {**data, "title": "冒名", "owner": stranger.pk, "organisation": cast.place.other_school.pk, "live": "on"},
    )
    work = Resource.objects.get(title="冒名")
    assert (work.owner, work.organisation, work.live) == (cast.owner, cast.place.school, False)


def test_lesson_keys_survive_autosave_submit_publish_and_republish(cast: Cast) -> None:
    work = course(cast, lessons=18)
    before = keys(work)
    assert len(set(before)) == 18
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    prefix = add_lesson(data, title="第十九课时 练一练", video=[str(draft_of(work).lessons.first().video_id)])
    answer = autosave(client, edit_url(work), data).json()
    assert answer["success"] is True, answer
    updates = answer["field_updates"]
    new = updates[f"{prefix}-key"]
    assert keys(work) == [*before, new]
    data.update({name: [value] for name, value in updates.items()})
    data["overwrite_revision_id"] = [str(answer["revision_id"])]
    again = autosave(client, edit_url(work), data).json()
    assert again["revision_id"] == answer["revision_id"]
    assert keys(work) == [*before, new]

    factories.published(cast.place, cast.owner, work)
    live: Any = Work.objects.get(pk=work.pk).specific
    assert [str(lesson.key) for lesson in live.lessons.all()] == [*before, new]
    data = open_form(client, edit_url(work))
    data["title"] = ["第二版"]
    assert client.post(edit_url(work), data).status_code == 302
    factories.published(cast.place, cast.owner, work)
    live = Work.objects.get(pk=work.pk).specific
    assert live.title == "第二版"
    assert [str(lesson.key) for lesson in live.lessons.all()] == [*before, new]


def test_new_lessons_have_keys_of_their_own_even_when_one_is_sent_twice(cast: Cast) -> None:
    work = course(cast, lessons=1)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    add_lesson(data, title="第二课时", key=keys(work)[0])
    add_lesson(data, title="第三课时")
    assert client.post(edit_url(work), data).status_code == 302
    assert len(set(keys(work))) == 3


def test_page_offers_no_key_to_new_lessons(cast: Cast) -> None:
    page = cast.client("owner").get(edit_url(course(cast, lessons=0))).content.decode()
    assert 'name="lessons-__prefix__-key"' in page
    template = page[page.index('name="lessons-__prefix__-key"') :][:200]
    assert "value=" not in template.split(">")[0]


def test_autosave_after_submit_leaves_what_is_reviewed(cast: Cast) -> None:
    work = factories.resource(cast.place, cast.owner)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    first = autosave(client, edit_url(work), {**data, "title": "送审稿"}).json()
    factories.at_school_review(cast.place, cast.owner, work)
    seal = Seal.objects.get(work=work)
    late = {**data, "title": "送审之后", "overwrite_revision_id": str(first["revision_id"])}
    answer = autosave(client, edit_url(work), late)
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "locked"
    assert "先撤回" in answer.json()["error_message"]
    assert client.post(edit_url(work), late).status_code == 200
    assert intact_revision(seal)
    assert seal.revision.as_object().title == "送审稿"
    assert draft_of(work).title == "送审稿"


def test_draft_submitted_between_opening_and_saving_is_not_saved(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock is read when the request begins; the submission may come after that."""
    work = factories.resource(cast.place, cast.owner)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    factories.at_school_review(cast.place, cast.owner, work)
    monkeypatch.setattr(Resource, "get_lock", lambda self: None)
    answer = autosave(client, edit_url(work), {**data, "title": "抢先"})
    assert answer.status_code == 400
    assert answer.json()["error_code"] in ("locked", "invalid_revision")
    assert client.post(edit_url(work), {**data, "title": "抢先"}).status_code == 200
    assert draft_of(work).title != "抢先"


def test_two_tabs_do_not_overwrite_each_other(cast: Cast) -> None:
    work = factories.resource(cast.place, cast.owner)
    one, two = cast.client("owner"), cast.client("coauthor")
    from cms.library.actions.authoring import add_coauthor

    add_coauthor(work, cast.people["coauthor"], by=cast.owner)
    mine, theirs = open_form(one, edit_url(work)), open_form(two, edit_url(work))
    assert autosave(one, edit_url(work), {**mine, "title": "甲的修改"}).json()["success"] is True
    answer = autosave(two, edit_url(work), {**theirs, "title": "乙的修改"})
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "invalid_revision"
    assert draft_of(work).title == "甲的修改"


def test_curriculum_that_does_not_hold_together_is_refused(cast: Cast) -> None:
    place = cast.place
    junior = type(place.stage).objects.create(code="junior", name="初中", sector="basic", order=3)
    seventh = type(place.grade).objects.create(stage=junior, name="七年级", order=7)
    work = factories.resource(place, cast.owner)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    page = client.post(edit_url(work), {**data, "grade": str(seventh.pk)}).content.decode()
    assert "所选年级与学段不一致，请重新选择。" in page
    page = client.post(edit_url(work), {**data, "stage": str(junior.pk)}).content.decode()
    for part in ("学科与学段", "年级与学段", "教材与学段、学科、年级或教材版本"):
        assert f"所选{part}不一致" in page
    for sent in ("99999999", "x", "-1"):
        assert client.post(edit_url(work), {**data, "chapter": sent}).status_code == 200
    assert draft_of(work).grade == place.grade


def test_sector_is_told_by_the_stage_and_narrows_it(cast: Cast) -> None:
    place = cast.place
    college = type(place.stage).objects.create(code="college", name="高职", sector="vocational", order=9)
    work = factories.resource(place, cast.owner)
    client = cast.client("owner")
    page = client.get(edit_url(work)).content.decode()
    assert form_of(page)["sector"] == ["basic"]
    assert "小学</option>" in page
    assert "高职</option>" not in page
    data = form_of(page)
    page = client.post(edit_url(work), {**data, "sector": "vocational"}).content.decode()
    assert "所选学段与教育类别不一致，请重新选择。" in page
    assert draft_of(work).stage == place.stage
    fresh = {**data, "sector": "vocational", "stage": str(college.pk)}
    for part in ("subject", "grade", "edition", "textbook", "chapter"):
        fresh[part] = ""
    assert client.post(edit_url(work), fresh).status_code == 302
    assert draft_of(work).stage == college
    assert client.post(edit_url(work), {**fresh, "sector": ""}).status_code == 302
    assert client.post(edit_url(work), {**fresh, "sector": "x\x00"}).status_code == 200


def test_sector_that_is_not_chosen_leaves_every_stage_in_its_group(cast: Cast) -> None:
    type(cast.place.stage).objects.create(code="college", name="高职", sector="vocational", order=9)
    work = factories.resource(cast.place, cast.owner, stage=None, subject=None)
    page = cast.client("owner").get(edit_url(work)).content.decode()
    assert form_of(page)["sector"] == [""]
    assert '<optgroup label="职业教育">' in page


def test_retired_term_stays_on_a_work_that_has_it(cast: Cast) -> None:
    work = factories.resource(cast.place, cast.owner)
    cast.place.library.retired = cast.place.chapter.retired = True
    cast.place.library.save()
    cast.place.chapter.save()
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    assert data["library"] == [str(cast.place.library.pk)]
    assert data["chapter"] == [str(cast.place.chapter.pk)]
    assert client.post(edit_url(work), data).status_code == 302
    assert draft_of(work).chapter == cast.place.chapter


def test_case_parts_are_kept(cast: Cast) -> None:
    work = factories.case_study(cast.place, cast.owner)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    sheet = factories.stored_file(cast.owner, name="学习单.pdf")
    data["parts-2-attachments"] = [str(sheet.pk)]
    assert client.post(edit_url(work), data).status_code == 302
    case = CaseStudy.objects.get(pk=work.pk).get_latest_revision_as_object()
    assert [part.role for part in case.parts.all()] == ["report", "video", "support"]
    assert [stored.name for stored in case.parts.last().attachments.all()] == ["学习单.pdf"]


def test_script_in_any_text_is_shown_as_text(cast: Cast) -> None:
    work = course(cast, lessons=1)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    bad = "<script>alert(1)</script>"
    stored = factories.stored_file(cast.owner, name="<img src=x onerror=alert(1)>.pdf")
    data.update({"title": [bad], "summary": [bad], "lessons-0-title": [bad], "tags": [bad], "files": [str(stored.pk)]})
    client.post(edit_url(work), data)
    for address in (
        edit_url(work), url(work, "list"), url(work, "history", work.pk),
        url(work, "revisions_compare", work.pk, "earliest", "latest"),
        url(work, "revisions_view", work.pk, draft_of(work).latest_revision_id),
    ):  # fmt: skip
        page = client.get(address).content.decode()
        assert "<script>alert(1)" not in page, address
        assert "<img src=x" not in page, address


def test_course_of_60_lessons_opens_with_few_queries(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    small, large = course(cast, lessons=2), course(cast, lessons=60)
    client = cast.client("owner")
    client.get(edit_url(small))
    with django_assert_max_num_queries(60):
        client.get(edit_url(small))
    with django_assert_max_num_queries(60):
        client.get(edit_url(large))


def test_list_asks_the_same_for_one_row_and_three(cast: Cast, django_assert_max_num_queries: Any) -> None:
    """Seven are of every page of the admin: session, person, standing, profile, locales, permissions of pages and of
    collections; four are the list's: facets, count, rows, states."""
    client = cast.client("owner")
    factories.resource(cast.place, cast.owner)
    client.get(url(Resource, "list"))
    with django_assert_max_num_queries(12) as one:
        client.get(url(Resource, "list"))
    factories.resource(cast.place, cast.owner)
    factories.resource(cast.place, cast.owner)
    with django_assert_max_num_queries(12) as three:
        client.get(url(Resource, "list"))
    assert len(one) == len(three)


def test_publishing_a_course_of_18_lessons_asks_at_most_100_times(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    from cms.library.actions.going_live import go_live
    from cms.library.actions.sealing import seal_latest

    work = course(cast, lessons=18)
    seal = seal_latest(work, by=cast.owner)
    with django_assert_max_num_queries(100):
        go_live(seal, by=None)


@pytest.mark.parametrize(
    "bad",
    [
        {"lessons-0-id": ["abc"]},
        {"lessons-0-id": ["99999999999999999999"]},
        {"lessons-0-key": ["not a key"]},
        {"lessons-0-ORDER": ["x"]},
        {"lessons-TOTAL_FORMS": ["abc"]},
        {"lessons-TOTAL_FORMS": ["5"], "lessons-INITIAL_FORMS": ["5"]},
        {"lessons-INITIAL_FORMS": ["99"]},
        {"lessons-0-minutes": ["1e9"]},
        {"overwrite_revision_id": ["abc"]},
        {"overwrite_revision_id": ["99999"]},
        {"title": ["字" * 400]},
        {"tags": ["字" * 400]},
        {"body": ["{broken"]},
        {"body": ["[1]"]},
        {"lessons-0-task_sheet": ["{}"]},
        {"licence": ["none of ours"]},
    ],
    ids=lambda bad: "+".join(bad),
)
def test_bad_input_never_breaks_the_page(cast: Cast, bad: dict[str, list[str]]) -> None:
    work = course(cast, lessons=2)
    client = cast.client("owner")
    data = open_form(client, edit_url(work))
    before = keys(work)
    for response in (client.post(edit_url(work), {**data, **bad}), autosave(client, edit_url(work), {**data, **bad})):
        assert response.status_code < 500
    assert before[0] in keys(work) or "lessons-0-key" in bad


@pytest.mark.parametrize(
    ("kind", "children", "most"), [(MicroCourse, "lessons", MOST_LESSONS), (CaseStudy, "parts", MOST_PARTS)]
)
@pytest.mark.parametrize("said", ["99999999999", "5000"])
def test_number_that_is_sent_makes_no_page_of_megabytes(
    cast: Cast, kind: type[Work], children: str, most: int, said: str
) -> None:
    client = cast.client("owner")
    address = url(kind, "add")
    data = {**open_form(client, address), f"{children}-TOTAL_FORMS": [said], f"{children}-INITIAL_FORMS": [said]}
    answer = client.post(address, data)
    assert answer.status_code == 200
    assert f"最多 {most} 项" in answer.content.decode()
    (formset,) = answer.context["form"].formsets.values()
    assert len(formset.forms) == most
    assert not Work.objects.exists()
