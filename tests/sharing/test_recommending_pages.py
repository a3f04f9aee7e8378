"""Recommending on the site and over the API: what editors see, what is refused in words, who finds nothing."""

import re
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client

from cms.organisations.actions import add_organisation
from cms.outbox.worker import drain
from cms.spaces.models import Audience
from cms.taxonomy.models import Stage
from tests import factories
from tests.api.test_chain_over_api import Caller
from tests.browsing import queries_of, signed_in
from tests.factories.province import Province
from workflows.sharing.actions import recall_share, recommend
from workflows.sharing.models import Recommendation, Share

pytestmark = pytest.mark.django_db

RECORDS = "/sharing/recommendations/"


def address_of(share: Share) -> str:
    return f"{share.work.get_absolute_url()}recommend/"


def posted(place: Province, **more: Any) -> dict[str, Any]:
    return {
        "organisation": place.county.pk,
        "readers": "teacher",
        "subject": place.subject.pk,
        "words": "好课",
        "sure": "1",
        **more,
    }


def test_editor_recommends_from_the_work_page_and_the_inbox_says_who_and_why() -> None:
    place = factories.province()
    reader, share = factories.teacher(place), factories.shared(place)
    client = signed_in(factories.person("editor", place.county))
    assert f'href="{address_of(share)}"' in client.get(share.work.get_absolute_url()).content.decode()
    answer = client.post(address_of(share), posted(place), follow=True)
    assert "已推荐给西湖区 · 教师 · 数学，2 人会在收件箱里看到" in answer.content.decode()  # the author is one
    drain()
    assert "西湖区推荐：好课" in signed_in(reader).get("/space/inbox/").content.decode()
    page = client.get(RECORDS).content.decode()
    assert all(words in page for words in (share.work.title, "给 西湖区 · 教师 · 数学", "“好课”"))
    row = Recommendation.objects.get()
    withdrawing = f"{RECORDS}{row.uuid}/withdraw/"
    assert f'href="{withdrawing}"' in page
    asked = client.get(withdrawing).content.decode()
    assert f"不再把《{share.work.title}》推荐给 西湖区 · 教师 · 数学？" in asked
    assert "这 2 人的收件箱" in asked
    assert "西湖区推荐：好课" in signed_in(reader).get("/space/inbox/").content.decode()
    for _twice in range(2):
        assert client.post(withdrawing, {"next": "//evil.example"}).headers["Location"] == RECORDS
    assert client.get(withdrawing).headers["Location"] == RECORDS
    assert "西湖区推荐" not in signed_in(reader).get("/space/inbox/").content.decode()
    assert "撤回" in client.get(RECORDS).content.decode()


def test_nothing_is_chosen_beforehand_and_what_is_sent_is_asked_once_with_its_number() -> None:
    """At first the widest organisation was chosen: one press reached a province."""
    place = factories.province()
    author, _reader = factories.teacher(place), factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, title="《赵州桥》教学设计"))
    client = signed_in(factories.person("editor", place.county))
    assert not re.search(r'name="organisation" value="\d+" checked', client.get(address_of(share)).content.decode())
    choice = {name: value for name, value in posted(place).items() if name != "sure"}
    page = client.post(address_of(share), choice)
    assert page.status_code == 200
    asked = page.content.decode()
    assert "把《〈赵州桥〉教学设计》推荐给这些人？" in asked
    assert "将送到 西湖区 · 教师 · 数学，约 2 人" in asked
    assert "推荐给这 2 人" in asked
    assert not Recommendation.objects.exists()
    assert not Audience.objects.exists()
    sent = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', asked))
    changed = client.post(address_of(share), {**sent, "look": "1"}).content.decode()
    assert f'value="{place.county.pk}" checked' in changed
    assert 'value="好课"' in changed
    assert client.post(address_of(share), {**sent, "sure": "1"}).status_code == 302
    assert Recommendation.objects.get().words == "好课"


