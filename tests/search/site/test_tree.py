"""The curriculum tree on the search page: under the chosen parent, counted as this visitor may see, by links alone."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cms.library.models import Work
from cms.outbox import worker
from cms.taxonomy.models import Chapter, Grade, Textbook
from search.documents import document_of
from search.finding import find
from search.shelf import Shelf
from tests import factories

pytestmark = pytest.mark.django_db


def tree(client: Client, address: str = "/search/") -> dict[str, Any]:
    """label -> link of the group 教材目录."""
    soup = BeautifulSoup(client.get(address).content.decode(), "html.parser")
    (group,) = [
        each for each in soup.select("details.facet") if each.summary and each.summary.text.strip() == "教材目录"
    ]
    return {link.select("span")[1].text: link for link in group.select("a.facet-option")}


def count(link: Any) -> int:
    return int(link.select_one(".count .keep").text)


@pytest.fixture
def shelf() -> factories.Province:
    """Two sections of one unit and another unit, each with an open work; one work more is for a county only."""
    place = factories.province()
    author = factories.teacher(place)
    sections = [Chapter.objects.create(textbook=place.textbook, parent=place.chapter, name=f"第{n}节") for n in (1, 2)]
    other = Chapter.objects.create(textbook=place.textbook, name="第九单元", order=9)
    for chapter in (*sections, place.chapter, other):
        factories.shared(place, author, factories.resource(place, author, chapter=chapter), openly=True)
    factories.shared(place, author, factories.resource(place, author, chapter=sections[0]))
    worker.drain()
    return place


def test_a_person_goes_down_to_a_section_by_links_alone(shelf: factories.Province) -> None:
    client = Client()
    links = tree(client)
    assert list(links) == ["小学"]
    links = tree(client, f"/search/{links['小学']['href']}&subject={shelf.subject.pk}")
    assert links["小学"]["aria-current"] == "true"
    assert (list(links), count(links["三年级"])) == (["小学", "三年级"], 4)
    for step in ("三年级", "上册", "人教版"):
        links = tree(client, f"/search/{links[step]['href']}")
    assert list(links)[:4] == ["小学", "三年级", "上册", "人教版"]
    assert [count(links[name]) for name in (shelf.chapter.name, "第1节", "第2节", "第九单元")] == [3, 1, 1, 1]
    unit = client.get(f"/search/{links[shelf.chapter.name]['href']}").content.decode()
    assert '找到 <span class="keep">3</span> 件' in unit
    section = tree(client, f"/search/{links['第1节']['href']}")
    assert section["第1节"]["aria-current"] == "true"
    back = section["三年级"]["href"]
    assert "stage=" in back
    assert not any(f"{name}=" in back for name in ("grade", "volume", "edition", "chapter"))


def test_who_chose_no_subject_is_asked_for_it_before_the_chapters(shelf: factories.Province) -> None:
    client = Client()
    links = tree(client)
    for step in ("小学", "三年级", "上册"):
        assert shelf.subject.name not in links
        links = tree(client, f"/search/{links[step]['href']}")
    links = tree(client, f"/search/{links['人教版']['href']}")
    assert (list(links)[-1], count(links[shelf.subject.name])) == (shelf.subject.name, 4)
    links = tree(client, f"/search/{links[shelf.subject.name]['href']}")
    assert [count(links[name]) for name in (shelf.chapter.name, "第九单元")] == [3, 1]
    assert shelf.subject.name not in links


def test_links_hold_nothing_behind_what_is_asked(shelf: factories.Province) -> None:
    asked = f"?subject={shelf.subject.pk}"
    links = tree(Client(), f"/search/{asked}&stage={shelf.stage.pk}&grade={shelf.grade.pk}")
    # The stage goes with its grade: nothing of the curriculum is left.
    assert links["小学"]["href"] == asked
    assert not [link["href"] for link in links.values() if link["href"].endswith("&")]


def test_counts_of_the_tree_are_under_the_visitors_permission(shelf: factories.Province) -> None:
    client = Client()
    client.force_login(factories.person("teacher", shelf.county))
    asked = f"/search/?subject={shelf.subject.pk}&grade={shelf.grade.pk}&edition={shelf.edition.pk}"
    links = tree(client, asked)
    assert (count(links["小学"]), count(links[shelf.chapter.name]), count(links["第1节"])) == (5, 4, 2)
    assert count(tree(Client(), asked)["第1节"]) == 1


def test_chapters_are_counted_only_when_one_textbook_is_left(shelf: factories.Province) -> None:
    chosen = {"subject": [str(shelf.subject.pk)], "grade": [str(shelf.grade.pk)], "edition": [str(shelf.edition.pk)]}
    nobody = factories.person("teacher", shelf.other_county)

    def facets(**asked: list[str]) -> tuple[str, ...]:
        return find(nobody, "", chosen=asked, shelf=Shelf()).query.facets

    assert not {"grade", "volume", "edition", "chapter"} & set(facets())
    assert {"grade"} <= set(facets(stage=[str(shelf.stage.pk)]))
    assert "chapter" in facets(**chosen)
    assert "chapter" not in facets(**{**chosen, "subject": []})
    assert "chapter" not in facets(**{**chosen, "subject": ["x", "9" * 30]})
    lower = {name: getattr(shelf.textbook, name) for name in ("stage", "subject", "edition", "grade", "title")}
    Textbook.objects.create(volume="下册", **lower)
    assert "chapter" not in facets(**chosen)
    assert "chapter" in facets(**chosen, volume=["上册"])


def test_what_was_typed_opens_the_tree(shelf: factories.Province) -> None:
    Grade.objects.create(stage=shelf.stage, name="四年级", order=4)
    links = tree(Client(), "/search/?q=三上数学人教版")
    assert "三年级" in links
    assert shelf.chapter.name in links
    ticked = {
        name: links[name].get("aria-current") for name in ("小学", "三年级", "上册", "人教版", shelf.chapter.name)
    }
    assert ticked == {"小学": None, "三年级": "true", "上册": "true", "人教版": "true", shelf.chapter.name: None}


def test_what_was_typed_is_ticked_in_the_tree_and_unticked_alone(shelf: factories.Province) -> None:
    place = shelf
    links = tree(Client(), "/search/?q=三上数学")

    without_volume = QueryDict(links["上册"]["href"].lstrip("?"))
    assert without_volume.dict() == {"q": "三上数学", "plain": "三上", "grade": str(place.grade.pk)}
    links = tree(Client(), f"/search/{links['上册']['href']}")
    assert "aria-current" not in links["上册"].attrs
    assert links["三年级"]["aria-current"] == "true"

    links = tree(Client(), "/search/?q=三年级数学")
    beside = QueryDict(links["小学"]["href"].lstrip("?"))
    assert beside.dict() == {"q": "三年级数学", "stage": str(place.stage.pk)}  # what was read goes on to be read
    away = QueryDict(links["三年级"]["href"].lstrip("?"))
    assert away.dict() == {"q": "三年级数学", "plain": "三年级"}


def test_document_of_a_section_names_its_unit(shelf: factories.Province) -> None:
    section = Chapter.objects.get(name="第1节")
    work = Work.objects.filter(chapter=section).first()
    assert work is not None
    found = document_of(work)
    assert found is not None
    assert list(found.facets["chapter"]) == [str(section.pk), str(shelf.chapter.pk)]


def test_the_tree_costs_two_queries_at_most(
    shelf: factories.Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(factories.person("teacher", shelf.county))
    asked = f"/search/?q=分数&subject={shelf.subject.pk}&grade={shelf.grade.pk}&edition={shelf.edition.pk}"
    client.get(asked)
    client.get("/search/?q=分数")
    with django_assert_max_num_queries(14):
        client.get("/search/?q=分数")
    with django_assert_max_num_queries(16):
        client.get(asked)


@pytest.mark.parametrize(
    "query", ["stage=x&grade=&chapter=9999999999999999999999", "grade=1&grade=2&volume=%00", "edition=-1"]
)
def test_whatever_an_address_says_gets_an_answer(shelf: factories.Province, query: str) -> None:
    assert Client().get(f"/search/?{query}&subject={shelf.subject.pk}").status_code == 200
