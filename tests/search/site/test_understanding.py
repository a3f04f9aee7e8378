"""What was understood, from the words in the tables to the page and the API; editors' words count at once."""

import time
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_plus

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cms.outbox import worker
from cms.taxonomy.models import Grade, Subject
from search import vocabulary
from search.documents import documents_of, live
from search.finding import Result, find
from search.models import Alias, Synonym
from search.understanding.steps import Way
from search.vocabulary import lexicon
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


@pytest.fixture
def place() -> Province:
    made = factories.province()
    author = factories.teacher(made)
    for title in ("分数的初步认识", "浮力实验", "酸碱度的测定"):
        factories.shared(made, author, factories.resource(made, author, title=title), openly=True)
    worker.drain()
    return made


def chips(found: Result) -> dict[str, str]:
    return {chip.name: chip.text for chip in found.understood}


def titles(found: Result) -> list[str]:
    return [item.work.title for item in found.items]


def test_documents_hold_type_volume_and_badge(place: Province) -> None:
    (document, *_others) = documents_of(live(), 1)
    assert document.facets["type"] == ["courseware"]
    assert document.facets["volume"] == ["上册"]
    assert document.facets["badge"] == ["county"]
    assert "课件" in document.keywords


def test_teachers_spelling_finds_by_facets(place: Province) -> None:
    found = find(NOBODY, "三上数学分数 课件")
    assert chips(found) == {"grade": "三上", "volume": "三上", "subject": "数学", "type": "课件"}
    assert titles(found)[0] == "分数的初步认识"
    assert (found.answer.way, found.total) == (Way.EXACT, 3)  # all are filed under that chapter


def test_chips_on_the_page_can_be_taken_away(place: Province) -> None:
    page = Client().get("/search/", {"q": "三年级 分数"})
    assert [(chip["label"], chip["without"]) for chip in page.context["chips"]] == [
        ("三年级", "?q=%E4%B8%89%E5%B9%B4%E7%BA%A7+%E5%88%86%E6%95%B0&plain=%E4%B8%89%E5%B9%B4%E7%BA%A7")
    ]
    without = Client().get("/search/" + page.context["chips"][0]["without"])
    assert without.context["chips"] == []
    assert [taken["label"] for taken in without.context["literally"]] == ["三年级"]
    assert without.context["literally"][0]["url"] == "?q=%E4%B8%89%E5%B9%B4%E7%BA%A7+%E5%88%86%E6%95%B0"


def test_a_chip_of_a_repaired_question_can_be_taken_away(place: Province) -> None:
    page = Client().get("/search/", {"q": "三年级 分树的初步认识"})
    (chip,) = page.context["chips"]
    assert (chip["label"], page.context["result"].answer.way) == ("三年级", Way.SOUND)
    assert Client().get("/search/" + chip["without"]).context["chips"] == []


@pytest.mark.parametrize(
    "odd",
    [
        "stage=99999999",
        "kind=nonsense",
        "organisation=0",
        "chapter=x",
        "tag=" + "长" * 300,
        "tag=a%00b",
        "year=%ED%A0%80",
    ],
)
def test_whatever_narrows_the_answer_is_a_chip_that_can_be_taken_away(place: Province, odd: str) -> None:
    page = Client().get(f"/search/?q=浮力&{odd}")
    (chip,) = page.context["chips"]
    assert (page.context["result"].total, chip["about"] != "", chip["label"] != "") == (0, True, True)
    without = Client().get("/search/" + chip["without"])
    assert (without.context["chips"], without.context["result"].total) == ([], 1)


def test_no_address_makes_a_page_of_any_length(place: Province) -> None:
    many = "&".join(f"tag=t{number}" for number in range(900))
    page = Client().get(f"/search/?{many}&unread={'x' * 300}")
    assert (page.status_code, len(page.context["chips"])) == (200, 50)
    assert len(page.content) < 400_000
    assert page.content.count(b"unread") < 3  # the address itself, for changing the language
    answer = Client().get(f"/api/v1/search?{many}").json()
    assert len(answer["facets"]["tag"]) == 50


