"""A hit whose words stand only inside it says where: in which lesson, part of a case, or file."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cms.library.cards import COLUMNS, CardRow, row_from
from cms.library.models import CaseStudy, MicroCourse, Work
from cms.outbox.worker import drain
from search.documents import About, id_of
from search.engines.base import Hit
from search.excerpts import inside
from search.finding import find
from search.showing import shown
from search.texts.enums import TextState
from search.texts.models import FileText
from tests import factories

pytestmark = pytest.mark.django_db


def excerpt(text: str) -> str:
    (found,) = find(AnonymousUser(), text).items
    return str(found.excerpt)


def row(work: Work) -> CardRow:
    return row_from(Work.objects.values_list(*COLUMNS).get(pk=work.pk))


def shared_with_file(place: factories.Province, text: str, *, name: str) -> Work:
    author = factories.teacher(place)
    file = factories.stored_file(author, name=name)
    work = factories.resource(place, author, title="观察一只翠鸟", files=[file])
    FileText.objects.create(sha256=file.sha256, state=TextState.READ, text=text)
    factories.shared(place, author, work, openly=True)
    return work


def test_words_in_a_file_are_shown_with_its_name() -> None:
    shared_with_file(factories.province(), "很长的开头。" * 500 + "说明<b>擒纵机构</b>怎样工作", name="《背影》<1>.pdf")
    drain()
    found = excerpt("擒纵机构")
    assert "附件《〈背影〉&lt;1&gt;.pdf》：…" in found
    assert "说明&lt;b&gt;<mark>擒纵机构</mark>&lt;/b&gt;" in found
    assert len(found) < 400


def test_the_name_of_a_file_and_other_characters_are_marked_too() -> None:
    shared_with_file(factories.province(), "這裡講擒縱機構與pH值，graph 里没有", name="擒纵.pdf")
    drain()
    assert "<mark>擒縱機構</mark>" in excerpt("擒纵机构")
    assert "<mark>pH值</mark>" in excerpt("ph值")


def test_words_in_lessons_and_parts_are_shown_with_their_titles() -> None:
    place = factories.province()
    author = factories.teacher(place)
    course = factories.micro_course(place, author)
    assert isinstance(course, MicroCourse)
    lessons = list(course.lessons.all())
    lessons[2].title, lessons[2].task_sheet = "第三课", "<p>用描点法画出抛物线</p>"
    course.lessons = lessons  # type: ignore[misc]  # modelcluster
    course.save_revision(user=author)
    factories.shared(place, author, course, openly=True)
    case = factories.case_study(place, author)
    assert isinstance(case, CaseStudy)
    parts = list(case.parts.all())
    parts[0].title, parts[0].body = "反思", "<p>同课异构有收获</p>"
    case.parts = parts  # type: ignore[misc]  # modelcluster
    case.save_revision(user=author)
    factories.shared(place, author, case, openly=True)
    drain()
    assert excerpt("描点法") == "课时《第三课》：会读写几分之一 用<mark>描点法</mark>画出抛物线"
    assert "案例内容《反思》：<mark>同课异构</mark>有收获" in excerpt("同课异构")


def test_a_chance_character_gives_way_to_the_place_where_the_words_stand_together() -> None:
    place = factories.province()
    author = factories.teacher(place)
    file = factories.stored_file(author, name="课文.pdf")
    work = factories.resource(
        place,
        author,
        title="一次春游",
        files=[file],
        summary="三个人一起行走，必有收获，说说路上看见了什么，回来写下来。",
    )
    FileText.objects.create(sha256=file.sha256, state=TextState.READ, text="子曰：三人行必有我师焉，择其善者而从之")
    factories.shared(place, author, work, openly=True)
    found = shown_of(row(work), ["三", "人", "三人行", "必有我师"])
    assert "附件《课文.pdf》" in found
    assert "<mark>三人行必有我师</mark>" in found
    assert "附件" not in shown_of(row(work), ["三"])
    assert "附件" not in shown_of(row(work), ["三", "收获"])
    assert shown_of(row(work), ["三", "人工智能"]).startswith("<mark>三</mark>个人")


def shown_of(work: CardRow, marks: list[str]) -> str:
    hit = Hit(id_of(About.WORK, work.pk), 1.0, {})
    return str(shown(AnonymousUser(), [hit], marks)[hit.id].excerpt)


def test_nothing_is_read_where_the_words_stand_outside(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert inside([], ["翠鸟"], more_than={}) == {}


@pytest.mark.parametrize("many", [1, 3])
def test_files_of_a_page_are_read_in_one_query(many: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    place = factories.province()
    works = [row(shared_with_file(place, f"擒纵机构{number}", name=f"{number}.pdf")) for number in range(many)]
    with django_assert_num_queries(1):
        assert len(inside(works, ["擒纵机构"], more_than={})) == many


def test_page_marks_the_words_in_titles_and_escapes_what_stands_there() -> None:
    place = factories.province()
    author = factories.teacher(place)
    title = "<b>擒纵机构</b>与“钟表”"
    factories.shared(place, author, factories.resource(place, author, title=title), openly=True)
    drain()
    page = Client().get("/search/", {"q": "擒纵机构"}).content.decode()
    assert ">&lt;b&gt;<mark>擒纵机构</mark>&lt;/b&gt;与“钟表”</a>" in page
    assert 'title="&lt;b&gt;擒纵机构&lt;/b&gt;与“钟表”"' in page
    assert "<b>擒纵" not in page
