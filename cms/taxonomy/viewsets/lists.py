"""The list of one table of the curriculum."""

from typing import TYPE_CHECKING, Any

from wagtail.admin.views import generic

if TYPE_CHECKING:
    from django.db.models import QuerySet


class TermIndexView(generic.IndexView):
    """With the rows that its columns name, so that a list costs the same whatever its length."""

    def get_base_queryset(self) -> "QuerySet[Any]":
        rows = super().get_base_queryset()
        related = [field.name for field in self.model._meta.fields if field.many_to_one and field.name != "parent"]
        return rows.select_related(*related) if related else rows
