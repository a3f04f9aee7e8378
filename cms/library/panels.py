"""How the form of each kind is laid out, and how versions of it are compared."""

import functools
import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import ChildRelationComparison, RichTextFieldComparison
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel
from wagtail.admin.panels.base import get_form_for_model

from cms.library.forms import CHILD_FORMS, KeyedFormSet, WorkForm
from cms.library.models import CaseStudy, MicroCourse, ResearchOutcome, Resource, Work

BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
Mapping = dict[int, int]  # place in one version -> place in the other


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


class TextPanel(FieldPanel):
    def get_comparison_class(self) -> type[TextComparison]:
        return TextComparison


class KeyedInlinePanel(InlinePanel):
    """Children with a key: it travels in a hidden input, and is no field of the page or of the comparison."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        formset = options["formsets"][self.relation_name]
        deferred = formset["form"]._meta.defer_required_on_fields if "form" in formset else []
        child = self.db_field.related_model
        formset["form"] = get_form_for_model(child, CHILD_FORMS[child], defer_required_on_fields=deferred)
        formset["fields"] = [*formset["fields"], "key"]
        formset["formset"] = KeyedFormSet
        formset["inherit_kwargs"] = ["for_user"]
        return options

    class BoundPanel(InlinePanel.BoundPanel):
        def get_comparison(self) -> list[Any]:
            found: list[Any] = super().get_comparison()
            return [functools.partial(KeyedComparison, *partial.args, **partial.keywords) for partial in found]


def _curriculum() -> Panel:
    return MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("sector"), FieldPanel("stage"), FieldPanel("subject"), FieldPanel("grade")]),
            FieldRowPanel([FieldPanel("edition"), FieldPanel("textbook"), FieldPanel("chapter")]),
            FieldRowPanel([FieldPanel("library"), FieldPanel("tags")]),
        ],
        heading=_("归类"),
    )


def _rights() -> Panel:
    return MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("licence"), FieldPanel("source")]),
            FieldPanel("source_note"),
            FieldPanel("authorship_stated"),
        ],
        heading=_("来源与许可"),
    )


OWN: dict[type[Work], list[Panel]] = {
    Resource: [FieldPanel("resource_type")],
    MicroCourse: [FieldPanel("research_theme")],
    CaseStudy: [FieldPanel("key_difficulty")],
    ResearchOutcome: [
        FieldRowPanel([FieldPanel("outcome_type"), FieldPanel("identifier"), FieldPanel("completed_on")]),
    ],
}
"""Fields that one kind has alone."""

CHILDREN: dict[type[Work], list[Panel]] = {
    MicroCourse: [
        KeyedInlinePanel(
            "lessons",
            [
                FieldRowPanel([FieldPanel("title"), FieldPanel("minutes")]),
                FieldPanel("goal"),
                FieldRowPanel([FieldPanel("video"), FieldPanel("captions"), FieldPanel("attachments")]),
                TextPanel("task_sheet"),
            ],
            heading=_("课时"),
            label=_("课时"),
        ),
    ],
    CaseStudy: [
        KeyedInlinePanel(
            "parts",
            [
                FieldRowPanel([FieldPanel("role"), FieldPanel("title")]),
                TextPanel("body"),
                FieldPanel("attachments"),
            ],
            heading=_("案例组成（1+1+N）"),
            label=_("部分"),
        ),
    ],
}
"""Children that one kind has."""


def edit_handler(model: type[Work]) -> ObjectList:
    """The form of one kind, from what it is about to what it may be used for."""
    return ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("summary"),
            *OWN[model],
            _curriculum(),
            TextPanel("body"),
            *CHILDREN.get(model, []),
            MultiFieldPanel([FieldPanel("files"), FieldPanel("cover")], heading=_("文件与封面")),
            _rights(),
        ],
        base_form_class=WorkForm,
    )
