"""Forms of what stands in a tree: a chapter in its textbook, a knowledge point under its subject."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from wagtail.admin.forms import WagtailAdminModelForm

from cms.taxonomy.models import Chapter, KnowledgePoint, Textbook
from cms.taxonomy.queries import in_tree_order, label

CHAPTER_LEVELS = 4
KNOWLEDGE_LEVELS = 12


class TreeForm(WagtailAdminModelForm):
    """One node. Its level follows from the one above, and so do the levels of all below when it is moved.

    shared   fields in which a node is the same as the one above it, and so as everything below it
    """

    most_levels: int
    shared: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above: Any = self.fields["parent"]
        above.queryset = self.possible_parents()
        above.empty_label = gettext("（最上一级）")
        above.error_messages["invalid_choice"] = gettext("不能放到这个条目下面，它的位置可能刚被改过，请重新选择上级。")
        above.choices = [
            ("", above.empty_label),
            *((node.pk, _indented(node)) for node in in_tree_order(above.queryset)),
        ]

    def possible_parents(self) -> "QuerySet[Any]":
        """Where the node may hang: in the same tree, and not below itself."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        parent = data.get("parent")
        self.instance.level = parent.level + 1 if parent else 1
        if self.instance.level + len(_below(self.instance)) > self.most_levels:
            raise ValidationError(gettext("最多 %d 级，请换一个上级。") % self.most_levels, code="too_deep")
        if parent:
            self._share_with(parent, data)
        return data

    def _share_with(self, parent: Any, data: dict[str, Any]) -> None:
        """What follows from the one above is not chosen too; a form that says both meant one of them."""
        for name in self.shared:
            if name in self.changed_data and data.get(name) != getattr(parent, name):
                label = self.fields[name].label
                self.add_error(name, gettext("%s跟上级一致：要么改它，要么换上级，请只改一样。") % label)
            data[name] = getattr(parent, name)

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        node = super().save(commit=commit)
        same = {name: getattr(node, name) for name in self.shared}
        for depth, rows in enumerate(_below(node), 1):
            type(node)._default_manager.filter(pk__in=rows).update(level=node.level + depth, **same)
        return node


def _below(node: Any) -> list[list[int]]:
    """Ids of everything below a node, one list for each level; each once, also where a loop was left."""
    found: list[list[int]] = []
    rows = [node.pk] if node.pk else []
    seen = set(rows)
    while rows:
        below = type(node)._default_manager.filter(parent__in=rows).values_list("pk", flat=True)
        rows = [pk for pk in below if pk not in seen]
        seen.update(rows)
        if rows:
            found.append(rows)
    return found


def _own(node: Any) -> list[int]:
    """The node and everything below it."""
    return [pk for rows in [[node.pk], *_below(node)] for pk in rows] if node.pk else []


def _indented(node: Any) -> str:
    return label(node) if isinstance(node, Chapter) else "　" * (node.level - 1) + f"{node.name}（{node.key}）"


class ChapterForm(TreeForm):
    """The book is chosen once: what is filed under a chapter is filed under its book too."""

    most_levels = CHAPTER_LEVELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book: Any = self.fields["textbook"]
        book.queryset = Textbook.objects.filter(retired=False)
        if self.instance.textbook_id:
            book.queryset = Textbook.objects.filter(pk=self.instance.textbook_id)
            book.empty_label = None
        book.label_from_instance = label

    def possible_parents(self) -> "QuerySet[Any]":
        if not self.instance.textbook_id:
            return Chapter.objects.none()
        return Chapter.objects.filter(textbook=self.instance.textbook_id).exclude(pk__in=_own(self.instance))


class KnowledgePointForm(TreeForm):
    """Below another point, subject and stage are those of the point above."""

    most_levels = KNOWLEDGE_LEVELS
    shared = ("subject", "stage")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("subject", "stage"):
            field: Any = self.fields[name]
            field.queryset = field.queryset.filter(retired=False) | field.queryset.filter(
                pk=getattr(self.instance, f"{name}_id")
            )
            if self.instance.parent_id:
                field.help_text = gettext("跟上级知识点一致。")
                field.disabled = True
                field.widget = forms.Select(attrs={**field.widget.attrs, "disabled": True}, choices=field.choices)

    def possible_parents(self) -> "QuerySet[Any]":
        above = self.instance.parent
        if not (above or self.instance.pk):
            return KnowledgePoint.objects.none()
        tree = {name: getattr(above or self.instance, name) for name in self.shared}
        return KnowledgePoint.objects.filter(**tree).exclude(pk__in=_own(self.instance))
