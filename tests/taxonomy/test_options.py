"""The curriculum narrows step by step, for everybody alike."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.taxonomy.models import Chapter, Grade, Stage, Textbook
from tests import factories

pytestmark = pytest.mark.django_db


def options(**chosen: Any) -> dict[str, list[str]]:
    answer = Client().get(reverse("taxonomy:options"), chosen)
    assert answer.status_code == 200
    return {part: [row["name"] for row in rows] for part, rows in answer.json().items()}


def test_options_widen_until_something_is_chosen() -> None:
    factories.province()
    found = options()
    assert found["stage"] == ["小学"]
    assert found["subject"] == ["数学", "语文"]
    assert found["grade"] == found["textbook"] == found["chapter"] == []


def test_options_narrow_by_what_is_chosen() -> None:
    place = factories.province()
    junior = Stage.objects.create(code="junior", name="初中", sector="basic", order=3)
    Grade.objects.create(stage=junior, name="七年级")
    chosen = {"stage": place.stage.pk, "subject": place.subject.pk, "grade": place.grade.pk}
    found = options(**chosen)
    assert found["grade"] == ["三年级"]
    assert found["edition"] == ["人教版"]
    assert found["textbook"] == ["义务教育教科书·数学 三年级上册"]
    assert options(stage=junior.pk)["subject"] == []
    assert options(stage=place.stage.pk, subject=place.other_subject.pk)["edition"] == []


def test_options_narrow_by_the_sector_before_a_stage_is_chosen() -> None:
    place = factories.province()
    college = Stage.objects.create(code="college", name="高职", sector="vocational", order=9)
    place.other_subject.stages.add(college)
    assert options(sector="basic")["stage"] == ["小学"]
    found = options(sector="vocational")
    assert found["stage"] == ["高职"]
    assert found["subject"] == ["语文"]
    assert found["edition"] == []
    assert options(sector="basic", stage=college.pk)["stage"] == ["小学"]
    rows = Client().get(reverse("taxonomy:options")).json()["stage"]
    assert [(row["sector"], row["group"]) for row in rows] == [("basic", "基础教育"), ("vocational", "职业教育")]


def test_api_tells_the_sector_of_a_stage() -> None:
    factories.province()
    Stage.objects.create(code="college", name="高职", sector="vocational", order=9)
    rows = Client().get("/api/v1/taxonomy/stages", {"sector": "vocational"}).json()
    assert [(row["name"], row["sector"]) for row in rows] == [("高职", "vocational")]
    assert Client().get("/api/v1/taxonomy/stages", {"sector": "x"}).status_code == 422


@pytest.mark.parametrize("number", ["9" * 20, str(2**63), "0", "-1", "x"])
@pytest.mark.parametrize(
    "asked",
    [
        "grades?stage={n}",
        "subjects?stage={n}",
        "textbooks?stage={n}&subject=1",
        "textbooks?stage=1&subject={n}",
        "textbooks?stage=1&subject=1&edition={n}",
        "textbooks?stage=1&subject=1&grade={n}",
        "chapters?textbook={n}",
    ],
)
def test_api_refuses_what_is_no_number_of_a_row(asked: str, number: str) -> None:
    answer = Client().get(f"/api/v1/taxonomy/{asked.format(n=number)}")
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"


@pytest.mark.parametrize("asked", ["grades?stage={n}", "subjects?stage={n}", "chapters?textbook={n}"])
def test_api_finds_nothing_under_a_row_that_is_not_there(asked: str) -> None:
    assert Client().get(f"/api/v1/taxonomy/{asked.format(n=2**63 - 1)}").json() == []


def test_options_give_chapters_as_a_tree() -> None:
    place = factories.province()
    second = Chapter.objects.create(textbook=place.textbook, name="第九单元", order=9)
    Chapter.objects.create(textbook=place.textbook, name="几分之一", parent=place.chapter, level=2, order=99)
    assert options(textbook=place.textbook.pk)["chapter"] == ["第八单元 分数的初步认识", "　几分之一", second.name]


def test_options_leave_out_what_is_retired() -> None:
    place = factories.province()
    place.textbook.retired = True
    place.textbook.save()
    found = options(stage=place.stage.pk, subject=place.subject.pk)
    assert found["textbook"] == found["edition"] == []


def test_options_hold_a_book_without_a_grade() -> None:
    place = factories.province()
    Textbook.objects.create(
        stage=place.stage, subject=place.subject, edition=place.edition, volume="选修一", title="数学史选讲"
    )
    found = options(stage=place.stage.pk, subject=place.subject.pk, grade=place.grade.pk)
    assert "数学史选讲（选修一）" in found["textbook"]


@pytest.mark.parametrize("value", ["x", "-1", "0", "1" * 60, "１", "1;drop", "\x00"])
def test_options_take_nonsense_for_nothing(value: str) -> None:
    factories.province()
    assert options(sector=value, stage=value, textbook=value)["stage"] == ["小学"]


def test_options_ask_six_times_at_most(django_assert_max_num_queries: Any) -> None:
    place = factories.province()
    with django_assert_max_num_queries(6):
        options(stage=place.stage.pk, subject=place.subject.pk, textbook=place.textbook.pk)
