"""The other screens of the workbench: first page, menu, lists, co-authors, standards."""

from typing import Any

import pytest
from django.urls import reverse
from wagtail import hooks

from cms.audit.models import Entry
from cms.library.actions.authoring import add_coauthor, remove_coauthor
from cms.library.models import Coauthor, Resource, Standard
from cms.library.queries import standard_for
from cms.library.viewsets.states import WorkState
from cms.notices.actions import mark_read
from cms.notices.models import Notice
from tests import factories
from tests.library.admin.conftest import Cast, draft
from tests.library.admin.pages import edit_url, form_of, open_form, url

pytestmark = pytest.mark.django_db


def page(cast: Cast, who: str, address: str, **query: Any) -> str:
    return str(cast.client(who).get(address, query).content.decode())


# --- first page and menu


def test_home_shows_ones_own_works_and_nobody_elses(cast: Cast) -> None:
    work = draft(cast, "resource")
    assert work.title in page(cast, "owner", "/admin/")
    assert work.title in page(cast, "coauthor", "/admin/")
    for who in ("colleague", "stranger", "administrator", "superuser"):
        assert work.title not in page(cast, who, "/admin/")


def test_home_offers_to_begin_a_work_to_those_who_may(cast: Cast) -> None:
    address = url(Resource, "add")
    assert address in page(cast, "owner", "/admin/")
    assert f'href="{address}"' not in page(cast, "administrator", "/admin/")


