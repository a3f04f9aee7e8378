"""One question, three tabs: works, spaces, people. Nobody learns of what they may not see, by any of them."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cms.outbox import worker
from cms.people.accounts import set_findable
from cms.people.models import Membership, User
from cms.people.tokens import issue_token
from cms.spaces.actions import ensure_personal_space, ensure_school_space, ensure_subject_space, introduce
from cms.spaces.models import Space
from search import suggesting
from search.documents import About
from search.engines import engine
from search.finding import find
from search.models import SavedSearch
from tests import factories
from tests.search.server import drop

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


BOTH = pytest.mark.parametrize(
    "own_index", ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)], indirect=True
)


@pytest.fixture(autouse=True)
def own_index(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[None]:
    """The embedded engine, or what the test is parametrised with."""
    prefix = f"test-{token_hex(6)}"
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path / "index")}
    on_server = getattr(request, "param", "embedded") == "elasticsearch"
    if on_server:
        hosts = request.getfixturevalue("server")
        settings.SEARCH = {"engine": "elasticsearch", "hosts": hosts, "prefix": prefix, "immediate": True}
    with engine().rebuild():
        pass
    yield
    engine().close()
    if on_server:
        drop(hosts, prefix)


@pytest.fixture
def place(own_index: None) -> factories.Province:
    """求知 in a work open to all, in two spaces, in the school of one who agreed and of one who did not."""
    place = factories.province()
    author = factories.teacher(place)
    author.name = "秦求知"
    author.save()
    factories.shared(place, author, factories.resource(place, author, title="求知实验课"), openly=True)
    agreed = factories.teacher(place)
    agreed.name = "王小满"
    agreed.save()
    set_findable(agreed, findable=True)
    introduce(ensure_personal_space(agreed), "从教二十年，爱在求知路上", by=agreed)
    ensure_school_space(place.school)
    ensure_subject_space(place.school, place.other_subject)
    hidden = ensure_personal_space(factories.pupil(place))
    Space.objects.filter(pk=hidden.pk).update(name="求知的秘密", introduction="求知")
    worker.drain()
    return place


def who(place: factories.Province) -> dict[str, Any]:
    pupil = factories.pupil(place)
    return {
        "visitor": NOBODY,
        "pupil": pupil,
        "parent": factories.parent(place, pupil),
        "teacher": factories.teacher(place, place.other_school),
        "administrator": factories.person("administrator", place.province),
    }


SPACES = {"西湖区求知小学空间", "西湖区求知小学数学空间", "西湖区求知小学语文空间"}


@BOTH
def test_everybody_finds_what_the_rules_show_them_and_no_count_tells_more(place: factories.Province) -> None:
    expected: dict[str, tuple[set[str], set[str]]] = {
        "visitor": (set(), set()),
        "pupil": (SPACES, set()),
        "parent": (SPACES, set()),
        "teacher": (SPACES, {"王小满"}),
        "administrator": (SPACES, {"王小满"}),
    }
    for name, user in who(place).items():
        spaces, people = expected[name]
        works = find(user, "求知")
        assert {item.work.title for item in works.items} == {"求知实验课"}, name
        assert works.total == 1
        counted = {about: count for about, count in works.abouts.items() if count}
        told = {About.WORK: 1, About.SPACE: len(spaces), About.PERSON: len(people)}
        seen = {about: count for about, count in told.items() if count}
        assert counted == ({} if name == "visitor" else seen), name
        for about, titles in ((About.SPACE, spaces), (About.PERSON, people)):
            found = find(user, "求知", about=about)
            assert {item.row.name for item in found.items if isinstance(item.row, Space | User)} == titles, name
            assert found.total == len(titles)
            assert sum(
                value.count for facet in found.facets for value in facet.values if facet.name == "organisation"
            ) == len(titles)
            assert all(item.row in [*Space.objects.all(), *User.objects.all()] for item in found.items)


@BOTH
def test_nothing_of_who_did_not_agree_leaks(place: factories.Province) -> None:
    for user in who(place).values():
        for text in ("秦求知", "qinqiuzhi", "求知的秘密", "秘密", "qqz"):
            for about in (About.SPACE, About.PERSON):
                found = find(user, text, about=about)
                assert "秦求知" not in repr(found.items)
                assert not any("秘密" in item.title or "秘密" in item.excerpt for item in [*found.items, *found.more])
                assert not found.answer.sounds_like or "秦" not in found.answer.sounds_like
        assert not {"秦求知", "王小满", "求知的秘密"} & set(suggesting.suggest(user, "求知"))
        assert suggesting.suggest(user, "wangxiao") == []


@BOTH
def test_works_are_searched_as_before(place: factories.Province) -> None:
    user = factories.teacher(place)
    everything = find(user, "")
    assert {item.about for item in everything.items} == {About.WORK}
    assert everything.total == 1
    assert {facet.name for facet in everything.facets}.isdisjoint({"about", "space"})
    assert suggesting.suggest(user, "求知") == ["求知实验课"]
    assert find(user, "西湖区求知小学空间").total == 0 or {
        item.about for item in find(user, "西湖区求知小学空间").items
    } == {About.WORK}


@BOTH
def test_a_name_is_found_by_its_characters_its_pinyin_and_its_initials(place: factories.Province) -> None:
    user = factories.teacher(place)
    for text in ("王小满", "wangxiaoman", "wxm", "小满 数学", "求知小学 王小满"):
        found = find(user, text, about=About.PERSON)
        assert [item.row for item in found.items] == [User.objects.get(name="王小满")], text
        assert find(user, text).abouts[About.PERSON] == 1, text
    assert "<mark>" in find(user, "求知", about=About.PERSON).items[0].excerpt


def test_who_withdraws_is_gone_at_once(place: factories.Province) -> None:
    user, person = factories.teacher(place), User.objects.get(name="王小满")
    set_findable(person, findable=False)
    assert find(user, "王小满", about=About.PERSON).items == []  # the index is a moment behind
    worker.drain()
    assert find(user, "王小满", about=About.PERSON).total == 0
    set_findable(person, findable=True)
    worker.drain()
    Membership.objects.filter(user=person).update(role="parent")  # by hand, behind everybody's back
    assert find(user, "王小满", about=About.PERSON).items == []


def test_page_shows_tabs_with_counts_and_cards(place: factories.Province) -> None:
    client = Client()
    client.force_login(factories.teacher(place))
    page = client.get("/search/", {"q": "求知", "kind": "resource", "subject": str(place.subject.pk)}).content.decode()
    assert f'href="?q=%E6%B1%82%E7%9F%A5&amp;subject={place.subject.pk}&amp;about=person"' in page
    assert "王小满" not in page
    people = client.get("/search/", {"q": "求知", "about": "person"}).content.decode()
    assert "王小满" in people
    assert f"/spaces/{Space.objects.get(owner__name='王小满').uuid}/" in people
    assert "保存这个搜索" not in people
    assert "选用最多" not in people
    assert "data-suggest" not in people
    assert '<input type="hidden" name="about" value="person">' in people
    spaces = client.get("/search/", {"q": "求知", "about": "space"}).content.decode()
    assert all(name in spaces for name in SPACES)
    assert "学校空间" in spaces


def test_visitors_see_no_tabs_and_are_told_to_sign_in(place: factories.Province) -> None:
    client = Client()
    assert 'class="tabs"' not in client.get("/search/", {"q": "求知"}).content.decode()
    for about, said in (("space", "空间只给有账号的人看"), ("person", "同行的资料只给在这里工作的人看")):
        page = client.get("/search/", {"q": "求知", "about": about})
        assert page.status_code == 200
        assert said in page.content.decode()
        assert "王小满" not in page.content.decode()
        assert client.get("/api/v1/search", {"q": "求知", "about": about}).json()["total"] == 0
    pupil = Client()
    pupil.force_login(factories.pupil(place))
    html = pupil.get("/search/", {"q": "求知"}).content.decode()
    assert "about=space" in html
    assert "about=person" not in html


@pytest.mark.parametrize("value", ["", "works", "人", "person:1", "<script>", "\x00", "space,person", "a" * 5000])
def test_an_unknown_about_means_works(value: str, place: factories.Province) -> None:
    client = Client()
    client.force_login(factories.teacher(place))
    page = client.get("/search/", {"q": "求知", "about": value})
    assert page.status_code == 200
    assert "求知实验课" in page.content.decode()
    assert client.get("/api/v1/search", {"q": "求知", "about": value}).status_code in (200, 422)


def test_api_answers_for_all_kinds(place: factories.Province) -> None:
    _token, text = issue_token(factories.teacher(place), name="检索", expires_at=None)
    client = Client(headers={"Authorization": f"Bearer {text}"})
    found = client.get("/api/v1/search", {"q": "求知", "about": "space", "space": "school"}).json()
    assert [item["title"] for item in found["items"]] == ["西湖区<mark>求知</mark>小学空间"]
    assert found["abouts"] == {"work": 0, "space": 1, "person": 0}
    seen = Client().get("/api/v1/search").json()
    assert seen["abouts"] == {"work": seen["total"]} == {"work": 1}
    people = client.get("/api/v1/search", {"q": "王小满", "about": "person"}).json()
    (told,) = people["items"]
    assert (told["kind"], told["organisation"], told["author"]) == ("person", "西湖区求知小学", "")
    assert told["url"] == Space.objects.get(owner__name="王小满").get_absolute_url()
    person = User.objects.get(name="王小满")
    assert person.username not in str(people)
    assert "example.org" not in str(people)


def test_a_search_for_people_is_not_saved_as_one(place: factories.Province) -> None:
    user, client = factories.teacher(place), Client()
    client.force_login(user)
    client.post("/search/saved/add/", {"query": "q=求知&about=person&space=school"})
    assert SavedSearch.objects.get(user=user).query == "q=%E6%B1%82%E7%9F%A5"


@pytest.mark.parametrize("about", [About.SPACE, About.PERSON])
def test_pages_of_all_kinds_have_a_fixed_number_of_queries(
    about: About, place: factories.Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(factories.teacher(place))
    for more in range(3):
        client.get("/search/?q=求知")  # a new subject has the lexicon read anew
        with django_assert_max_num_queries(16):
            assert client.get("/search/", {"q": "求知", "about": about.value}).status_code == 200
        person = factories.teacher(place)
        set_findable(person, findable=True)
        place.other_subject.pk = None
        place.other_subject.name = f"求知学{more}"
        place.other_subject.save()
        ensure_subject_space(place.school, place.other_subject)
        worker.drain()


def test_what_spaces_do_not_have_is_no_condition(place: factories.Province) -> None:
    user = factories.teacher(place)
    found = find(user, "三年级 小学 数学", about=About.SPACE)
    assert [chip.text for chip in found.understood] == [] or {chip.name for chip in found.understood} == {"subject"}
    exact = find(user, "小学 数学", about=About.SPACE)
    assert exact.answer.way == "exact"
    assert exact.abouts == {About.WORK: None, About.SPACE: 1, About.PERSON: None}  # of works it is another question
    assert {item.row for item in exact.items} == set(Space.objects.filter(name="西湖区求知小学数学空间"))


def test_a_tab_says_that_there_are_none_only_where_that_is_known(place: factories.Province) -> None:
    user, client = factories.teacher(place), Client()
    client.force_login(user)

    def counts(**asked: str) -> list[int | None]:
        return [tab["count"] for tab in client.get("/search/", asked).context["tabs"]]

    assert counts(q="xyzzyq") == [0, 0, 0]
    assert counts(q="王小满", about="space") == [None, 0, 1] or counts(q="王小满", about="space")[1] == 0
    assert counts(q="求知实验课")[0] == 1
    assert counts(q="求知实验课", kind="resource")[1:] == [None, None]  # spaces have no kind: another question
    assert counts(kind="resource")[1:] == [None, None]
    assert 'class="soft">0' not in client.get("/search/", {"q": "求知"}).content.decode()
    assert ">0</span>" in client.get("/search/", {"q": "xyzzyq"}).content.decode()


@BOTH
def test_spaces_without_words_stand_in_the_order_of_their_nearness(place: factories.Province) -> None:
    ensure_school_space(place.other_school)
    worker.drain()
    for school in (place.school, place.other_school):
        user = factories.teacher(place, school)
        found = find(user, "", about=About.SPACE)
        assert found.query.sort == "nearest"
        assert found.items[0].row.organisation == school  # type: ignore[union-attr]
        assert find(user, "求知", about=About.SPACE).query.sort == "relevance"
        assert find(user, "求知", about=About.SPACE, sort="most_adopted").query.sort == "relevance"
        assert find(user, "数学", about=About.PERSON).query.sort == "nearest"  # a condition is no word
    client = Client()
    client.force_login(factories.teacher(place))
    html = client.get("/search/", {"about": "space"}).content.decode()
    assert '<p class="sorts"><strong aria-current="true">离我近的</strong></p>' in html
    page = client.get("/search/", {"about": "space", "q": "求知"})
    assert [(str(sort["label"]), bool(sort["url"])) for sort in page.context["sorts"]] == [
        ("最相关", False),
        ("离我近的", True),
    ]
    near = client.get("/search/" + page.context["sorts"][1]["url"])
    assert near.context["result"].query.sort == "nearest"


def test_visitor_asked_to_sign_in_comes_back_to_the_search() -> None:
    factories.province()
    page = Client().get("/search/", {"about": "space", "q": "云溪"}).content.decode()
    back = "/accounts/login/?next=/search/%3Fabout%3Dspace%26q%3D%25E4%25BA%2591%25E6%25BA%25AA"
    assert page.count(back) == 2  # the header's, and the answer's
    assert "没有找到" not in page  # nothing was searched
    for about, title in (("space", "空间"), ("person", "同行")):
        page = Client().get(f"/search/?about={about}").content.decode()
        assert f"<title>{title} · " in page
        assert f'<h2 id="found" tabindex="-1">{title}</h2>' in page
