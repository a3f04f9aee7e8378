"""What is published is found in Chinese, and nobody finds what they may not see: not by hit, total, facet or title."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cms.library import rules
from cms.library.models import Lesson, MicroCourse, Work
from cms.library.tokens import tokens_of
from cms.outbox import worker
from cms.outbox.models import Message
from search.documents import document_of, documents_of, how_many, live
from search.engines import engine
from search.finding import find
from search.indexing.checking import check
from search.indexing.rebuilding import rebuild
from tests import factories
from workflows.review.actions.publishing import retire
from workflows.sharing.actions import recall_share

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def titles(user: Any, text: str, **asked: Any) -> list[str]:
    return [found.work.title for found in find(user, text, **asked).items]


def test_shared_work_is_found_by_words_inside_title_body_and_lessons() -> None:
    place = factories.province()
    author = factories.teacher(place)
    course = factories.micro_course(place, author, title="初中数学二次函数的图像与性质", body="<p>抛物线开口方向</p>")
    assert isinstance(course, MicroCourse)
    lessons = list(course.lessons.all())
    lessons[3].task_sheet = "<p>用描点法画抛物线</p>"
    course.lessons = lessons  # type: ignore[misc]  # modelcluster
    course.save_revision(user=author)
    factories.shared(place, author, course, openly=True)
    worker.drain()
    for text in ("二次函数", "抛物线", "描点法", "數學二次函數", "二次函数 图像"):
        assert titles(NOBODY, text) == ["初中数学二次函数的图像与性质"], text
    assert titles(NOBODY, "浮力") == []


def test_one_result_does_not_wait_for_the_counts_of_another() -> None:
    """`functools.cached_property` would hold one lock for all of them."""
    here = find(NOBODY, "")
    waiting, go_on = threading.Event(), threading.Event()

    def counted() -> Any:
        waiting.set()
        assert go_on.wait(10)
        return [], []

    slow = replace(here, choices=counted)
    with ThreadPoolExecutor(2) as threads:
        heard = threads.submit(lambda: slow.facets)
        assert waiting.wait(10)
        assert threads.submit(lambda: replace(here, choices=lambda: ([], [])).facets).result(5) == []
        go_on.set()
        assert heard.result(10) == []


def test_results_and_the_page_around_them_are_not_taken_for_each_other() -> None:
    """A browser that goes back looks at what an answer varies on."""
    whole, part = Client().get("/search/"), Client().get("/search/", headers={"HX-Target": "search-results"})
    assert "HX-Target" in whole["Vary"]
    assert "HX-Target" in part["Vary"]


def test_nobody_finds_what_they_may_not_see() -> None:
    place = factories.province()
    author = factories.teacher(place)
    factories.published(place, author, factories.resource(place, author, title="浮力实验只给本校"))
    factories.shared(place, author, factories.resource(place, author, title="浮力实验给全县"))
    factories.shared(place, author, factories.resource(place, author, title="浮力实验给大家"), openly=True)
    factories.resource(place, author, title="浮力实验草稿")
    worker.drain()
    expected: dict[Any, set[str]] = {
        NOBODY: {"浮力实验给大家"},
        factories.teacher(place, place.other_school): {"浮力实验给大家"},
        factories.person("teacher", place.county): {"浮力实验给大家", "浮力实验给全县"},
        factories.pupil(place): {"浮力实验给大家", "浮力实验给全县", "浮力实验只给本校"},
        factories.person("administrator", place.city): {"浮力实验给大家", "浮力实验给全县", "浮力实验只给本校"},
        author: {"浮力实验给大家", "浮力实验给全县", "浮力实验只给本校"},
    }
    for user, seen in expected.items():
        found = find(user, "浮力实验")
        assert {item.work.title for item in found.items} == seen
        assert found.total == len(seen)
        counted = {facet.name: sum(value.count for value in facet.values) for facet in found.facets}
        assert counted["kind"] == counted["subject"] == len(seen)
        assert {s.text for s in engine().suggest("浮力", tokens_of(user))} == seen


def test_tokens_agree_with_the_rule() -> None:
    place = factories.province()
    author = factories.teacher(place)
    works = [
        factories.published(place, author).work,
        factories.shared(place, author).work,
        factories.shared(place, author, openly=True).work,
    ]
    people: list[Any] = [
        NOBODY, author, factories.teacher(place), factories.teacher(place, place.other_school), factories.pupil(place),
        factories.person("teacher", place.county), factories.person("administrator", place.province),
        factories.person("administrator", place.other_county), factories.person("publisher", place.city),
    ]  # fmt: skip
    for user in people:
        listed = set(Work.objects.filter(rules.as_q(user, "view")).values_list("pk", flat=True))
        for work in works:
            fresh = Work.objects.get(pk=work.pk)
            document = document_of(fresh)
            assert document is not None
            by_token = bool(set(document.acl) & set(tokens_of(user)))
            assert by_token == rules.allows(user, "view", fresh) == (work.pk in listed), (user, work)


def test_facets_count_and_narrow() -> None:
    place = factories.province()
    author = factories.teacher(place)
    factories.shared(place, author, factories.resource(place, author), openly=True)
    factories.shared(place, author, factories.case_study(place, author), openly=True)
    worker.drain()
    found = find(NOBODY, "分数", chosen={"kind": ["resource"]})
    assert found.total == 1
    kinds = next(facet for facet in found.facets if facet.name == "kind")
    assert {(value.value, value.count, value.chosen) for value in kinds.values} == {
        ("resource", 1, True),
        ("case_study", 1, False),
    }
    assert [chip.label for chip in found.chips] == ["教学资源"]
    assert find(NOBODY, "", chosen={"chapter": [str(place.chapter.pk)]}).total == 2


def test_recall_and_retirement_leave_the_index() -> None:
    place = factories.province()
    share = factories.shared(place, openly=True)
    other = factories.shared(place, openly=True)
    worker.drain()
    assert find(NOBODY, "分数").total == 2
    recall_share(share, by=share.shared_by, reason="更新")
    retire(other.submission, by=factories.person("administrator", place.school), reason="已过时")
    found = find(NOBODY, "分数")
    assert (found.items, found.total) == ([], 0)  # at once: the database is asked again
    assert "没有找到" in Client().get("/search/?q=分数").content.decode()
    worker.drain()
    assert find(NOBODY, "分数").total == 0


def test_engine_away_loses_nothing(settings: Any) -> None:
    place = factories.province()
    path = settings.SEARCH["path"]
    settings.SEARCH = {"engine": "embedded", "path": "/proc/nowhere"}
    factories.shared(place, openly=True)
    worker.drain()
    assert Message.objects.filter(topic="search.index", done_at=None).exists()
    assert Client().get("/search/?q=分数").status_code == 503
    settings.SEARCH = {"engine": "embedded", "path": path}
    Message.objects.filter(done_at=None).update(due_at="2020-01-01T00:00:00Z")
    worker.drain()
    assert find(NOBODY, "分数").total == 1


def test_rebuild_and_check_make_the_index_equal_to_the_database() -> None:
    place = factories.province()
    share = factories.shared(place, openly=True)
    Message.objects.all().delete()
    assert str(share.work_id) in check(mend=False).missing
    check(mend=True)
    assert check(mend=False).none
    assert rebuild() == how_many()
    assert find(NOBODY, "分数").total == 1


def test_documents_of_a_batch_cost_a_fixed_number_of_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    place = factories.province()
    author = factories.teacher(place)
    for _ in range(3):
        factories.published(place, author, factories.micro_course(place, author))
    one = live().order_by("pk")[:1].values_list("pk", flat=True)
    with django_assert_max_num_queries(16):
        assert len(documents_of(live().filter(pk__in=list(one)), 1)) == 1
    with django_assert_max_num_queries(16):
        assert len(documents_of(live(), 1)) == 3
    assert Lesson.objects.count() == 54


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "分数 AND (",
        "*:*",
        "NEAR(",
        "a" * 10_000,
        "\x00",
        "😀",
        "\u202e分数",
        "<script>alert(1)</script>",
        "';--",
        "%",
    ],
)
def test_search_page_answers_whatever_is_typed(text: str) -> None:
    answer = Client().get("/search/", {"q": text, "page": "999999999999", "grade": ["x", "1"], "sort": "?"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert Client().get("/api/v1/search", {"q": text}).status_code == 200


def test_whoever_asks_for_the_head_alone_gets_it() -> None:
    for address in ("/search/?q=分数", "/search/suggest/?q=分"):
        assert Client().head(address).status_code == 200


def test_search_page_has_a_fixed_number_of_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    place = factories.province()
    author = factories.teacher(place)
    client = Client()
    client.force_login(factories.person("teacher", place.county))
    factories.shared(place, author)
    worker.drain()
    client.get("/search/?q=分数")
    with django_assert_max_num_queries(14):
        assert client.get("/search/?q=分数").content.decode().count("<article") == 1
    for _ in range(2):
        factories.shared(place, author)
    worker.drain()
    with django_assert_max_num_queries(14):
        assert client.get("/search/?q=分数").content.decode().count("<article") == 3


def test_api_answers_total_items_facets() -> None:
    place = factories.province()
    factories.shared(place, openly=True)
    worker.drain()
    found = Client().get("/api/v1/search", {"q": "分数", "kind": "resource"}).json()
    assert found["total"] == 1
    assert "<mark>分数</mark>" in found["items"][0]["title"]
    assert found["facets"]["kind"] == [{"value": "resource", "label": "教学资源", "count": 1}]
    assert Client().get("/api/v1/search/suggest", {"q": "分数"}).json() == [
        found["items"][0]["title"].replace("<mark>", "").replace("</mark>", "")
    ]


def test_near_me_begins_at_the_own_school_and_is_offered_only_to_who_has_one(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    place = factories.province()
    mine, other = factories.teacher(place), factories.teacher(place, place.other_school)
    colleague = factories.person("teacher", place.county)
    for title in ("分数甲", "分数乙", "分数丙", "分数丁"):
        factories.shared(place, mine, factories.resource(place, mine, title=title), openly=True)
    Work.objects.filter(title__in=("分数乙", "分数丁")).update(organisation=place.other_school)
    worker.drain()
    assert [title[-1] for title in titles(mine, "分数", sort="nearest")[:2]] == ["丙", "甲"]
    assert [title[-1] for title in titles(other, "分数", sort="nearest")[:2]] == ["丁", "乙"]
    assert titles(NOBODY, "分数", sort="nearest") == titles(NOBODY, "分数")
    client = Client()
    asked = {"q": "分数", "sort": "nearest"}
    assert "离我近的" not in client.get("/search/", asked).content.decode()
    client.force_login(colleague)
    with django_assert_max_num_queries(14):
        html = client.get("/search/", asked).content.decode()
    assert '<strong aria-current="true">离我近的</strong>' in html
    why = client.get(f"/search/why/{Work.objects.get(title='分数甲').uuid}/", asked).content.decode()
    assert f"同在{place.county}" in why
    assert Client().get("/api/v1/search", asked).json()["total"] == 4


def test_a_page_behind_the_last_one_is_the_last_one() -> None:
    place = factories.province()
    author = factories.teacher(place)
    for _ in range(22):
        factories.shared(place, author, openly=True)
    worker.drain()
    for asked in ("99999", "3"):
        html = Client().get("/search/", {"q": "分数", "page": asked}).content.decode()
        assert html.count('class="hit"') == 2
        assert "没有找到" not in html
    assert Client().get("/api/v1/search", {"q": "分数", "page": "9"}).json()["items"] == []


def test_where_nothing_is_found_there_is_nothing_to_narrow() -> None:
    place = factories.province()
    factories.shared(place, factories.teacher(place), openly=True)
    worker.drain()
    found, nothing = (Client().get("/search/", {"q": text}).content.decode() for text in ("分数", "xyzzyq"))
    assert 'id="facets"' in found
    assert 'id="facets"' not in nothing
    assert "未登录时只能找到向所有人开放的作品" in nothing
    client = Client()
    client.force_login(factories.teacher(place))
    known = client.get("/search/", {"q": "xyzzyq"}).content.decode()
    assert "也可以先选学段、学科和年级。" in known
    assert "未登录" not in known
