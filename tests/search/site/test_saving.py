"""A person saves, opens and deletes searches; nobody else sees them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.people.models import User
from cms.people.tokens import issue_token
from cms.taxonomy.models import Chapter
from search.errors import NoLongerSaved, NothingToSave, TooManySaved
from search.models import SavedSearch
from search.saved.actions import MOST_SAVED, forget_search, rename_search, save_search, saved_by
from search.saved.following import MOST_FOLLOWED, follow_search
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return factories.teacher(factories.province())


@pytest.fixture
def client(person: User) -> Client:
    made = Client()
    made.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return made


def test_a_saved_search_leads_back_to_the_search(client: Client, person: User) -> None:
    answer = client.post(
        "/search/saved/add/", {"query": "q=三年级 分数&kind=resource&kind=case_study&plain=三年级&page=3"}
    )
    kept = SavedSearch.objects.get()
    assert (kept.user, kept.name, kept.text) == (person, "三年级 分数", "三年级 分数")
    assert (kept.chosen, kept.plain) == ({"kind": ["case_study", "resource"]}, ["三年级"])
    assert answer.status_code == 302
    assert answer["Location"] == f"/search/?{kept.query}"
    page = client.get("/search/saved/")
    assert kept.query.replace("&", "&amp;") in page.content.decode()
    assert client.get(answer["Location"]).status_code == 200


def test_the_same_search_is_saved_once(person: User) -> None:
    first = save_search(person, " 分数 ", chosen={"grade": ["2", "1"]})
    assert save_search(person, "分数", chosen={"grade": ["1", "2", "1"], "unknown": ["x"]}) == first
    assert saved_by(person).count() == 1


def test_order_is_saved_and_the_last_one_holds(client: Client, person: User) -> None:
    for sort in ("newest", "nonsense", "most_adopted"):
        client.post("/search/saved/add/", {"query": f"q=浮力&sort={sort}"})
    kept = SavedSearch.objects.get()

    assert kept.sort == "most_adopted"
    assert client.get(f"/search/?{kept.query}").context["result"].query.sort == "most_adopted"


def test_a_search_is_renamed(client: Client, person: User) -> None:
    kept = save_search(person, "浮力", chosen={})
    for name, called, said in (
        ("  初二 浮力  ", "初二 浮力", "现在叫“初二 浮力”。"),
        (" ", "初二 浮力", "请写一个看得见的名称。"),
        ("\u200b", "初二 浮力", "请写一个看得见的名称。"),
        ("\x00" * 70, "\ufffd" * 60, "现在叫"),
    ):
        page = client.post(f"/search/saved/{kept.uuid}/rename/", {"name": name}, follow=True)
        kept.refresh_from_db()
        assert kept.name == called
        assert said in page.content.decode()
    other = save_search(factories.person("teacher", person.memberships.get().organisation), "电路", chosen={})

    assert client.post(f"/search/saved/{other.uuid}/rename/", {"name": "我的"}).status_code == 404


def test_searches_are_their_owners_alone(client: Client, person: User) -> None:
    other = factories.person("teacher", person.memberships.get().organisation)
    kept = save_search(other, "别人的浮力", chosen={})
    assert "别人的浮力" not in client.get("/search/saved/").content.decode()
    assert client.post(f"/search/saved/{kept.uuid}/forget/").status_code == 404
    assert not forget_search(person, str(kept.uuid))
    assert SavedSearch.objects.filter(pk=kept.pk).exists()


def test_a_search_is_deleted(client: Client, person: User) -> None:
    kept = save_search(person, "分数", chosen={})
    assert client.post(f"/search/saved/{kept.uuid}/forget/").status_code == 302
    assert not saved_by(person).exists()
    assert client.get(f"/search/saved/{kept.uuid}/forget/").status_code == 405


def test_visitors_are_asked_to_sign_in() -> None:
    assert Client().get("/search/saved/").status_code == 302
    assert Client().post("/search/saved/add/", {"query": "q=分数"}).status_code == 302
    assert not SavedSearch.objects.exists()


def test_nothing_and_too_many_are_refused_with_a_sentence(client: Client, person: User) -> None:
    for nothing in ("", " ", "\u200b", "？！…"):
        with pytest.raises(NothingToSave):
            save_search(person, nothing, chosen={"unknown": ["1"], "grade": [""]})
    for number in range(MOST_SAVED):
        save_search(person, f"分数 {number}", chosen={})
    with pytest.raises(TooManySaved):
        save_search(person, "分数", chosen={})
    for query in ("", "q=%00", "q=分数", "=&&==", "q=" + "x" * 20_000, "grade=" + "1&grade=" * 500):
        assert client.post("/search/saved/add/", {"query": query}, follow=True).status_code == 200
    assert saved_by(person).count() == MOST_SAVED


def test_bad_text_is_stored_harmlessly(person: User) -> None:
    kept = save_search(person, "浮力\x00\ud800" + "长" * 500, chosen={"tag": ["\x00\ud800" * 300]}, plain=["\ud800"])
    kept.refresh_from_db()
    assert len(kept.text) <= 200
    assert len(kept.name) <= 60
    assert "\ud800" not in kept.query


def test_saved_searches_over_the_api(person: User) -> None:
    _token, secret = issue_token(person, name="test")
    asked: dict[str, Any] = {"headers": {"Authorization": f"Bearer {secret}"}, "content_type": "application/json"}
    client = Client()
    assert client.get("/api/v1/search/saved").status_code == 401
    made = client.post("/api/v1/search/saved", {"q": "分数", "chosen": {"kind": ["resource"]}}, **asked)
    assert (made.status_code, made.json()["query"]) == (201, "q=%E5%88%86%E6%95%B0&kind=resource")
    assert client.post("/api/v1/search/saved", {"q": " "}, **asked).status_code == 422
    assert [one["name"] for one in client.get("/api/v1/search/saved", **asked).json()] == ["分数"]
    uuid = made.json()["uuid"]
    assert client.delete(f"/api/v1/search/saved/{uuid}", **asked).status_code == 204
    assert client.delete(f"/api/v1/search/saved/{uuid}", **asked).status_code == 404


def test_renaming_over_the_api(person: User) -> None:
    kept = save_search(person, "浮力", chosen={}, sort="newest")
    _token, secret = issue_token(person, name="test")
    asked: dict[str, Any] = {"headers": {"Authorization": f"Bearer {secret}"}, "content_type": "application/json"}
    url = f"/api/v1/search/saved/{kept.uuid}"

    answer = Client().patch(url, {"name": "初二"}, **asked)
    assert (answer.status_code, answer.json()["name"]) == (200, "初二")
    assert answer.json()["query"].endswith("sort=newest")
    for nothing in ("", "  ", "\u200b"):
        assert Client().patch(url, {"name": nothing}, **asked).status_code == 422
    SavedSearch.objects.filter(pk=kept.pk).delete()
    with pytest.raises(NoLongerSaved):  # while the name was typed
        rename_search(kept, "初三")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"q":' + b"1" * 6_000 + b"}"])
def test_a_body_that_is_no_json_is_refused_with_a_sentence(person: User, body: bytes) -> None:
    _token, secret = issue_token(person, name="test")
    headers = {"Authorization": f"Bearer {secret}"}
    answer = Client().generic("POST", "/api/v1/search/saved", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")
    assert "JSON" in answer.json()["message"]


def test_searches_of_the_same_words_are_told_apart(client: Client, person: User) -> None:
    save_search(person, "数学", chosen={})
    save_search(person, "数学", chosen={"kind": ["resource"], "tag": ["公开课"], "subject": ["999999"]}, plain=["三上"])

    page = client.get("/search/saved/").content.decode()

    assert page.count(">数学</a>") == 2
    assert page.count("教学资源 · 已不存在的选项 · 公开课 · “三上”只当词语") == 1


def test_list_of_searches_costs_the_same_with_one_and_with_three(
    client: Client, person: User, django_assert_num_queries: Any
) -> None:
    chapters = list(Chapter.objects.values_list("pk", flat=True)[:3])

    def save(number: int) -> None:
        save_search(person, f"分数{number}", chosen={"chapter": [str(chapters[0])], "year": [str(2020 + number)]})

    save(1)
    client.get("/search/saved/")
    with CaptureQueriesContext(connection) as one:
        client.get("/search/saved/")
    save(2)
    save(3)
    with django_assert_num_queries(len(one)):
        client.get("/search/saved/")


def test_a_search_without_words_is_named_by_its_conditions(client: Client, person: User) -> None:
    place = person.memberships.get().organisation
    subject = Chapter.objects.all()[0].textbook.subject
    asked = f"subject={subject.pk}&kind=resource&organisation={place.pk}"
    page = client.post("/search/saved/add/", {"query": asked}, follow=True).content.decode()
    kept = SavedSearch.objects.get()
    assert kept.name == f"教学资源 · {subject.name} · {place.name}"
    assert f"已保存“{kept.name}”。" in page
    assert client.get("/search/saved/").content.decode().count(kept.name + "<") == 1  # not as conditions once more
    client.post("/search/saved/add/", {"query": "kind=case_study"}, headers={"accept-language": "en"})
    assert saved_by(person)[0].name == "Case study"
    many = save_search(person, "", chosen={"tag": [f"第{number}个标签" for number in range(20)]})
    assert len(many.name) <= 60
    assert many.name.endswith("…")


def test_after_saving_the_way_on_stands_beside_what_was_done(client: Client, person: User) -> None:
    page = client.post("/search/saved/add/", {"query": "q=浮力"}, follow=True).content.decode()
    kept = SavedSearch.objects.get()
    message = page[page.index('<div class="messages" role="status">') : page.index('id="search-results"')]
    assert 'href="/search/saved/"' in message
    assert f'action="/search/saved/{kept.uuid}/follow/"' in message
    again = client.post("/search/saved/add/", {"query": "q= 浮力 "}, follow=True).content.decode()
    assert "这个搜索已经保存过了，叫“浮力”。" in again
    assert saved_by(person).count() == 1


@pytest.mark.parametrize("address", ["/", "/space/interests/"])
def test_the_list_is_reached_from_the_menu_and_beside_interests(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert page.count('href="/search/saved/"') == (1 if address == "/" else 2)


def test_a_deleted_search_is_named_and_can_be_brought_back(client: Client, person: User) -> None:
    kept = save_search(person, "浮力", chosen={"kind": ["resource"]}, plain=["浮力"], sort="newest", name="初二")
    follow_search(kept)
    before = (*SavedSearch.objects.values_list("uuid", "name", "text", "chosen", "plain", "sort", "created_at"),)
    save_search(person, "电路", chosen={})
    page = client.post(f"/search/saved/{kept.uuid}/forget/", follow=True).content.decode()
    undo = f"/search/saved/{kept.uuid}/restore/"
    assert "已删除“初二”。" in page
    assert f'action="{undo}"' in page
    assert not SavedSearch.objects.filter(uuid=kept.uuid).exists()

    assert "“初二”回来了。" in client.post(undo, follow=True).content.decode()
    back = SavedSearch.objects.filter(uuid=kept.uuid)
    assert (*back.values_list("uuid", "name", "text", "chosen", "plain", "sort", "created_at"),) == before
    assert back.get().followed
    assert [one.text for one in saved_by(person)] == ["电路", "浮力"]  # in its old place
    again = client.post(undo, follow=True)  # a second click
    assert (again.status_code, list(again.context["messages"])) == (200, [])
    assert saved_by(person).count() == 2


def test_what_is_back_and_cannot_be_followed_any_more_is_told_so(client: Client, person: User) -> None:
    kept = save_search(person, "浮力", chosen={})
    follow_search(kept)
    client.post(f"/search/saved/{kept.uuid}/forget/")
    for number in range(MOST_FOLLOWED):
        follow_search(save_search(person, f"电路{number}", chosen={}))
    page = client.post(f"/search/saved/{kept.uuid}/restore/", follow=True).content.decode()
    assert "“浮力”回来了。" in page
    assert "最多关注 5 个保存的搜索" in page
    assert not SavedSearch.objects.get(uuid=kept.uuid).followed


def test_only_who_deleted_a_search_brings_it_back(client: Client, person: User) -> None:
    other = factories.person("teacher", person.memberships.get().organisation)
    kept = save_search(other, "别人的浮力", chosen={})
    forget_search(other, str(kept.uuid))
    page = client.post(f"/search/saved/{kept.uuid}/restore/", follow=True).content.decode()
    assert "已经不能撤销了" in page
    assert not SavedSearch.objects.exists()


def test_what_was_saved_anew_meanwhile_is_not_brought_back_twice(client: Client, person: User) -> None:
    kept = save_search(person, "浮力", chosen={})
    client.post(f"/search/saved/{kept.uuid}/forget/")
    save_search(person, "浮力", chosen={})
    client.post(f"/search/saved/{kept.uuid}/restore/")
    assert saved_by(person).count() == 1
