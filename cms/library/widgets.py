"""Widgets of the workbench: stored files chosen by uploading them, and the selects of the curriculum."""

from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cms.library.enums import FileKind
from cms.library.models import StoredFile

ACCEPT = {
    FileKind.VIDEO: "video/mp4,video/webm,.mp4,.webm",
    FileKind.IMAGE: "image/png,image/jpeg,image/webp,image/gif",
    FileKind.CAPTIONS: ".vtt,.srt",
}


class FilesWidget(forms.Widget):
    """A short list of files with one hidden input each, and a button that uploads in place (library-admin.js).

    `shelf` is set by the form: the files that the page shows, read together in one query.
    Rendered by hand, not by a template: a course of 60 lessons has 180 of them.
    """

    shelf: Any = None

    def __init__(self, *, kind: str | None = None, multiple: bool = True, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.kind = kind
        self.multiple = multiple

    class Media:
        js = [
            forms.Script("theme/library-admin.js", type="module"),
            forms.Script("theme/library-names.js", type="module"),
        ]
        css = {"all": ["theme/library-admin.css"]}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return data.getlist(name) if hasattr(data, "getlist") else list(data.get(name) or ())

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False  # no input at all is how "no file" is sent

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-upload" if id_ else ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        identity = (attrs or {}).get("id", f"id_{name}")
        shown = self.shelf.files(value) if self.shelf is not None and value else []
        return format_html(
            '<div class="gj-files" id="{id}" data-files data-name="{name}" data-url="{url}"{kind}{many}>'
            '<ul class="gj-files__list">{rows}</ul>'
            '<label class="gj-files__add button button-small button-secondary" for="{id}-upload"{hidden}>{word}</label>'
            '<input class="gj-files__input" type="file" id="{id}-upload" data-files-input accept="{accept}"{multiple}>'
            '<p class="gj-files__status" role="status"></p></div>',
            id=identity,
            name=name,
            url=reverse("library:upload"),
            kind=self._kind(),
            many=mark_safe(" data-multiple") if self.multiple else "",
            multiple=mark_safe(" multiple") if self.multiple else "",
            hidden=mark_safe(" hidden") if shown and not self.multiple else "",
            rows=format_html_join("", "{}", ((self.row(name, stored),) for stored in shown)),
            word=_("上传文件") if self.multiple else _("上传"),
            accept=ACCEPT.get(FileKind(self.kind), "") if self.kind else "",
        )

    def _kind(self) -> str:
        if not self.kind:
            return ""
        return format_html(' data-kind="{}" data-kind-label="{}"', self.kind, FileKind(self.kind).label)

    def row(self, name: str, stored: StoredFile) -> str:
        """One file of the list; library-admin.js makes the same of a new upload."""
        return format_html(
            '<li class="gj-files__row"><a href="/files/{uuid}/" target="_blank">{file}</a> <span>{size}</span>{moves}'
            '<button type="button" data-files-remove aria-label="{remove}">×</button>'
            '<input type="hidden" name="{name}" value="{pk}"></li>',
            uuid=stored.uuid,
            file=stored.name,
            size=filesizeformat(stored.size),
            remove=_("移除 %s") % stored.name,
            name=name,
            pk=stored.pk,
            moves=self._moves(stored) if self.multiple else "",
        )

    def _moves(self, stored: StoredFile) -> SafeString:
        """Buttons, not dragging: they work by keyboard and by touch alike."""
        ways = ((-1, _("上移 %s"), "↑"), (1, _("下移 %s"), "↓"))
        return format_html_join(
            "",
            '<button type="button" data-files-move="{}" aria-label="{}">{}</button>',
            ((by, label % stored.name, sign) for by, label, sign in ways),
        )


class CurriculumSelect(forms.Select):
    """A select that narrows the ones after it (library-curriculum.js asks /taxonomy/options/)."""

    class Media:
        js = [forms.Script("theme/library-curriculum.js", type="module")]

    def __init__(self, part: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.part = part

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].update({"data-curriculum": self.part, "data-url": reverse("taxonomy:options")})
        return context