def test_only_organisation_one_may_recommend_to_is_chosen() -> None:
    place = factories.province()
    share = factories.shared(place)
    page = signed_in(factories.person("editor", place.school)).get(address_of(share)).content.decode()
    assert f'value="{place.school.pk}" checked' in page


def test_number_is_said_while_one_chooses() -> None:
    place = factories.province()
    share = factories.shared(place)
    client = signed_in(factories.person("editor", place.county), headers={"HX-Request": "true"})
    for data, said in (
        ({"organisation": ""}, "选好机构和对象"),
        ({}, "将送到 西湖区 · 教师 · 数学，约 1 人"),
        ({"subject": place.other_subject.pk}, "现在还没有符合的人"),
        ({"readers": "pupil"}, "学生不分学科"),
    ):
        part = client.post(address_of(share), posted(place, count="1", sure="", **data)).content.decode()
        assert said in part
        assert "<html" not in part
    assert not Recommendation.objects.exists()


def test_double_click_is_one_recommendation_and_a_colleague_gets_a_sentence() -> None:
    place = factories.province()
    share = factories.shared(place)
    client = signed_in(factories.person("editor", place.county))
    for _time in range(2):
        assert client.post(address_of(share), posted(place)).status_code == 302
    answer = signed_in(factories.person("publisher", place.county)).post(address_of(share), posted(place))
    assert answer.status_code == 400
    assert "西湖区已经把这件作品推荐给这些人了" in answer.content.decode()
    assert Recommendation.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"organisation": ""}, "请选择一个机构"),
        ({"organisation": "x"}, "没有这个机构"),
        ({"organisation": "9" * 30}, "没有这个机构"),
        ({"organisation": "\x00"}, ""),
        ({"organisation": "outside"}, "没有这个机构"),
        ({"readers": "operator"}, ""),
        ({"subject": "99999"}, ""),
        ({"words": "长" * 10_000}, "100"),
        ({"words": "坏\x00字"}, ""),
        ({"readers": "pupil"}, "学生不分学科"),
        ({"stage": "junior"}, "不属于这个学段"),
    ],
)
def test_bad_input_is_refused_in_words_and_keeps_what_was_typed(given: dict[str, str], said: str) -> None:
    place = factories.province()
    share = factories.shared(place)
    junior = Stage.objects.create(code="junior", name="初中", sector="basic", order=3)
    real = {"outside": str(place.city.pk), "junior": str(junior.pk)}
    data = posted(place, **{name: real.get(value, value) for name, value in given.items()})
    answer = signed_in(factories.person("editor", place.county)).post(address_of(share), data)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Recommendation.objects.exists()


