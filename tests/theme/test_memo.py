"""Drawings are kept by all that goes into them."""

from typing import Any

from django.template import Context, Template
from django.utils.safestring import mark_safe
from django.utils.translation import override

from theme.memo import Drawings
from theme.templatetags.theme import icon

WORK: dict[str, Any] = {
    "title": "分数",
    "url": "/works/1/",
    "kind": "resource",
    "author": "李老师",
    "school": "求知小学",
}


def drawn(work: dict[str, Any]) -> str:
    return Template("{% load theme %}{% card work %}").render(Context({"work": work}))


def test_a_changed_card_is_drawn_anew() -> None:
    assert "王老师" in drawn({**WORK, "author": "王老师"})
    assert "王老师" not in drawn(WORK)
    assert drawn(WORK) == drawn(dict(WORK))


def test_marked_and_bare_text_are_never_taken_for_each_other() -> None:
    text = "<mark>分数</mark>"
    assert text in drawn({**WORK, "why": mark_safe(text)})  # noqa: S308  as search marks what it found
    assert text not in drawn({**WORK, "why": text})
    assert text in drawn({**WORK, "why": mark_safe(text)})  # noqa: S308


def test_labels_of_icons_are_not_taken_for_each_other_either() -> None:
    text = "<kbd>"
    assert f'aria-label="{text}"' in icon("search", mark_safe(text))  # noqa: S308  as a template's own words are
    assert 'aria-label="&lt;kbd&gt;"' in icon("search", text)


def test_each_language_has_its_own_drawing() -> None:
    chinese = drawn(WORK)
    with override("en"):
        assert drawn(WORK) != chinese
    assert drawn(WORK) == chinese


def test_what_is_the_same_is_drawn_once_and_what_cannot_be_told_every_time() -> None:
    asked: list[Any] = []
    drawings = Drawings(lambda value: asked.append(value) or mark_safe("x"))  # type: ignore[func-returns-value]
    for value in ({"a": 1}, {"a": 1}, {"a": True}, {"a": object()}, {"a": object()}):
        drawings.get(value)
    assert len(asked) == 4
