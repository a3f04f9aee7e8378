"""How the form of each kind is laid out."""

import functools
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel
from wagtail.admin.panels.base import get_form_for_model

from cms.library.comparisons import FilesComparison, KeyedComparison, TextComparison
from cms.library.forms import CHILD_FORMS, KeyedFormSet, WorkForm
from cms.library.models import CaseStudy, MicroCourse, ResearchOutcome, Resource, Work
from cms.library.models.kinds import MOST_LESSONS, MOST_PARTS


class TextPanel(FieldPanel):
    def get_comparison_class(self) -> type[TextComparison]:
        return TextComparison


class FilesPanel(FieldPanel):
    def get_comparison_class(self) -> type[FilesComparison]:
        return FilesComparison


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
                FieldRowPanel([FieldPanel("video"), FieldPanel("captions"), FilesPanel("attachments")]),
                TextPanel("task_sheet"),
            ],
            heading=_("课时"),
            label=_("课时"),
            max_num=MOST_LESSONS,
        ),
    ],
    CaseStudy: [
        KeyedInlinePanel(
            "parts",
            [
                FieldRowPanel([FieldPanel("role"), FieldPanel("title")]),
                TextPanel("body"),
                FilesPanel("attachments"),
            ],
            heading=_("案例组成（1+1+N）"),
            label=_("部分"),
            max_num=MOST_PARTS,
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
            MultiFieldPanel([FilesPanel("files"), FieldPanel("cover")], heading=_("文件与封面")),
            _rights(),
        ],
        base_form_class=WorkForm,
    )
