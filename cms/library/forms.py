"""The form of a work: files only of one's own, a curriculum that holds together, lessons that keep their keys."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm

from cms.library.enums import FileKind
from cms.library.fields import CurriculumField, FilesField, Shelf, as_list, pk_of
from cms.library.file_order import in_order
from cms.library.models import CasePart, Lesson
from cms.library.widgets import CurriculumSelect
from cms.organisations.enums import Sector
from cms.taxonomy.queries import OPTIONS, Chosen, as_id

FILE_INPUT = re.compile(r"(^|-)(cover|files|video|captions|attachments)$")
EMPTY_TEXT = re.compile(r"(<p[^>]*></p>\s*)+")
CURRICULUM = tuple(OPTIONS)


BROKEN_TEXT = (ValueError, KeyError, IndexError, TypeError, AttributeError)
"""What Wagtail's converter of rich text raises for JSON that its editor never sends."""


class Uploading(WagtailAdminModelForm):
    """A form with fields of stored files, whose rows the database need not be asked for again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._broken: set[str] = set()
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, FilesField) and field.multiple:
                self.initial[name] = in_order(as_list(self.initial.get(name)), self.instance.file_order)

    def _widget_data_value(self, widget: Any, html_name: str) -> Any:
        """Rich text that does not arrive whole is an error of its field, not of the page; an empty one is empty."""
        try:
            value = super()._widget_data_value(widget, html_name)
            return "" if isinstance(value, str) and EMPTY_TEXT.fullmatch(value) else value
        except BROKEN_TEXT:
            self._broken.add(html_name)
            return ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in [name for name in self.fields if self.add_prefix(name) in self._broken]:
            self.add_error(name, ValidationError(gettext("这段内容没有完整送达，请刷新页面后再试。"), code="broken"))
        for name, field in self.fields.items():
            if isinstance(field, FilesField) and field.multiple and name in data:
                self.instance.file_order = [stored.pk for stored in data[name]]
        return data

    class Meta(WagtailAdminModelForm.Meta):
        pass

    def file_fields(self) -> Iterator[FilesField]:
        return (field for field in self.fields.values() if isinstance(field, FilesField))

    def shown_ids(self) -> Iterable[Any]:
        """Ids of the files that this form shows before anybody posts."""
        for name, field in self.fields.items():
            if isinstance(field, FilesField):
                yield from map(pk_of, as_list(self.initial.get(name)))

    def _get_validation_exclusions(self) -> set[str]:
        """Rows that our fields have just read are not asked for once more, one by one."""
        known = {name for name, field in self.fields.items() if isinstance(field, FilesField | CurriculumField)}
        excluded: set[str] = super()._get_validation_exclusions()
        return excluded | known


class KeyedForm(Uploading):
    """A lesson or a part of a case: its `key` is given once and survives every save, whatever happens to its row."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kwargs.get("instance") is None:
            self.initial["key"] = None  # the model's default would stand in the template of every new row

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["key"] = data.get("key") or uuid4()
        return data

    def get_field_updates_for_resave(self) -> list[tuple[str, str]]:
        """Tells the still open page the keys that were given, so that the next autosave sends them back."""
        updates: list[tuple[str, str]] = super().get_field_updates_for_resave()
        name = self.add_prefix("key")
        if self.instance.key and self.data.get(name) != str(self.instance.key):
            updates.append((name, str(self.instance.key)))
        return updates


