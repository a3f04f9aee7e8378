"""Form fields of the workbench: stored files by id, and parts of the curriculum."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property, keep_lazy_text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.library.enums import FileKind
from cms.library.models import RevisionFile, StoredFile, Work
from cms.library.widgets import CurriculumSelect, FilesWidget
from cms.people.models import User
from cms.taxonomy.models import Chapter
from cms.taxonomy.queries import as_id, in_tree_order, label


class Shelf:
    """The files that one form may hold: own uploads, and what the work's revisions name already. Read in one query.

    ids      every id that the form shows or was sent
    """

    def __init__(self, ids: Iterable[Any], *, user: User | None, work: Work | None) -> None:
        self._ids = {pk for pk in map(as_id, ids) if pk}
        self._user = user
        self._work = work

    @cached_property
    def _files(self) -> dict[int, StoredFile]:
        if not self._ids:
            return {}
        usable = Q(uploaded_by=self._user.pk) if self._user is not None else Q(pk__in=[])
        if self._work is not None and self._work.pk:
            usable |= Q(Exists(RevisionFile.objects.filter(work=self._work.pk, file=OuterRef("pk"))))
        return {stored.pk: stored for stored in StoredFile.objects.filter(usable, pk__in=self._ids)}

    def files(self, value: Any) -> list[StoredFile]:
        """The usable ones of these ids (or files), in their order, each once."""
        found = (self._files.get(pk_of(one) or 0) for one in as_list(value))
        return list(dict.fromkeys(stored for stored in found if stored is not None))


def as_list(value: Any) -> list[Any]:
    """One value, several, a query of several, or none."""
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str | int | StoredFile) else list(value)


def pk_of(value: Any) -> int | None:
    return value.pk if isinstance(value, StoredFile) else as_id(value)


class FilesField(forms.Field):
    """Stored files by id. Somebody else's ids count as unknown, so nobody learns that they exist.

    kind      when given, only files of this kind are taken
    """

    widget: Any = FilesWidget
    shelf: Shelf | None = None
    default_error_messages = {
        "unknown": gettext_lazy("有文件不存在或不是您上传的，请移除后重新上传。"),
        "kind": gettext_lazy("这里只能放%s文件。"),
    }

    def __init__(self, *, kind: str | None = None, multiple: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesWidget(kind=kind, multiple=multiple))
        super().__init__(required=False, **kwargs)
        self.kind = kind
        self.multiple = multiple

    def put_on(self, shelf: Shelf) -> None:
        """From now on files come from this shelf."""
        self.shelf = self.widget.shelf = shelf

    def clean(self, value: Any) -> Any:
        given = [one for one in as_list(value) if one != ""]
        found = self.shelf.files(given) if self.shelf is not None else []
        if len(found) != len({str(one) for one in given}):
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if self.kind and any(stored.kind != self.kind for stored in found):
            raise ValidationError(self.error_messages["kind"] % FileKind(self.kind).label, code="kind")
        if self.multiple:
            return found
        return found[-1] if found else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Also when only the order is another."""
        return [pk_of(one) for one in as_list(initial)] != [pk_of(one) for one in as_list(data)]


@keep_lazy_text
def _mismatch(part: Any, broader: Any) -> str:
    sentence = _("所选%(part)s与%(broader)s不一致，请重新选择。") if broader else _("请重新选择%(part)s。")
    return sentence % {"part": part, "broader": broader}


class CurriculumField(forms.ModelChoiceField):
    """One part of the curriculum line; the form gives it the rows that fit what stands before it."""

    def __init__(self, part: str, *, broader: Any = "", **kwargs: Any) -> None:
        super().__init__(
            queryset=None, required=False, empty_label=gettext_lazy("请选择"), widget=CurriculumSelect(part), **kwargs
        )
        self.part = part
        self.error_messages["invalid_choice"] = _mismatch(kwargs.get("label", part), broader)

    def label_from_instance(self, obj: Any) -> str:
        return label(obj)

    def narrow(self, rows: Any, *, grouped: Mapping[str, Any] | None = None) -> None:
        """Offer these rows: chapters as a tree; grouped by sector when the names of the groups are given."""
        self.queryset = rows
        if rows.model is Chapter:
            self.choices = [("", self.empty_label), *((row.pk, label(row)) for row in in_tree_order(list(rows)))]
        elif grouped is not None:
            groups: dict[str, list[tuple[int, str]]] = {}
            for row in rows:
                groups.setdefault(row.sector, []).append((row.pk, label(row)))
            self.choices = [("", self.empty_label), *((grouped[key], stages) for key, stages in groups.items())]
