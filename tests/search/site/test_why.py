"""The page that says why a hit stands where it stands: true, in plain words, and silent about what may not be seen."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cms.library.actions.files import store_file
from cms.library.models import Work
from cms.outbox import worker
from cms.people.accounts import set_findable
from cms.spaces.actions import ensure_personal_space, ensure_school_space
from search.explaining import explain
from search.finding import find
from search.understanding.steps import Way
from tests import factories

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
ABOUT = "为什么能浮在水上，和排开的水有什么关系。" * 2


def page(client: Client, work: Any, **query: Any) -> Any:
    return client.get(f"/search/why/{work.uuid}/", query)


def test_any_hit_of_any_page_is_explained_with_its_place_score_and_words() -> None:
    place = factories.province()
    author = factories.teacher(place)
    for n in range(25):
        work = factories.resource(
            place,
            author,
            title=f"浮力实验 {n}",
            summary=f"{'轮船' if n % 2 else '潜艇'}{ABOUT}",
        )
        factories.shared(place, author, work, openly=True)
    worker.drain()
    for number, asked in ((1, "浮力"), (2, "浮力 轮船"), (2, "")):
        result = find(NOBODY, asked, page=number, per_page=9)
        for at, item in enumerate(result.items, start=1 + 9 * (number - 1)):
            told = explain(NOBODY, Work.objects.get(pk=item.work.pk), asked)
            assert told.hit is not None
            assert (told.hit.rank, told.answer.page.total) == (at, result.total)
            assert told.hit.score == pytest.approx(item.score, rel=1e-4)
    first = Work.objects.get(pk=find(NOBODY, "浮力 轮船").items[0].work.pk)
    told = explain(NOBODY, first, "浮力 轮船")
    assert [(word.word, word.fields) for word in told.words] == [("浮力", ("title",)), ("轮船", ("summary",))]
    assert sum(word.share for word in told.words) == pytest.approx(1, abs=0.01)
    html = page(Client(), first, q="浮力 轮船").content.decode()
    for said in ("第 1 件，共 12 件", "标题", "摘要", "全部词语和条件都满足", "总分"):
        assert said in html


def test_words_of_files_are_told_apart_from_the_body() -> None:
    place = factories.province()
    author = factories.teacher(place)
    content = ContentFile(Path("fixtures/media/files/design-kingfisher.docx").read_bytes(), name="翠鸟.docx")
    file = store_file(content, name="翠鸟.docx", by=author)
    work = factories.resource(place, author, title="压强", body="<p>液体的深度</p>", files=[file])
    factories.shared(place, author, work, openly=True)
    worker.drain()
    assert [word.fields for word in explain(NOBODY, work, "翠鸟 深度").words] == [("files",), ("body",)]
    assert "文件" in page(Client(), work, q="翠鸟").content.decode()


def test_conditions_read_out_of_the_words_and_looser_answers_are_named() -> None:
    place = factories.province()
    author = factories.teacher(place)
    work = factories.resource(place, author, title="认识浮力")
    factories.shared(place, author, work, openly=True)
    worker.drain()
    html = page(Client(), work, q="数学 浮力").content.decode()
    assert "学科：数学" in html
    told = explain(NOBODY, work, "浮力 彩虹")
    assert told.answer.way is Way.TOPIC
    assert [(word.word, word.fields) for word in told.words] == [("浮力", ("title",))]
    assert "下面是“浮力”的结果" in page(Client(), work, q="浮力 彩虹").content.decode()


def test_a_work_the_question_does_not_find_is_said_to_be_outside() -> None:
    share = factories.shared(factories.province(), openly=True)
    worker.drain()
    answer = page(Client(), share.work, q="浮力彩虹火山")
    assert answer.status_code == 200
    assert "没有找到这件作品" in answer.content.decode()


def test_a_work_one_may_not_see_is_not_there_and_nothing_leaks() -> None:
    place = factories.province()
    author = factories.teacher(place)
    hidden = factories.published(place, author, factories.resource(place, author, title="浮力秘密教案")).work
    draft = factories.resource(place, author, title="浮力草稿")
    opened = factories.resource(place, author, title="浮力公开")
    factories.shared(place, author, opened, openly=True)
    worker.drain()
    for work in (hidden, draft):
        answer = page(Client(), work, q="浮力")
        assert answer.status_code == 404
        assert work.title not in answer.content.decode()
    assert Client().get("/search/why/00000000-0000-0000-0000-000000000000/?q=浮力").status_code == 404
    html = page(Client(), opened, q="浮力").content.decode()
    assert "第 1 件，共 1 件" in html
    assert "秘密" not in html
    client = Client()
    client.force_login(author)
    assert "共 2 件" in page(client, hidden, q="浮力").content.decode()
    assert page(client, draft, q="浮力").status_code == 404  # what is not live is nowhere in a result


@pytest.mark.parametrize("sort", ["newest", "most_adopted", "?"])
def test_other_orders_say_that_the_score_does_not_decide(sort: str) -> None:
    share = factories.shared(factories.province(), openly=True)
    worker.drain()
    html = page(Client(), share.work, q="分数", sort=sort).content.decode()
    assert ("下面的分数不决定先后" in html) == (sort != "?")


@pytest.mark.parametrize("text", ['"', "*:*", "NEAR(", "a" * 10_000, "\x00", "😀", "<script>alert(1)</script>"])
def test_page_answers_whatever_is_typed(text: str) -> None:
    share = factories.shared(factories.province(), openly=True)
    worker.drain()
    answer = page(Client(), share.work, q=text, grade=["x"], page="99999")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_page_has_a_fixed_number_of_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author, openly=True)
    worker.drain()
    client = Client()
    client.force_login(author)
    page(client, share.work, q="分数")
    with django_assert_max_num_queries(14):
        page(client, share.work, q="分数")
    for _ in range(2):
        factories.shared(place, author, openly=True)
    worker.drain()
    with django_assert_max_num_queries(14):
        assert page(client, share.work, q="分数").status_code == 200


def test_every_hit_has_its_way_to_the_page_and_its_parts_over_the_api() -> None:
    share = factories.shared(factories.province(), openly=True)
    worker.drain()
    html = Client().get("/search/?q=分数&page=1&sort=newest").content.decode()
    assert f"/search/why/{share.work.uuid}/?q=%E5%88%86%E6%95%B0&amp;sort=newest" in html
    (hit,) = Client().get("/api/v1/search", {"q": "分数"}).json()["items"]
    assert set(hit["parts"]) == {"words", "adoptions", "newness"}


def test_spaces_and_people_are_explained_to_who_may_see_them_and_to_nobody_else() -> None:
    place = factories.province()
    author, parent = factories.teacher(place), factories.parent(place, factories.pupil(place))
    person, hidden = factories.teacher(place), factories.teacher(place)
    for one, name in ((person, "王小满"), (hidden, "王小雪")):
        one.name = name
        one.save()
    set_findable(person, findable=True)
    own = ensure_personal_space(hidden)
    space = ensure_school_space(place.school)
    worker.drain()
    client, strange, outside = Client(), Client(), Client()
    client.force_login(author)
    outside.force_login(parent)
    asked = {"about": "person", "q": "王小满"}
    html = client.get("/search/", asked).content.decode()
    assert f"/search/why/{person.uuid}/?{urlencode(asked)}".replace("&", "&amp;") in html
    html = page(client, person, **asked).content.decode()
    for said in ("第 1 位，共 1 位", "姓名", "总分"):
        assert said in html
    assert "个空间在用" not in html
    assert "没有找到这位同行" in page(client, person, about="person", q="李").content.decode()
    html = page(client, space, about="space", q=space.name).content.decode()
    for said in ("第 1 个，共 1 个", "名称", "今天建立的"):
        assert said in html
    for visitor in (strange, outside):
        assert page(visitor, person, **asked).status_code == 404
    answer = page(client, hidden, about="person", q="王")
    assert answer.status_code == 404
    assert hidden.name not in answer.content.decode()
    assert page(client, own, about="space", q="王小雪").status_code == 404  # it is found through its person only
    assert page(strange, space, about="space", q=space.name).status_code == 404
    assert page(outside, space, about="space", q=space.name).status_code == 200


def test_what_is_said_of_spaces_and_people_is_true_of_them() -> None:
    place = factories.province()
    author, person = factories.teacher(place), factories.teacher(place)
    set_findable(person, findable=True)
    space = ensure_school_space(place.school)
    worker.drain()
    client = Client()
    client.force_login(author)
    html = page(client, space, about="space").content.decode()
    assert f"<title>{space.name} · 为什么排在这里" in html
    assert "列出符合条件的全部空间" in html
    assert "没有词语时比建立时间" in html
    for untrue in ("作品", "任务单", "选用", "标题", "发布"):
        assert untrue not in BeautifulSoup(html, "html.parser").main.get_text(), untrue  # type: ignore[union-attr]
    html = page(client, person, about="person").content.decode()
    assert "列出符合条件的全部同行" in html
    assert "先看远近" in html
    for untrue in ("总分", "分数", "时间", "新旧"):
        assert untrue not in BeautifulSoup(html, "html.parser").main.get_text(), untrue  # type: ignore[union-attr]
    html = page(client, person, about="person", q=person.name).content.decode()
    assert "总分" in html
    assert "任务单" not in html
    assert "新旧" not in html


def test_index_away_is_said(settings: Any) -> None:
    share = factories.shared(factories.province(), openly=True)
    settings.SEARCH = {"engine": "embedded", "path": "/proc/nowhere"}
    assert page(Client(), share.work, q="分数").status_code == 503


def test_what_is_multiplied_makes_the_score_that_is_said_and_dates_are_ours() -> None:
    place = factories.province()
    share = factories.shared(place, openly=True)
    worker.drain()
    soup = BeautifulSoup(page(Client(), share.work, q="分数").content.decode(), "html.parser")
    told = [each.get_text(" ", strip=True) for each in soup.select("section .facts > *")]
    facts = dict(zip(told[::2], told[1::2], strict=True))
    words, adoptions, newness, score = (
        float(re.search(r"[\d.]+", facts[name])[0])  # type: ignore[index]
        for name in ("词语合计", "选用数", "新旧", "总分")
    )
    assert words * adoptions * newness == pytest.approx(score, abs=0.005 + 0.0002 * score + 0.005 * adoptions * newness)
    assert facts["总分"].startswith("约")
    assert re.search(r"\d{4}年\d{1,2}月\d{1,2}日 发布", facts["新旧"])


def test_nothing_is_to_be_explained_where_nothing_was_typed() -> None:
    factories.shared(factories.province(), openly=True)
    worker.drain()
    assert "/search/why/" in Client().get("/search/?q=分数").content.decode()
    for asked in ("", "?q=", "?q=%20&kind=resource"):
        html = Client().get(f"/search/{asked}").content.decode()
        assert "<article" in html
        assert "/search/why/" not in html
