"""What changed between two versions."""

import time
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import factories
from workflows.review.desk import shown_children
from workflows.review.differences import Change, ChildChange, Difference, compare, marked, named, plain
from workflows.review.naming import label_of, names_for


def name_of(name: str, value: Any) -> str:
    return f"{name}-{value}"


def lesson(key: str, order: int, title: str = "认识几分之一", **more: Any) -> dict[str, Any]:
    return {"key": key, "sort_order": order, "title": title, "attachments": [], **more}


def test_same_content_has_no_difference() -> None:
    content = {"title": "分数", "body": "<p>折纸</p>", "files": [1], "lessons": [lesson("a", 0)]}
    assert compare(content, dict(content), name_of).count == 0


def test_texts_are_marked_and_rows_are_named() -> None:
    before = {"title": "分数的认识", "stage": 1, "authorship_stated": False, "tagged_items": [{"tag": 7}]}
    after = {"title": "分数的初步认识", "stage": 2, "authorship_stated": True, "tagged_items": [{"tag": 8}]}
    title, stage, tags, stated = compare(before, after, name_of).changes
    assert [(piece.mark, piece.text) for piece in title.pieces] == [
        ("same", "分数的"),
        ("in", "初步"),
        ("same", "认识"),
    ]
    assert stage == Change("stage", out=["stage-1"], into=["stage-2"])
    assert tags == Change("tags", out=["tags-7"], into=["tags-8"])
    assert stated == Change("authorship_stated", into=["authorship_stated-True"])


def test_nothing_and_empty_are_the_same() -> None:
    assert compare({"summary": None, "cover": None}, {"summary": "", "cover": ""}, name_of).count == 0


def test_rich_text_is_compared_as_text() -> None:
    before = {"body": '<p data-block-key="a1">折纸 &amp; 比较</p><ul><li>一</li></ul>'}
    same = {"body": '<p data-block-key="zz">折纸 &amp; 比较</p><ul><li>一</li></ul>'}
    assert compare(before, same, name_of).count == 0
    assert plain(before["body"]) == "折纸 & 比较\n一"
    (change,) = compare(before, {"body": "<p>折纸 &amp; 比较</p><ul><li>二</li></ul>"}, name_of).changes
    assert [piece.mark for piece in change.pieces] == ["same", "out", "in"]


def test_files_put_in_another_order_are_told() -> None:
    before = {"files": [1, 2, 3], "file_order": [2, 1, 3]}
    with translation.override("zh-hans"):
        (order,) = compare(before, {"files": [1, 2, 3], "file_order": [3, 2, 1]}, name_of).changes
    assert order == Change("file_order", out=["files-2、files-1、files-3"], into=["files-3、files-2、files-1"])
    assert label_of("file_order") != "file_order"
    (gone,) = compare(before, {"files": [2, 3], "file_order": [2, 3]}, name_of).changes
    assert gone == Change("files", out=["files-1"])
    assert compare({"files": [1, 2]}, {"files": [1, 2], "file_order": [1, 2]}, name_of).count == 0


def test_lessons_are_known_by_their_key() -> None:
    rows = [("a", "一"), ("b", "二"), ("c", "三"), ("d", "四")]
    before = {"lessons": [lesson(key, order, title) for order, (key, title) in enumerate(rows)]}
    rows = [("a", "一"), ("c", "三"), ("d", "四"), ("e", "五"), ("b", "二")]
    after = {"lessons": [lesson(key, order, title) for order, (key, title) in enumerate(rows)]}
    after["lessons"][0]["attachments"] = [5]
    before["lessons"].append(lesson("f", 9, "六"))
    found = {(child.kind, child.title): child for child in compare(before, after, name_of).children}
    assert set(found) == {("changed", "一"), ("added", "五"), ("removed", "六"), ("changed", "二")}
    assert found["changed", "一"].changes == [Change("attachments", into=["attachments-5"])]
    assert (found["changed", "二"].number, found["changed", "二"].moved_from) == (5, 2)


def test_named_lists_every_id() -> None:
    content = {"stage": 3, "files": [1, 2], "tagged_items": [{"tag": 9}], "lessons": [lesson("a", 0, video=4)]}
    found = named([content])
    assert found["files"] == {1, 2}
    assert found["video"] == {4}
    assert found["tags"] == {9}
    assert found["stage"] == {3}


@settings(max_examples=60, deadline=None)
@given(st.text("分数的认识ab \n", max_size=60), st.text("分数的认识ab \n", max_size=60))
def test_marks_tell_both_texts(before: str, after: str) -> None:
    """Short texts are not cut: what is kept and put in is the new text, what is kept and taken out the old one."""
    pieces = marked(before, after)
    squeezed = [(piece.mark, piece.text.replace("\n", "")) for piece in pieces]
    if not any("…" in text for _mark, text in squeezed):
        assert "".join(text for mark, text in squeezed if mark != "out") == after.replace("\n", "")
        assert "".join(text for mark, text in squeezed if mark != "in") == before.replace("\n", "")


def test_many_short_lines_are_not_compared_each_with_each() -> None:
    """Ten thousand lines on either side would be worked at for minutes, at every opening of the desk."""
    before, after = (["甲", "乙"] * 5000, ["乙", "乙", "甲"] * 3333)
    began = time.monotonic()
    pieces = marked("\n".join(before), "\n".join(after))
    assert time.monotonic() - began < 2
    assert [(piece.mark, piece.text) for piece in pieces] == [("out", "\n".join(before)), ("in", "\n".join(after))]


def test_what_is_compared_by_characters_is_bounded_in_one_text_not_in_one_passage() -> None:
    before = [line for number in range(9) for line in (f"第{number}段", "甲乙丙丁" * 250)]
    after = [line.replace("丙", "戊") for line in before]
    marks = [piece.mark for piece in marked("\n".join(before), "\n".join(after))]
    assert marks.count("out") == 250 + 8  # the first passage by its characters, the others whole


def test_long_texts_are_compared_in_time() -> None:
    before = "\n".join(f"第{n}段：折一折，比一比，说一说几分之一。" * 5 for n in range(400))
    after = before.replace("第200段", "第二百段").replace("第7段", "")
    begun = time.monotonic()
    pieces = marked(before, after)
    assert time.monotonic() - begun < 3
    assert sum(len(piece.text) for piece in pieces) < 2_000
    begun = time.monotonic()
    marked("甲" * 20_000, "乙" * 20_000)
    assert time.monotonic() - begun < 3


@pytest.mark.django_db
@pytest.mark.parametrize("lessons", [18, 30])
def test_names_cost_one_query_a_table(lessons: int, django_assert_num_queries: Any) -> None:
    place = factories.province()
    author = factories.teacher(place)
    work = factories.micro_course(place, author, lessons=lessons)
    content = work.latest_revision.content
    with django_assert_num_queries(8):  # seven curriculum tables, files
        told = names_for([content])
    assert told("stage", place.stage.pk) == "小学"
    assert told("video", content["lessons"][0]["video"]) == "分月饼.mp4"
    assert told("stage", 999_999) == "（已不存在）"
    assert told("licence", "cc-by") == "署名（CC BY）"
    assert (label_of("title"), label_of("title", "lessons"), label_of("video", "lessons")) == (
        "标题",
        "课时标题",
        "微视频",
    )


def test_lesson_with_book_marks_in_its_title_is_named_with_single_ones() -> None:
    added = ChildChange("lessons", "added", "《草船借箭》", 1)
    (shown,) = shown_children(Difference(changes=[], children=[added]))
    assert shown.heading == "第 1 课时《〈草船借箭〉》"