def test_empty_post_and_search_for_an_organisation_write_nothing() -> None:
    place = factories.province()
    for number in range(25):
        add_organisation(
            parent=place.county, tier="school", name=f"翠苑第{number}小学", code=f"33010601{number:02}", sector="basic",
            school_type="primary-6",
        )  # fmt: skip
    share = factories.shared(place)
    client = signed_in(factories.person("editor", place.county))
    assert client.post(address_of(share), {}).status_code == 400
    look = posted(place, look="1", find="翠苑", words="写到一半")
    page = client.post(address_of(share), look).content.decode()
    assert page.count("翠苑第") == 20
    assert "还有更多" in page
    assert 'value="写到一半"' in page
    assert f'value="{place.county.pk}" checked' in page
    part = client.post(address_of(share), {**look, "find": "翠苑第7"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert part.count("翠苑第") == 1
    for find in ("运河", "%", "_", "\x00", "没有的学校", "x" * 10_000):  # 运河 is in the next county
        part = client.post(address_of(share), {**look, "find": find}, headers={"HX-Request": "true"}).content.decode()
        assert "没有找到" in part or find == "\x00"
        assert "运河小学" not in part
    assert not Recommendation.objects.exists()


def test_pages_are_not_found_by_whoever_recommends_nothing() -> None:
    place = factories.province()
    author, pupil = factories.teacher(place), factories.pupil(place)
    share = factories.shared(place, author)
    editor = factories.person("editor", place.county)
    row = recommend(share.work, organisation=place.county, by=editor)
    strangers = [
        author, pupil, factories.parent(place, pupil), factories.teacher(place),
        factories.person("administrator", place.county), factories.person("expert", place.county),
        factories.person("editor", place.other_county), factories.person("publisher", place.other_county),
    ]  # fmt: skip
    for user in strangers:
        client = signed_in(user)
        addresses = [address_of(share), f"{RECORDS}{row.uuid}/withdraw/"]
        for answer in [client.post(address, posted(place)) for address in addresses] + [client.get(addresses[0])]:
            assert answer.status_code == 404
        page = client.get(share.work.get_absolute_url()).content.decode()
        assert address_of(share) not in page
        records = client.get(RECORDS)
        assert records.status_code == 404 or share.work.title not in records.content.decode()
    assert Client().get(address_of(share)).status_code == 302
    assert signed_in(editor).get(f"/works/{uuid4()}/recommend/").status_code == 404
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_share_recalled_meanwhile_is_said() -> None:
    place = factories.province()
    share = factories.shared(place)
    school = factories.person("editor", place.school)  # sees it because its school wrote it
    recall_share(share, by=share.shared_by, reason="教材改版")
    assert f'href="{address_of(share)}"' not in signed_in(school).get(share.work.get_absolute_url()).content.decode()
    answer = signed_in(school).post(address_of(share), posted(place, organisation=place.school.pk))
    assert answer.status_code == 400
    assert "请先共享，再推荐" in answer.content.decode()
    gone = signed_in(factories.person("editor", place.county)).post(address_of(share), posted(place))
    assert gone.status_code == 404


def test_audience_that_may_not_see_it_is_refused_with_what_to_do() -> None:
    place = factories.province()
    share = factories.shared(place)
    answer = signed_in(factories.person("publisher", place.city)).post(
        address_of(share), posted(place, organisation=place.city.pk)
    )
    assert "杭州市的人还看不到这件作品。请先把它共享到那里" in answer.content.decode()


@pytest.mark.parametrize("path", [RECORDS, "/", "work", "recommend"])
def test_pages_cost_the_same_with_one_and_with_three(path: str) -> None:
    place = factories.province()
    editor = factories.person("editor", place.county)
    first = factories.shared(place)
    address = {"work": first.work.get_absolute_url(), "recommend": address_of(first)}.get(path, path)
    counts = []
    steps: list[list[dict[str, Any]]] = [[{}], [{"grade": place.grade}, {"stage": place.stage}]]
    for step in steps:
        for more in step:
            recommend(first.work, organisation=place.county, by=editor, **more)
        counts.append(queries_of(signed_in(editor), address))
    assert counts[0] == counts[1]
    assert counts[0] <= (
        23 if path == "/" else 16
    )  # the home page has many sections, and every page says what is unread


def test_pages_are_shown_in_english_and_escape_what_was_typed() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, title="<script>alert(1)</script>课"))
    editor, reader = factories.person("editor", place.county), factories.teacher(place)
    recommend(share.work, organisation=place.county, by=editor, words="<img src=x onerror=alert(2)>\u2028\ud800")
    drain()
    for user, address in ((editor, RECORDS), (editor, address_of(share)), (editor, "/"), (reader, "/space/inbox/")):
        page = signed_in(user, headers={"accept-language": "en"}).get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page