def test_what_was_meant_is_asked_with_the_same_conditions(place: Province) -> None:
    page = Client().get("/search/", {"q": "fenshu", "tier": "county", "sort": "newest", "page": "7"})
    assert page.context["meant"]["url"] == "?q=%E5%88%86%E6%95%B0&tier=county&sort=newest"


def test_what_is_chosen_by_hand_replaces_what_was_read(place: Province) -> None:
    found = find(NOBODY, "语文 浮力", chosen={"subject": [str(place.subject.pk)]})
    assert (chips(found), [chip.label for chip in found.chips], found.total) == ({}, ["数学"], 1)


def options(page: Any, name: str) -> dict[str, tuple[bool, str]]:
    """label -> whether it is ticked, and the question of its link, of one facet."""
    soup = BeautifulSoup(page.content.decode(), "html.parser")
    (group,) = [each for each in soup.select("details.facet") if each.summary and each.summary.text.strip() == name]
    return {
        link.select("span")[1].text: (link.get("aria-current") == "true", unquote_plus(str(link["href"])))
        for link in group.select("a.facet-option")
    }


def test_what_was_typed_is_ticked_and_a_value_beside_it_widens(place: Province) -> None:
    author, client = factories.teacher(place), Client()
    factories.shared(place, author, factories.resource(place, author, subject=place.other_subject), openly=True)
    worker.drain()
    one, other = place.subject.pk, place.other_subject.pk
    facet = options(client.get("/search/", {"q": "数学"}), "学科")
    assert facet == {
        "数学": (True, "?q=数学&plain=数学"),
        "语文": (False, f"?q=数学&subject={one}&subject={other}"),
    }
    wider = client.get("/search/" + facet["语文"][1])
    assert (wider.context["result"].total, [chip["label"] for chip in wider.context["chips"]]) == (4, ["数学", "语文"])
    assert options(wider, "学科") == {
        "数学": (True, f"?q=数学&subject={other}"),
        "语文": (True, f"?q=数学&subject={one}"),
    }
    assert "筛选（2）" in wider.content.decode()

    only = client.get("/search/" + options(wider, "学科")["数学"][1])
    assert [chip["label"] for chip in only.context["chips"]] == ["语文"]
    assert only.context["replaced"] == [{"label": "数学", "url": "?q=%E6%95%B0%E5%AD%A6"}]
    # The last one given up leaves none of them, however it is given up.
    nothing = options(only, "学科")["语文"][1]
    assert nothing == "?q=数学&plain=数学"
    assert unquote_plus(only.context["chips"][0]["without"]) == nothing


def test_one_of_several_that_were_typed_together_is_given_up_alone(place: Province) -> None:
    author = factories.teacher(place)
    factories.shared(place, author, factories.resource(place, author, subject=place.other_subject), openly=True)
    worker.drain()
    page = Client().get("/search/", {"q": "数学语文"})
    assert {label: ticked for label, (ticked, _url) in options(page, "学科").items()} == {"数学": True, "语文": True}
    assert options(page, "学科")["语文"][1] == f"?q=数学语文&subject={place.subject.pk}"


def test_half_of_what_was_typed_goes_on_as_a_choice_and_is_asked_without_the_words(place: Province) -> None:
    chosen = {"grade": [str(place.grade.pk)]}  # 三上 with its volume unticked
    found = find(NOBODY, "三上 分数的初步认识", plain=["三上"], chosen=chosen)
    assert (found.answer.way, titles(found)[0]) == (Way.MOST, "分数的初步认识")
    found = find(NOBODY, "三上", plain=["三上"], chosen=chosen)
    assert (found.answer.way, found.total) == (Way.FACETS, 3)


