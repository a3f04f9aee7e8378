"""Chapters and knowledge points are added, edited and moved in their tree, by whoever governs the province."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.taxonomy.models import Chapter, KnowledgePoint, Stage, Subject, Textbook
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province

pytestmark = pytest.mark.django_db

ADD, INDEX = "terms-chapter:add", "terms-chapter:index"


def send(place: Province, **facts: Any) -> dict[str, Any]:
    return {"textbook": place.textbook.pk, "parent": "", "order": 1, **facts}


def test_chapter_is_added_under_another(place: Province, governor: Client) -> None:
    listed = governor.get(reverse(INDEX), {"textbook": place.textbook.pk}).content.decode()
    assert f"?parent={place.chapter.pk}" in listed
    assert "添加下级" in listed
    address = f"{reverse(ADD)}?parent={place.chapter.pk}"
    form = governor.get(address).content.decode()
    assert f'<option value="{place.chapter.pk}" selected>' in form
    answer = governor.post(address, send(place, parent=place.chapter.pk, name="几分之一"))
    assert answer["Location"] == f"{reverse(INDEX)}?parent={place.chapter.pk}"
    chapter = Chapter.objects.get(name="几分之一")
    assert (chapter.parent, chapter.level, chapter.textbook) == (place.chapter, 2, place.textbook)
    page = governor.get(answer["Location"]).content.decode()
    assert "几分之一" in page
    assert str(place.textbook) in page


def test_chapter_of_the_same_name_is_refused_in_words(place: Province, governor: Client) -> None:
    page = governor.post(reverse(ADD), send(place, name=place.chapter.name)).content.decode()
    assert "这本教材的同一处已经有同名的章节，请换一个名称。" in page
    assert Chapter.objects.count() == 1


def test_chapter_is_moved_with_what_is_below(place: Province, governor: Client) -> None:
    unit = Chapter.objects.create(textbook=place.textbook, name="第九单元", order=9)
    lesson = Chapter.objects.create(textbook=place.textbook, name="综合与实践", parent=unit, level=2)
    address = reverse("terms-chapter:edit", args=(unit.pk,))
    page = governor.get(address).content.decode()
    assert f'<option value="{lesson.pk}"' not in page  # never below itself
    governor.post(address, send(place, parent=place.chapter.pk, name="第九单元"))
    assert [Chapter.objects.get(pk=pk).level for pk in (unit.pk, lesson.pk)] == [2, 3]
    page = governor.post(address, send(place, parent=lesson.pk, name="第九单元")).content.decode()
    assert Chapter.objects.get(pk=unit.pk).parent == place.chapter


def test_chapter_never_hangs_in_another_book(place: Province, governor: Client) -> None:
    other = Textbook.objects.create(
        stage=place.stage, subject=place.subject, edition=place.edition, volume="下册", title="三年级下册"
    )
    strange = Chapter.objects.create(textbook=other, name="第一单元")
    address = f"{reverse(ADD)}?textbook={place.textbook.pk}"
    governor.post(address, send(place, parent=strange.pk, name="走错的"))
    assert not Chapter.objects.filter(name="走错的").exists()


def test_tree_is_four_levels_deep_at_most(place: Province, governor: Client) -> None:
    above = place.chapter
    for level in (2, 3, 4):
        above = Chapter.objects.create(textbook=place.textbook, name=str(level), parent=above, level=level)
    address = f"{reverse(ADD)}?parent={above.pk}"
    assert (
        "最多 4 级，请换一个上级。"
        in governor.post(address, send(place, parent=above.pk, name="太深")).content.decode()
    )


def test_knowledge_point_is_added_and_its_number_is_its_own(place: Province, governor: Client) -> None:
    root = KnowledgePoint.objects.create(key="SX1", name="数与代数", subject=place.subject, stage=place.stage)
    address = f"{reverse('terms-knowledgepoint:add')}?parent={root.pk}"
    assert governor.get(address).status_code == 200
    page = governor.post(address, {"parent": root.pk, "key": "SX1", "name": "分数", "order": 1}).content.decode()
    assert "编号“SX1”已经用于“数与代数”，请换一个。" in page
    governor.post(address, {"parent": root.pk, "key": "SX1-1", "name": "分数", "order": 1})
    point = KnowledgePoint.objects.get(key="SX1-1")
    assert (point.parent, point.level, point.subject, point.stage) == (root, 2, place.subject, place.stage)
    edit = reverse("terms-knowledgepoint:edit", args=(point.pk,))
    governor.post(edit, {"parent": root.pk, "key": "SX1-1", "name": "分数的认识", "order": 1, "retired": "on"})
    point.refresh_from_db()
    assert (point.name, point.retired) == ("分数的认识", True)


def test_code_of_another_row_is_named(place: Province, governor: Client) -> None:
    page = governor.post(reverse("terms-stage:add"), {"name": "新学段", "code": place.stage.code, "sector": "basic"})
    assert f"代码“{place.stage.code}”已经用于“{place.stage}”，请换一个。" in page.content.decode()


@pytest.mark.parametrize("value", ["x", "-1", "999999999", "1;drop"])
def test_nonsense_places_count_as_none(place: Province, governor: Client, value: str) -> None:
    for name in (INDEX, ADD, "terms-knowledgepoint:index", "terms-knowledgepoint:add"):
        assert governor.get(reverse(name), {"parent": value, "textbook": value}).status_code == 200, name


def test_nobody_else_adds(place: Province) -> None:
    for person in (factories.teacher(place), factories.person("administrator", place.city)):
        signed_in(person).post(reverse(ADD), send(place, name="不该有"))
    assert not Chapter.objects.filter(name="不该有").exists()


def test_list_of_books_asks_the_same_for_one_row_and_three(
    place: Province, governor: Client, django_assert_max_num_queries: Any
) -> None:
    address = reverse("terms-textbook:index")
    governor.get(address)
    with django_assert_max_num_queries(14) as one:
        governor.get(address)
    for number in range(2):
        Textbook.objects.create(
            stage=place.stage, subject=place.subject, edition=place.edition, volume=f"选修{number}", title="数学史"
        )
    with django_assert_max_num_queries(14) as three:
        governor.get(address)
    assert len(one) == len(three)


def test_list_asks_the_same_for_one_row_and_three(
    place: Province, governor: Client, django_assert_max_num_queries: Any
) -> None:
    address = f"{reverse(INDEX)}?textbook={place.textbook.pk}"
    governor.get(address)
    with django_assert_max_num_queries(14) as one:
        governor.get(address)
    for number in range(2):
        Chapter.objects.create(textbook=place.textbook, name=f"第{number}单元")
    with django_assert_max_num_queries(14) as three:
        governor.get(address)
    assert len(one) == len(three)


def roots(place: Province) -> tuple[KnowledgePoint, KnowledgePoint]:
    """A point with another below it."""
    root = KnowledgePoint.objects.create(key="SX1", name="数与代数", subject=place.subject, stage=place.stage)
    child = KnowledgePoint.objects.create(
        key="SX1-1", name="分数", subject=place.subject, stage=place.stage, parent=root, level=2
    )
    return root, child


def point(node: KnowledgePoint, **facts: Any) -> dict[str, Any]:
    """What the browser sends of its form."""
    sent = {"parent": node.parent_id, "subject": node.subject_id, "stage": node.stage_id, "key": node.key}
    return {
        name: "" if fact is None else fact for name, fact in {**sent, "name": node.name, "order": 1, **facts}.items()
    }


def test_what_is_below_a_point_goes_to_its_stage_with_it(place: Province, governor: Client) -> None:
    root, child = roots(place)
    deepest = KnowledgePoint.objects.create(
        key="SX1-1-1", name="约分", subject=place.subject, stage=place.stage, parent=child, level=3
    )
    junior = Stage.objects.create(code="junior", name="初中", order=9)
    subject = Subject.objects.create(name="天文")
    address = reverse("terms-knowledgepoint:edit", args=(root.pk,))
    governor.post(address, point(root, stage=junior.pk, subject=subject.pk))
    for node in (root, child, deepest):
        node.refresh_from_db()
        assert (node.stage, node.subject) == (junior, subject)
    governor.post(reverse("terms-knowledgepoint:edit", args=(child.pk,)), point(child, name="分数的认识"))
    child.refresh_from_db()
    assert (child.name, child.parent, child.level) == ("分数的认识", root, 2)


def test_point_that_is_not_of_the_tree_above_it_keeps_its_place_and_is_put_right(
    place: Province, governor: Client
) -> None:
    """As points were left whose root had changed its stage."""
    root, child = roots(place)
    KnowledgePoint.objects.filter(pk=root.pk).update(stage=Stage.objects.create(code="junior", name="初中", order=9))
    address = reverse("terms-knowledgepoint:edit", args=(child.pk,))
    assert f'<option value="{root.pk}" selected>' in governor.get(address).content.decode()
    governor.post(address, point(child, name="分数的认识"))
    child.refresh_from_db()
    assert (child.name, child.parent, child.stage.name) == ("分数的认识", root, "初中")  # type: ignore[union-attr]


def test_point_does_not_change_its_stage_and_hang_in_the_tree_of_before(place: Province, governor: Client) -> None:
    root, _child = roots(place)
    other = KnowledgePoint.objects.create(key="SX2", name="图形与几何", subject=place.subject, stage=place.stage)
    junior = Stage.objects.create(code="junior", name="初中", order=9)
    address = reverse("terms-knowledgepoint:edit", args=(other.pk,))
    page = governor.post(address, point(other, stage=junior.pk, parent=root.pk)).content.decode()
    assert "学段跟上级一致：要么改它，要么换上级，请只改一样。" in page
    governor.post(address, point(other, parent=root.pk))
    other.refresh_from_db()
    assert (other.parent, other.level, other.stage) == (root, 2, place.stage)


def test_loop_that_was_left_is_shown_and_can_be_undone(place: Province, governor: Client) -> None:
    root, child = roots(place)
    KnowledgePoint.objects.filter(pk=root.pk).update(parent=child)
    assert governor.get(reverse("terms-knowledgepoint:index"), {"parent": child.pk}).status_code == 200
    address = reverse("terms-knowledgepoint:edit", args=(root.pk,))
    assert governor.get(address).status_code == 200
    governor.post(address, point(root, parent=None))
    assert [(node.parent, node.level) for node in KnowledgePoint.objects.order_by("key")] == [(None, 1), (root, 2)]