def test_home_asks_the_same_for_one_work_and_three(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = cast.client("owner")
    factories.resource(cast.place, cast.owner)
    client.get("/admin/")
    with django_assert_max_num_queries(16) as one:
        client.get("/admin/")
    factories.resource(cast.place, cast.owner)
    factories.micro_course(cast.place, cast.owner)
    with django_assert_max_num_queries(16) as three:
        client.get("/admin/")
    assert len(one) == len(three)


def test_menu_of_a_teacher_holds_nothing_of_editors(cast: Cast) -> None:
    text = page(cast, "owner", "/admin/")
    for word in ("/admin/images/", "/admin/documents/", "/admin/reports/", "/admin/snippets/", "/admin/standards/"):
        assert word not in text
    assert "/admin/works/resource/" in text


# --- lists


def test_list_shows_state_told_by_a_higher_room(cast: Cast) -> None:
    work = draft(cast, "resource")

    def tell(states: dict[int, WorkState], works: Any, request: Any) -> None:
        states[work.pk] = WorkState("待专家评审", "expert_review")

    with hooks.register_temporarily("construct_work_states", tell):
        assert "待专家评审" in page(cast, "owner", url(work, "list"))


def test_list_filters_by_kind_of_resource_stage_and_progress(cast: Cast) -> None:
    one = factories.resource(cast.place, cast.owner, title="课件一", resource_type="courseware")
    two = factories.resource(cast.place, cast.owner, title="游戏二", resource_type="game", stage=None)
    listing = url(one, "list")
    for query, there, gone in (
        ({"resource_type": "game"}, two, one),
        ({"stage": cast.place.stage.pk}, one, two),
        ({"q": "游戏"}, two, one),
        ({"q": "浮力"}, None, one),
        ({"progress": "draft"}, one, None),
        ({"progress": "live"}, None, one),
    ):
        text = page(cast, "owner", listing, **query)
        assert there is None or there.title in text, query
        assert gone is None or gone.title not in text, query


@pytest.mark.parametrize("query", [{"stage": "x"}, {"progress": "none"}, {"p": "99"}, {"ordering": "owner__password"}])
def test_list_with_nonsense_in_its_address_is_still_a_list(cast: Cast, query: dict[str, str]) -> None:
    work = draft(cast, "resource")
    assert cast.client("owner").get(url(work, "list"), query).status_code in (200, 404)


def test_list_leads_readers_to_the_preview_and_authors_to_the_form(cast: Cast) -> None:
    work = draft(cast, "resource")
    assert edit_url(work) in page(cast, "owner", url(work, "list"))
    text = page(cast, "administrator", url(work, "list"))
    assert edit_url(work) not in text
    assert url(work, "revisions_view", work.pk, work.latest_revision_id) in text


# --- checklist


def test_checklist_names_what_is_missing_and_is_sent_again_with_each_autosave(cast: Cast) -> None:
    work = factories.micro_course(cast.place, cast.owner, lessons=2, summary="")
    client = cast.client("owner")
    text = client.get(edit_url(work)).content.decode()
    assert "微课程不少于 18 课时，现有 2 课时，还差 16 课时。" in text
    assert 'href="#id_summary"' in text
    data = form_of(text)
    answer = client.post(
        edit_url(work), {**data, "summary": "用折纸、分月饼两个活动，让三年级学生说出几分之一的含义。"},
        headers={"accept": "application/json"},
    ).json()  # fmt: skip
    assert 'href="#id_lessons"' in answer["html"]
    assert 'href="#id_summary"' not in answer["html"]


def test_higher_rooms_add_what_can_be_done_next(cast: Cast) -> None:
    work = draft(cast, "resource")

    class Submit:
        order = 10

        def render_html(self, parent_context: Any) -> str:
            return "提交校级审核按钮"

    def answer(components: list[Any], asked: Any, request: Any) -> None:
        assert asked.pk == work.pk
        assert request.user == cast.owner
        components.append(Submit())

    with hooks.register_temporarily("construct_work_actions", answer):
        assert "提交校级审核按钮" in page(cast, "owner", edit_url(work))


# --- co-authors


def coauthors_url(work: Any) -> str:
    return reverse("work_coauthors", args=(work.pk,))


def test_coauthors_are_added_by_user_name_within_the_province(cast: Cast) -> None:
    work = factories.resource(cast.place, cast.owner)
    stranger = cast.people["stranger"]
    response = cast.client("owner").post(coauthors_url(work), {"username": stranger.username})
    assert response.status_code == 302
    assert Coauthor.objects.filter(work=work, user=stranger).exists()
    assert cast.client("stranger").get(edit_url(work)).status_code == 200
    assert Entry.objects.filter(verb="work:add_coauthor").count() == 1


def test_who_is_named_a_coauthor_is_told_and_told_again_when_taken_off(cast: Cast) -> None:
    work, named = factories.resource(cast.place, cast.owner), cast.people["colleague"]
    add_coauthor(work, named, by=cast.owner)
    add_coauthor(work, named, by=cast.owner)
    (told,) = Notice.objects.filter(recipient=named)
    assert told.text == f"{cast.owner.name}把您列为《{work.title_inside}》的合作者。没有参与的话，可以在这里退出。"
    assert cast.client("colleague").get(told.url).status_code == 200
    remove_coauthor(work, named, by=cast.owner)
    assert not Notice.objects.filter(recipient=named).exists()  # who had not read it heard nothing of it

    add_coauthor(work, named, by=cast.owner)
    mark_read(named)
    remove_coauthor(work, named, by=cast.owner)
    last = Notice.objects.filter(recipient=named).latest("pk")
    assert last.text == f"{cast.owner.name}已把您从《{work.title_inside}》的合作者中移除。"

    add_coauthor(work, named, by=cast.owner)
    remove_coauthor(work, named, by=named)
    assert Notice.objects.filter(recipient=named, read_at=None).exclude(pk=last.pk).count() == 0


def test_coauthors_from_elsewhere_or_nowhere_get_one_answer(cast: Cast) -> None:
    from cms.organisations.actions import add_organisation

    other = add_organisation(parent=cast.place.nation, tier="province", name="江苏省", code="320000")
    abroad = factories.person("teacher", other)
    pupil = factories.pupil(cast.place)
    work = factories.resource(cast.place, cast.owner)
    for name in (abroad.username, pupil.username, "nobody", "", "x" * 999, "<script>"):
        response = cast.client("owner").post(coauthors_url(work), {"username": name})
        assert response.status_code == 200, name
        assert abroad.name not in response.content.decode()
        assert "<script>”" not in response.content.decode()
    assert not Coauthor.objects.exists()


def test_coauthors_are_changed_by_the_owner_and_left_by_themselves(cast: Cast) -> None:
    work = factories.resource(cast.place, cast.owner)
    coauthor, colleague = cast.people["coauthor"], cast.people["colleague"]
    add_coauthor(work, coauthor, by=cast.owner)
    add_coauthor(work, colleague, by=cast.owner)
    client = cast.client("coauthor")
    assert client.get(coauthors_url(work)).status_code == 200
    assert client.post(coauthors_url(work), {"username": cast.people["stranger"].username}).status_code == 404
    assert client.post(coauthors_url(work), {"remove": str(colleague.uuid)}).status_code == 404
    assert Coauthor.objects.filter(work=work).count() == 2
    assert client.post(coauthors_url(work), {"remove": str(coauthor.uuid)}).status_code == 302
    assert client.get(coauthors_url(work)).status_code == 404
    cast.client("owner").post(coauthors_url(work), {"remove": str(colleague.uuid)})
    cast.client("owner").post(coauthors_url(work), {"remove": "nonsense"})
    assert not Coauthor.objects.exists()


def test_coauthors_page_is_closed_to_others(cast: Cast) -> None:
    work = factories.resource(cast.place, cast.owner)
    for who in ("colleague", "reviewer", "administrator", "stranger", "superuser"):
        response = cast.client(who).get(coauthors_url(work))
        assert response.status_code == 404
        assert work.title not in response.content.decode()


# --- standards


def test_standards_get_a_next_version_and_the_old_one_stays(cast: Cast) -> None:
    client = cast.client("superuser")
    add = reverse("standards:add")
    data = open_form(client, f"{add}?kind=micro_course")
    assert data["min_lessons"] == ["18"]
    response = client.post(add, {**data, "min_lessons": "20", "note": "每学期二十课时"})
    assert response.status_code == 302
    standard = standard_for("micro_course")
    assert standard is not None
    assert (standard.version, standard.min_lessons, standard.lesson_video) == (2, 20, True)
    assert standard.created_by == cast.people["superuser"]
    assert Standard.objects.get(kind="micro_course", version=1).min_lessons == 18
    assert Entry.objects.filter(verb="standard:set").count() == 1
    assert "每学期二十课时" in page(cast, "superuser", reverse("standards:index"))


def test_standards_are_for_those_who_govern_the_province(cast: Cast) -> None:
    for who in ("owner", "reviewer", "administrator"):
        client = cast.client(who)
        assert client.get(reverse("standards:index")).status_code == 302
        client.post(reverse("standards:add"), {"kind": "resource", "min_files": "9", "in_force_from": "2026-01-01"})
    assert not Standard.objects.filter(min_files=9).exists()


def test_standards_have_no_address_that_changes_or_deletes_one(cast: Cast) -> None:
    standard = Standard.objects.first()
    assert standard is not None
    for name in ("edit", "delete", "copy", "history", "usage"):
        assert cast.client("superuser").post(f"/admin/standards/{name}/{standard.pk}/").status_code == 404
