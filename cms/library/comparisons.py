"""How two versions of a work are compared in the workbench: children by their key, values as people read them."""

import re
from datetime import date
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin.compare import (
    ChildObjectComparison,
    ChildRelationComparison,
    FieldComparison,
    M2MFieldComparison,
    RichTextFieldComparison,
    TextDiff,
    register_comparison_class,
)

from cms.library.file_order import in_order

BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


class ValueComparison(FieldComparison):
    """A number, a date, a yes or no as a person writes it; nothing at all when it is empty (Wagtail writes "None")."""

    def htmldiff(self) -> SafeString:
        if self.val_a == self.val_b:
            return TextDiff([("equal", shown(self.val_b))]).to_html()
        sides = [("deletion", shown(self.val_a)), ("addition", shown(self.val_b))]
        return TextDiff([side for side in sides if side[1]]).to_html()


def shown(value: Any) -> str:
    """The value as text; an empty one is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return date_format(value, "Y-m-d") if isinstance(value, date) else str(value)


for _field in (models.IntegerField, models.DateField, models.BooleanField):
    register_comparison_class(_field, comparison_class=ValueComparison)


class FilesComparison(M2MFieldComparison):
    """Files by name, in their author's order: one that was moved is taken out there and put in here."""

    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        super().__init__(field, obj_a, obj_b)
        self.val_a, self.val_b = (
            in_order(value, obj.file_order) for value, obj in ((self.val_a, obj_a), (self.val_b, obj_b))
        )


class ChildComparison(ChildObjectComparison):
    """One lesson or part; what is empty in both versions is left out."""

    def get_field_comparisons(self) -> list[Any]:
        found: list[Any] = super().get_field_comparisons()
        return [comparison for comparison in found if filled(comparison.val_a) or filled(comparison.val_b)]


def filled(value: Any) -> bool:
    """Whether there is something to read. A No is; an empty text or an empty list is not."""
    if value is None or isinstance(value, bool | int):
        return value is not None
    return bool(_unmarked(value) if isinstance(value, str) else list(value) if hasattr(value, "__iter__") else value)


class KeyedComparison(ChildRelationComparison):
    """Children are the same when their keys are: their rows are remade at each publish."""

    def get_mapping(
        self, objs_a: list[Any], objs_b: list[Any]
    ) -> tuple[dict[int, int], dict[int, int], list[int], list[int]]:
        place = {child.key: index for index, child in enumerate(objs_b)}
        forwards = {index: place[child.key] for index, child in enumerate(objs_a) if child.key in place}
        backwards = {b: a for a, b in forwards.items()}
        added = [index for index in range(len(objs_b)) if index not in backwards]
        deleted = [index for index in range(len(objs_a)) if index not in forwards]
        return forwards, backwards, added, deleted

    def get_child_comparison(self, obj_a: Any, obj_b: Any) -> ChildComparison:
        return ChildComparison(self.field.related_model, self.field_comparisons, obj_a, obj_b)

    def get_child_comparisons(self) -> list[Any]:
        """Only the children that differ: of a course with 60 lessons, the one that was changed."""
        found: list[Any] = super().get_child_comparisons()
        return [c for c in found if c.is_addition() or c.is_deletion() or c.get_position_change() or c.has_changed()]


class TextComparison(RichTextFieldComparison):
    """Rich text is the same when only the editor's own marks differ: it adds one to each paragraph at first save."""

    def has_changed(self) -> bool:
        return _unmarked(self.val_a) != _unmarked(self.val_b)


def _unmarked(text: str | None) -> str:
    return BLOCK_KEY.sub("", text or "")