def test_all_conditions_can_be_cleared_at_once_and_the_words_stay(place: Province) -> None:
    page = Client().get("/search/", {"q": "三年级数学 浮力 第3课", "kind": "resource", "sort": "newest"})
    assert unquote_plus(page.context["clear"]) == "?q=浮力 第3课&sort=newest"
    assert "清除全部条件" in page.content.decode()
    assert Client().get("/search/", {"q": "数学"}).context["clear"] == ""
    taken = Client().get("/search/", {"q": "三年级数学", "plain": "三年级", "kind": "resource"})
    assert unquote_plus(taken.context["clear"]) == "?q=三年级&plain=三年级"


def test_a_new_question_of_the_box_goes_on_with_what_was_chosen(place: Province) -> None:
    asked = {"q": "浮力", "plain": "数学", "stage": str(place.stage.pk), "sort": "newest", "page": "1"}
    for headers in ({}, {"HX-Target": "search-results"}):  # what is swapped brings its own
        soup = BeautifulSoup(Client().get("/search/", asked, headers=headers).content.decode(), "html.parser")
        fields = [(field["name"], field["value"]) for field in soup.select("input[form=q-form]")]
        assert fields == [("stage", str(place.stage.pk)), ("sort", "newest")]
    whole = BeautifulSoup(Client().get("/search/", asked).content.decode(), "html.parser")
    assert [form.select_one("[name=q]")["value"] for form in whole.select("form#q-form")] == ["浮力"]  # type: ignore[index]
    assert [field["name"] for field in whole.select("form#q-form input")] == ["q"]


def test_what_was_given_up_is_said_and_shown_struck_through(place: Province) -> None:
    page = Client().get("/search/", {"q": "语文 浮力 试卷"})
    assert (page.context["result"].answer.way, page.context["chips"]) == (Way.LOOSE, [])
    assert page.context["relaxed"] == "按全部条件没有找到。去掉了：语文、试卷；只按词语查找。"
    soup = BeautifulSoup(page.content.decode(), "html.parser")
    assert [chip.get_text(" ", strip=True) for chip in soup.select(".chip s")] == [
        "已去掉： 学科 语文",
        "已去掉： 类型 试卷",
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("四年级", "按全部条件没有找到。去掉了：四年级；还按：小学。"),
        ("四年级数学", "按全部条件没有找到。去掉了：四年级；还按：数学、小学。"),
    ],
)
def test_the_stage_that_holds_in_place_of_a_grade_is_said(place: Province, typed: str, said: str) -> None:
    Grade.objects.create(stage=place.stage, name="四年级", order=4)
    vocabulary.renew()
    page = Client().get("/search/", {"q": typed})
    assert (page.context["result"].total, page.context["relaxed"]) == (3, said)


def test_page_says_what_was_read_and_offers_to_save(place: Province) -> None:
    page = Client().get("/search/", {"q": "三上 分数"}).content.decode()
    assert "年级·册次" in page
    assert "plain=%E4%B8%89%E4%B8%8A" in page
    assert "/search/saved/add/" not in page
    known = signed_in(factories.teacher(place)).get("/search/", {"q": "三上 分数"}).content.decode()
    assert "/search/saved/add/" in known
    taken = Client().get("/search/", {"q": "三上 分数", "plain": "三上"}).content.decode()
    assert "“三上”只当词语" in taken
    sound = Client().get("/search/", {"q": "fenshu"}).content.decode()
    assert "您是不是要找“分数”" in sound
    assert 'href="?q=%E5%88%86%E6%95%B0"' in sound


def test_same_sound_is_said_on_page_and_api(place: Province) -> None:
    page = Client().get("/search/", {"q": "分树的初步认识"})
    assert "分数的初步认识" in page.context["relaxed"]
    answer = Client().get("/api/v1/search", {"q": "fenshu"}).json()
    assert (answer["step"], answer["understood"]["sounds_like"], answer["total"]) == ("sound", "分数", 3)


def test_api_says_what_was_understood(place: Province) -> None:
    answer = Client().get("/api/v1/search", {"q": "三年级分数"}).json()
    grade = str(place.grade.pk)
    assert answer["understood"] == {
        "chips": [{"facet": "grade", "title": "年级", "text": "三年级", "values": [grade]}],
        "words": ["分数"],
        "sounds_like": "",
    }
    assert (answer["step"], answer["more"], answer["more_step"]) == ("exact", [], "")
    plain = Client().get("/api/v1/search", {"q": "三年级分数", "plain": "三年级"}).json()
    assert plain["understood"]["chips"] == []