class KeyedFormSet(BaseChildFormSet):
    """Children are found among those of the version that is edited, never among the rows of the live version.

    Django asks the table for each id: a version whose lesson the live one has dropped could not be saved again, and
    a course of 60 lessons asked 60 times.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.absolute_max = self.max_num  # whatever number is sent: Django makes a thousand forms more, a page of 30 MB
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        super().full_clean()
        for error in self._non_form_errors.as_data():
            if error.code == "too_many_forms":
                error.message = gettext("最多 %d 项，这次没有保存。请删掉一些，刷新页面后再试。") % self.max_num

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        row = form.fields["id"]
        form.fields["id"] = forms.IntegerField(initial=row.initial, required=False, widget=forms.HiddenInput)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        """An id that is none, or is not sent at all, makes a new child instead of an error page."""
        try:
            return super()._construct_form(i, **kwargs)
        except (ValidationError, KeyError):
            kwargs["instance"] = self.model()
            return BaseFormSet._construct_form(self, i, **kwargs)  # type: ignore[attr-defined]


class LessonForm(KeyedForm):
    video = FilesField(kind=FileKind.VIDEO, multiple=False, label=_("微视频"))
    captions = FilesField(kind=FileKind.CAPTIONS, multiple=False, label=_("字幕"))
    attachments = FilesField(label=_("课时文件"))


class CasePartForm(KeyedForm):
    attachments = FilesField(label=_("文件"))


CHILD_FORMS: dict[type, type[KeyedForm]] = {Lesson: LessonForm, CasePart: CasePartForm}


class WorkForm(Uploading):
    """The form of every kind. `for_user` is whose uploads may be chosen."""

    sector = forms.ChoiceField(
        label=_("教育类别"),
        choices=[("", _("请选择")), *Sector.choices],
        required=False,
        widget=CurriculumSelect("sector"),
    )
    stage = CurriculumField("stage", label=_("学段"), broader=_("教育类别"))
    subject = CurriculumField("subject", label=_("学科"), broader=_("学段"))
    grade = CurriculumField("grade", label=_("年级"), broader=_("学段"))
    edition = CurriculumField("edition", label=_("教材版本"), broader=_("学段、学科"))
    textbook = CurriculumField("textbook", label=_("教材"), broader=_("学段、学科、年级或教材版本"))
    chapter = CurriculumField("chapter", label=_("章节"), broader=_("教材"))
    cover = FilesField(kind=FileKind.IMAGE, multiple=False, label=_("封面"))
    files = FilesField(label=_("文件"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["sector"] = self.instance.stage.sector if self.instance.stage is not None else ""
        self._narrow()
        self._fill_shelf()
        library: Any = self.fields.get("library")
        if library is not None:
            library.empty_label = _("请选择")
            library.queryset = library.queryset.filter(Q(retired=False) | Q(pk=self.instance.library_id))

    def child_forms(self) -> Iterator[KeyedForm]:
        for formset in self.formsets.values():
            yield from formset.forms

    def save(self, commit: bool = True) -> Any:
        """Two children never share a key: the later one is given a new key."""
        seen: Counter[Any] = Counter()
        for child in self.child_forms():
            key = getattr(child, "cleaned_data", {}).get("key")
            seen[key] += 1
            if key is not None and seen[key] > 1:
                child.instance.key = child.cleaned_data["key"] = uuid4()
        return super().save(commit=commit)

    def _narrow(self) -> None:
        """Each select offers what fits the ones before it; what the work has already stays on offer when retired."""
        had = {name: as_id(getattr(self.initial.get(name), "pk", self.initial.get(name))) for name in CURRICULUM}
        parts = ("sector", *CURRICULUM)
        sent = (
            {name: self.data.get(self.add_prefix(name)) for name in parts} if self.is_bound else {**self.initial, **had}
        )
        chosen = Chosen.read(sent)
        for name in CURRICULUM:
            field = self.fields.get(name)
            if isinstance(field, CurriculumField):
                grouped = dict(Sector.choices) if name == "stage" and not chosen.sector else None
                field.narrow(OPTIONS[name](chosen, keep=had[name]), grouped=grouped)

    def _fill_shelf(self) -> None:
        """One shelf for the work and its children, so that all names come with one query."""
        forms_here: list[Uploading] = [self, *self.child_forms()]
        if self.is_bound:
            data: Any = self.data
            ids: list[Any] = [one for name in data if FILE_INPUT.search(name) for one in data.getlist(name)]
        else:
            ids = [one for form in forms_here for one in form.shown_ids()]
        shelf = Shelf(ids, user=self.for_user, work=self.instance)
        for form in forms_here:
            for field in form.file_fields():
                field.put_on(shelf)
