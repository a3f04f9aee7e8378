"""Chapters and knowledge points in the admin, one level at a time: what stands under what, and adding just there."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views import generic

from cms.taxonomy.models import Chapter, KnowledgePoint, Stage, Textbook
from cms.taxonomy.queries import as_id
from cms.taxonomy.viewsets.lists import TermIndexView


def _here(request: HttpRequest, model: Any) -> tuple[Any, Any]:
    """The node under which this page stands, and the book it is about; None where none is (rightly) named."""
    parent = model._default_manager.filter(pk=as_id(request.GET.get("parent")) or 0).first()
    if model is not Chapter:
        return parent, None
    pk = parent.textbook_id if parent else as_id(request.GET.get("textbook")) or 0
    return parent, Textbook.objects.filter(pk=pk).first()


def _address(name: str, parent: Any, book: Any) -> str:
    query = {"parent": parent.pk} if parent else {"textbook": book.pk} if book else {}
    return reverse(name) + (f"?{urlencode(query)}" if query else "")


class TreeIndexView(TermIndexView):
    """What stands directly under one node (`?parent=`) or at the top of a book (`?textbook=`). A search is of all."""

    @cached_property
    def here(self) -> tuple[Any, Any]:
        return _here(self.request, self.model)

    def get_base_queryset(self) -> "QuerySet[Any]":
        rows = super().get_base_queryset().annotate(below=Count("children"))
        parent, book = self.here
        if parent is None and self.request.GET.get("q"):
            return rows
        rows = rows.filter(parent=parent)
        return rows.filter(textbook=book) if book is not None else rows

    def get_add_url(self) -> str | None:
        allowed = super().get_add_url()
        return _address(self.add_url_name, *self.here) if allowed else None

    @cached_property
    def columns(self) -> list[Any]:
        below = TitleColumn("below", label=_("下级"), accessor=_below, get_url=self.url_below)
        first, *others = super().columns
        return [first, below, *others]

    def url_below(self, node: Any) -> str:
        """One level down; where there is nothing yet, to the form that adds the first."""
        name = self.index_url_name if node.below else self.add_url_name
        return _address(name, node, None)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = super().get_breadcrumbs_items()
        parent, book = self.here
        path: list[dict[str, Any]] = []
        seen: set[int] = set()
        while parent is not None and parent.pk not in seen:  # a loop may have been left
            seen.add(parent.pk)
            path.insert(0, {"url": _address(self.index_url_name, parent, None), "label": str(parent)})
            parent = parent.parent
        if book is not None:
            path.insert(0, {"url": _address(self.index_url_name, None, book), "label": str(book)})
        if not path:
            return items
        items[-1] = {**items[-1], "url": reverse(self.index_url_name)}
        path[-1]["url"] = ""
        return [*items, *path]


def _below(node: Any) -> str:
    if not node.below:
        return gettext("添加下级")
    return ngettext("%d 个下级", "%d 个下级", node.below) % node.below


class SavedInTree:
    """Saved one after the other; then the page of the level on which the node stands."""

    index_url_name: str
    object: Any

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            # One at a time, from before the node is read: two moved at once could come to hang below each other.
            list(Stage.objects.order_by("pk").select_for_update(no_key=True).values_list("pk"))
            response: HttpResponseBase = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def get_success_url(self) -> str:
        node = self.object
        return _address(self.index_url_name, node.parent, getattr(node, "textbook", None))

    def form_valid(self, form: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = super().form_valid(form)  # type: ignore[misc]
        except IntegrityError:
            form.add_error(None, gettext("刚有人保存了同样的条目，请核对后再保存。"))
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            response = self.form_invalid(form)  # type: ignore[attr-defined]
        return response


class TreeCreateView(SavedInTree, generic.CreateView):
    """A new node, last among those of the place from which the form was opened."""

    def get_initial_form_instance(self) -> Chapter | KnowledgePoint:
        parent, book = _here(self.request, self.model)
        node = self.model(parent=parent)
        if isinstance(node, Chapter):
            node.textbook = book
        elif parent is not None:
            node.subject, node.stage = parent.subject, parent.stage
        beside = self.model._default_manager.filter(parent=parent, **({"textbook": book} if book else {}))
        node.order = (beside.aggregate(last=Max("order"))["last"] or 0) + 1
        return node

    def get_add_url(self) -> str:
        """Where the form is sent: the place goes with it."""
        return _address(self.add_url_name, *_here(self.request, self.model))


class TreeEditView(SavedInTree, generic.EditView):
    """Rename, renumber, move within its tree, retire."""