def test_short_answers_are_followed_by_looser_ones(place: Province) -> None:
    author = factories.teacher(place)
    factories.shared(place, author, factories.case_study(place, author, title="浮力教学反思"), openly=True)
    worker.drain()
    found = find(NOBODY, "浮力课件")
    assert (titles(found), [item.work.title for item in found.more]) == (["浮力实验"], ["浮力教学反思"])
    page = Client().get("/search/", {"q": "浮力课件"})
    assert len(page.context["result"].more) == 1
    assert page.context["result"].total == 1


def test_synonyms_count_at_once_and_without_indexing(place: Province) -> None:
    assert find(NOBODY, "浮升力").total == 0
    synonym = Synonym.objects.create(words="浮力，浮升力")
    assert titles(find(NOBODY, "浮升力")) == ["浮力实验"]
    synonym.delete()
    assert find(NOBODY, "浮升力").total == 0
    assert titles(find(NOBODY, "pH值")) == ["酸碱度的测定"]  # from the first synonyms


def test_aliases_and_renamed_rows_count_at_once(place: Province) -> None:
    Alias.objects.create(text="算学", target=f"subject:{place.subject.pk}")
    assert chips(find(NOBODY, "算学 浮力")) == {"subject": "算学"}
    Subject.objects.filter(pk=place.other_subject.pk).first().save()  # type: ignore[union-attr]
    new = Subject.objects.create(name="围棋")
    assert "围棋" in lexicon().entries
    new.retired = True
    new.save()
    assert "围棋" not in lexicon().entries


