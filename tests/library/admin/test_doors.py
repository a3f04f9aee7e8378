"""Every admin address of every kind, asked by everybody: a new view of Wagtail fails here until it is closed."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from cms.library.models import KINDS, Work
from cms.library.viewsets.addresses import viewset_of
from tests import factories
from tests.library.admin.conftest import Cast, draft

READ = {"owner", "coauthor", "administrator", "reviewer"}
WRITE = {"owner", "coauthor"}
DOORS: dict[str, set[str]] = {
    "edit": WRITE,
    "delete": {"owner"},
    "history": READ,
    "history_results": READ,
    "preview_on_edit": WRITE,
    "revisions_view": READ,
    "revisions_revert": WRITE,
    "revisions_compare": READ,
}
"""Each address of one work and who may open it while the school reviews it (delete: before)."""

LISTS = {"list", "list_results", "add", "preview_on_add"}
CLOSED = {"usage", "copy", "reorder", "lock", "unlock", "unpublish", "revisions_unschedule", "inspect"}
EVERYBODY = ("owner", "coauthor", "colleague", "reviewer", "administrator", "stranger", "superuser")


def address(work: Work, name: str) -> str:
    """The address of one view of this work, with its newest revision where one is named."""
    viewset = viewset_of(type(work))
    pattern = next(p for p in viewset.get_urlpatterns() if p.name == name)
    revisions = list(work.revisions.order_by("pk").values_list("pk", flat=True))
    if name == "revisions_compare":
        arguments: tuple[Any, ...] = (work.pk, revisions[-1], "latest")
    elif "revision_id" in str(pattern.pattern):
        arguments = (work.pk, revisions[-1])
    else:
        arguments = (work.pk,)
    return reverse(viewset.get_url_name(name), args=arguments)


def latest(work: Work) -> str:
    return str(work.get_latest_revision_as_object().title)


@pytest.mark.parametrize("kind", list(KINDS))
def test_doors_are_all_known(kind: str) -> None:
    patterns = viewset_of(KINDS[kind]).get_urlpatterns()
    assert {pattern.name for pattern in patterns} == LISTS | set(DOORS)


@pytest.mark.parametrize("kind", list(KINDS))
def test_doors_that_go_round_review_are_dropped(kind: str) -> None:
    for name in CLOSED:
        with pytest.raises(NoReverseMatch):
            reverse(viewset_of(KINDS[kind]).get_url_name(name), args=(1,))


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(DOORS) - {"delete"}))
@pytest.mark.parametrize("kind", list(KINDS))
def test_doors_open_for_those_who_may_and_for_nobody_else(cast: Cast, kind: str, name: str) -> None:
    work = draft(cast, kind)
    if kind == "resource":  # other kinds lack something; the rule is the same
        factories.at_school_review(cast.place, cast.owner, work)
    readers = DOORS[name] if kind == "resource" else DOORS[name] - {"reviewer"}
    url, title = address(work, name), latest(work)
    for who in EVERYBODY:
        response = cast.client(who).get(url)
        if who in readers:
            assert response.status_code == 200, (who, url)
        else:
            assert response.status_code == 404, (who, url)
            assert title not in response.content.decode(), (who, url)


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["9" * 20, "0", "-1", "x"])
@pytest.mark.parametrize("name", ["edit", "delete", "history", "preview_on_edit"])
def test_doors_to_what_is_no_number_of_a_work_are_not_there(cast: Cast, name: str, number: str) -> None:
    for kind in KINDS.values():
        url = reverse(viewset_of(kind).get_url_name(name), args=(number,))
        assert cast.client("owner").get(url).status_code == 404, url


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(KINDS))
def test_delete_is_for_the_owner_of_a_draft_alone(cast: Cast, kind: str) -> None:
    work = draft(cast, kind)
    url = address(work, "delete")
    for who in EVERYBODY:
        assert cast.client(who).get(url).status_code == (200 if who == "owner" else 404), who
        if who != "owner":
            assert cast.client(who).post(url).status_code == 404
    assert cast.client("owner").post(url).status_code == 302
    assert not Work.objects.filter(pk=work.pk).exists()


@pytest.mark.django_db
def test_delete_of_a_sealed_work_is_not_there(cast: Cast) -> None:
    work = draft(cast, "resource")
    factories.at_school_review(cast.place, cast.owner, work)
    assert cast.client("owner").post(address(work, "delete")).status_code == 404
    assert Work.objects.filter(pk=work.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(KINDS))
def test_lists_show_only_what_one_may_read(cast: Cast, kind: str) -> None:
    work = draft(cast, kind)
    viewset = viewset_of(type(work))
    shown = {"owner", "coauthor", "administrator"}
    for name in ("list", "list_results"):
        for who in EVERYBODY:
            response = cast.client(who).get(reverse(viewset.get_url_name(name)), {"q": "分数"})
            assert response.status_code == 200, who
            assert (latest(work) in response.content.decode()) == (who in shown), (who, name)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(KINDS))
def test_add_is_for_those_who_may_begin_a_work(cast: Cast, kind: str) -> None:
    url = reverse(viewset_of(KINDS[kind]).get_url_name("add"))
    for who in EVERYBODY:
        expected = 302 if who in ("administrator", "superuser") else 200
        assert cast.client(who).get(url).status_code == expected, who


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(KINDS))
def test_bulk_delete_is_not_there(cast: Cast, kind: str) -> None:
    work = draft(cast, kind)
    url = reverse("wagtail_bulk_action", args=("library", work._meta.model_name, "delete"))
    for who in EVERYBODY:
        for response in (cast.client(who).get(f"{url}?id={work.pk}"), cast.client(who).post(f"{url}?id={work.pk}")):
            assert response.status_code == 404
            assert latest(work) not in response.content.decode()
    assert Work.objects.filter(pk=work.pk).exists()


def test_choosers_of_works_do_not_exist() -> None:
    """A chooser would list works to whoever opens it."""
    for kind in KINDS.values():
        with pytest.raises(NoReverseMatch):
            reverse(f"wagtailsnippetchoosers_library_{kind._meta.model_name}:choose")


@pytest.mark.django_db
def test_editing_session_ping_is_closed_to_strangers(cast: Cast) -> None:
    work = draft(cast, "resource")
    url = reverse("wagtailadmin_editing_sessions:ping", args=("library", "resource", work.pk, 1))
    assert cast.client("owner").post(url).status_code == 200
    for who in ("colleague", "reviewer", "administrator", "stranger", "superuser"):
        assert cast.client(who).post(url).status_code == 404, who


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["editing-sessions/ping/library/resource/abc/1/", f"editing-sessions/ping/library/work/{'9' * 24}/1/"],
)
def test_editing_session_of_what_is_no_number_is_not_found(cast: Cast, address: str) -> None:
    assert cast.client("owner").post(f"/admin/{address}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["embeds/chooser/", "embeds/chooser/upload/", "workflows/task_chooser/"])
def test_what_nothing_leads_to_is_not_there(cast: Cast, address: str) -> None:
    assert cast.client("owner").get(f"/admin/{address}").status_code == 404


@pytest.mark.django_db
def test_stranger_finds_the_title_on_no_page_of_the_admin(cast: Cast) -> None:
    """Not in the home page, not in reports, not in messages after a refused address."""
    work = draft(cast, "resource")
    client = cast.client("stranger")
    client.get(address(work, "edit"))
    for url in ("/admin/", "/admin/reports/site-history/", "/admin/reports/locked/"):
        assert latest(work) not in body(client, url)


def body(client: Client, url: str) -> str:
    return re.sub(r"\s+", " ", client.get(url, follow=True).content.decode())