def test_recommending_over_the_api_follows_the_same_rules() -> None:
    place = factories.province()
    share = factories.shared(place)
    editor = factories.person("editor", place.county)
    api = Caller(editor)
    body = {"work": str(share.work.uuid), "organisation": "330106", "subject": place.subject.pk, "words": "好课"}
    made = api.post("/recommendations", body)
    assert (made.status_code, made.json()["audience"]) == (201, "西湖区 · 教师 · 数学")
    assert api.post("/recommendations", body).json()["uuid"] == made.json()["uuid"]
    listed = api.get("/recommendations").json()
    assert (listed["total"], listed["items"][0]["reaches_them"]) == (1, True)
    refused: dict[int, list[dict[str, Any]]] = {
        409: [{"words": "换一句"}],
        404: [{"organisation": "999999"}, {"organisation": "\x00"}, {"work": str(uuid4())}, {"subject": 99999}],
        422: [
            {"organisation": "330100"}, {"words": "长" * 10_000}, {"readers": "operator"}, {"subject": 2**80},
            {"readers": "pupil"}, {"work": "x"}, {"organisation": "x" * 41},
        ],
    }  # fmt: skip
    for status, changes in refused.items():
        for change in changes:
            answer = api.post("/recommendations", {**body, **change})
            assert (answer.status_code, bool(answer.json()["message"])) == (status, True), change
    assert (
        api.post("/recommendations", {**body, "subject": None, "words": "a\x01b\n\u202ec"}).json()["words"] == "a b c"
    )
    drain()
    reader = factories.teacher(place)
    space = Caller(reader).get("/spaces").json()[0]["uuid"]
    drain()
    line = Caller(reader).get(f"/spaces/{space}/inbox").json()["items"][0]
    assert (line["reason"], line["recommended"][-1]) == ("recommended", {"by": "西湖区", "words": "好课"})
    taken = api.post(f"/recommendations/{made.json()['uuid']}/withdraw", {})
    assert taken.json()["withdrawn_at"]
    for user in (reader, factories.pupil(place), factories.person("editor", place.other_county)):
        other = Caller(user)
        assert other.post("/recommendations", body).status_code == 404
        assert other.post(f"/recommendations/{made.json()['uuid']}/withdraw", {}).status_code == 404
    assert Caller(reader).get("/recommendations").status_code == 404
    assert Caller(None).post("/recommendations", body).status_code == 401


def test_who_shares_finds_the_pages_of_sharing_in_the_menu_and_from_each_other() -> None:
    place = factories.province()
    publisher, editor = factories.person("publisher", place.county), factories.person("editor", place.county)
    page = signed_in(publisher).get(RECORDS).content.decode()
    assert page.count('href="/sharing/"') == 2  # menu and tab
    assert f'<a href="{RECORDS}" aria-current="page">' in page
    page = signed_in(editor).get(RECORDS).content.decode()
    assert 'href="/sharing/"' not in page  # which is not theirs
    assert page.count(f'href="{RECORDS}"') == 1
    assert "/sharing/" not in signed_in(factories.teacher(place)).get("/me/").content.decode()


def test_records_name_a_work_as_it_was_recommended() -> None:
    """Editors see the records of what they may see no longer, and nothing newer of it."""
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, title="推荐时的名字"))
    editor = factories.person("editor", place.county)
    row = recommend(share.work, organisation=place.county, by=editor)
    recall_share(share, by=share.shared_by, reason="教材改版")
    factories.renamed(place, share.work, "只给本校看的名字")
    client, caller = signed_in(editor), Caller(editor)
    for page in (RECORDS, f"{RECORDS}{row.uuid}/withdraw/"):
        shown = client.get(page).content.decode()
        assert "推荐时的名字" in shown
        assert "只给本校看的名字" not in shown
    assert [item["title"] for item in caller.get("/recommendations").json()["items"]] == ["推荐时的名字"]
    said = client.post(f"{RECORDS}{row.uuid}/withdraw/", follow=True).content.decode()
    assert "已撤回：《推荐时的名字》" in said
    assert "只给本校看的名字" not in said


def test_records_of_before_are_given_the_title_that_was_live_then() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, title="推荐时的名字"))
    recommend(share.work, organisation=place.county, by=factories.person("editor", place.county))
    factories.renamed(place, share.work, "后来的名字")
    Recommendation.objects.update(title="")
    import_module("workflows.sharing.migrations.0003_titles_of_then").fill_in(apps, None)
    assert Recommendation.objects.get().title == "推荐时的名字"