def test_an_unchanged_lexicon_costs_one_query(
    place: Province, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = lexicon()
    with django_assert_num_queries(1):
        assert lexicon() is first
    vocabulary.renew()
    assert lexicon() is not first


@pytest.mark.skipif(connection.vendor != "postgresql", reason="another connection sees no database in memory")
def test_nobody_waits_for_a_lexicon_that_is_only_old(
    committed_db: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    place = factories.province()
    author = factories.teacher(place)
    first = lexicon()
    factories.shared(place, author, factories.resource(place, author, title="麒麟踟蹰"), openly=True)
    monkeypatch.setattr(vocabulary, "OLD", 0)
    with django_assert_num_queries(1):
        assert lexicon() is first
    monkeypatch.setattr(vocabulary, "OLD", 1_800)
    until = time.monotonic() + 10
    while lexicon() is first and time.monotonic() < until:
        time.sleep(0.02)
    assert "麒麟踟蹰" in lexicon().names


def test_what_a_failed_transaction_read_is_not_taken_for_the_next_lexicon(place: Province) -> None:
    class Failed(Exception):
        pass

    with suppress(Failed), transaction.atomic():
        Subject.objects.create(name="围棋")
        assert "围棋" in lexicon().entries
        raise Failed
    Subject.objects.create(name="象棋")
    assert "围棋" not in lexicon().entries
    assert "象棋" in lexicon().entries


def test_repair_never_tells_of_what_one_may_not_see() -> None:
    place = factories.province()
    author = factories.teacher(place)
    factories.published(place, author, factories.resource(place, author, title="琥珀酸发酵密档"))
    worker.drain()
    vocabulary.renew()
    for typed in ("虎珀酸", "hupo", "hupuosuan", "琥珀", "虎珀酸发酵"):
        found = find(NOBODY, typed)
        assert (found.total, found.items, found.more, found.answer.sounds_like) == (0, [], [], ""), typed
    assert "琥珀" not in "".join(text for text, _weight in lexicon().heard)


def test_words_of_what_one_may_see_never_spell_a_title_that_one_may_not() -> None:
    place = factories.province()
    author = factories.teacher(place)
    factories.published(place, author, factories.resource(place, author, title="张伟处分决定"))
    shown = factories.resource(place, author, title="案例", body="<p>张伟记下一次处分，又作了一个决定。</p>")
    factories.shared(place, author, shown, openly=True)
    worker.drain()
    vocabulary.renew()
    for typed in ("zwcfjd", "zhangweichufenjueding", "张玮处分绝定"):
        assert "张伟处分决定" not in find(NOBODY, typed).answer.sounds_like, typed
    assert find(NOBODY, "张伟 处分 决定").total == 1  # as whoever knows the words finds what one may see


def test_api_says_what_each_condition_was_read_as(place: Province) -> None:
    found = Client().get("/api/v1/search", {"q": f"{place.grade.name} 一年级 {place.subject.name} 分数"}).json()
    read = {chip["text"]: chip["values"] for chip in found["understood"]["chips"]}
    assert read == {place.grade.name: [str(place.grade.pk)], place.subject.name: [str(place.subject.pk)]}


def test_keepers_of_the_curriculum_edit_words_and_nobody_else(place: Province) -> None:
    governor = signed_in(factories.person("administrator", place.province))
    others = [signed_in(factories.teacher(place)), signed_in(factories.person("administrator", place.city))]
    for name in ("words-synonym", "words-alias"):
        assert governor.get(reverse(f"{name}:index")).status_code == 200
        assert governor.get(reverse(f"{name}:add")).status_code == 200
        for other in others:
            assert other.get(reverse(f"{name}:index")).status_code == 302
            assert other.post(reverse(f"{name}:add"), {"words": "甲乙，乙丙"}).status_code == 302
    answer = governor.post(reverse("words-synonym:add"), {"words": "浮力，浮升力", "note": ""})
    assert answer.status_code == 302
    assert titles(find(NOBODY, "浮升力")) == ["浮力实验"]
    target = f"subject:{place.subject.pk}"
    assert governor.post(reverse("words-alias:add"), {"text": "算学", "target": target}).status_code == 302
    assert "学科：数学" in governor.get(reverse("words-alias:index")).content.decode()
    alias = Alias.objects.get()
    assert governor.get(reverse("words-alias:edit", args=(alias.pk,))).status_code == 200
    assert governor.post(reverse("words-alias:delete", args=(alias.pk,))).status_code == 302
    assert chips(find(NOBODY, "算学")) == {}


def test_list_of_what_people_say_asks_the_same_for_every_length(
    place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    governor = signed_in(factories.person("administrator", place.province))
    address = reverse("words-alias:index")
    Alias.objects.create(text="算学", target=f"subject:{place.subject.pk}")
    governor.get(address)
    with CaptureQueriesContext(connection) as one:
        governor.get(address)
    Alias.objects.create(text="小三班", target=f"grade:{place.grade.pk}")
    Alias.objects.create(text="老课件", target="type:courseware")
    with django_assert_max_num_queries(len(one) + 2):  # grades and their stages, kept from then on
        page = governor.get(address).content.decode()
    with django_assert_max_num_queries(len(one)):
        governor.get(address)
    assert f"{place.grade.name}（{place.stage.name}）" in page


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("words-synonym", {"words": "只有一个"}),
        ("words-synonym", {"words": "，，"}),
        ("words-synonym", {"words": "长" * 30 + "，短词"}),
        ("words-alias", {"text": "字", "target": "kind:resource"}),
        ("words-alias", {"text": "小科", "target": "subject:999999"}),
        ("words-alias", {"text": "小科", "target": "password:1"}),
    ],
)
def test_words_that_would_do_harm_are_refused_with_a_sentence(
    place: Province, name: str, given: dict[str, Any]
) -> None:
    governor = signed_in(factories.person("administrator", place.province))
    answer = governor.post(reverse(f"{name}:add"), given)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Alias.objects.exists()


def test_what_is_read_ahead_stands_ready_until_an_editor_changes_it(
    place: Province, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    vocabulary.renew()
    vocabulary.read_ahead()
    with django_assert_num_queries(1):
        known = lexicon()
    assert "sounds" in vars(known)
    vocabulary.renew()
    assert lexicon() is not known
